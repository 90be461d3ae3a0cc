import type { InspectionHub, InspectionRecord, RecordKind } from './inspection.js';

/** Subjects that are counted by name, per kind; a peer that invents names must not fill the memory. */
const SUBJECTS_MAX = 512;

/** Where the rest is counted. */
export const OTHER_SUBJECTS = '(other)';

export interface MetricCount {
  readonly kind: RecordKind;
  /** A message type, a failure's code, a topic, a verdict. */
  readonly subject: string;
  readonly count: number;
}

/**
 * Counters made from the hub's stream: how often each subject of each kind was told. So failures are counted by code,
 * dead letters by message type, and supervision by verdict. It reads the news only: it does not make the node watched.
 */
export class Metrics {
  readonly #counts = new Map<RecordKind, Map<string, number>>();
  readonly #detach: () => void;

  constructor(hub: InspectionHub) {
    this.#detach = hub.read('news', (record) => this.#count(record));
  }

  /** Counts no more. */
  end(): void {
    this.#detach();
  }

  /** All counters, by kind, then in the order of their first appearance. */
  counts(): readonly MetricCount[] {
    return Array.from(this.#counts).flatMap(([kind, subjects]) =>
      Array.from(subjects, ([subject, count]) => ({ kind, subject, count })),
    );
  }

  /** How often this was told: one subject, or all of a kind. */
  total(kind: RecordKind, subject?: string): number {
    const subjects = this.#counts.get(kind);
    if (subject !== undefined) {
      return subjects?.get(subject) ?? 0;
    }
    return Array.from(subjects?.values() ?? []).reduce((sum, count) => sum + count, 0);
  }

  #count({ kind, subject }: InspectionRecord): void {
    let subjects = this.#counts.get(kind);
    if (subjects === undefined) {
      subjects = new Map();
      this.#counts.set(kind, subjects);
    }
    const known = subjects.get(subject);
    const name = known === undefined && subjects.size >= SUBJECTS_MAX ? OTHER_SUBJECTS : subject;
    subjects.set(name, (subjects.get(name) ?? 0) + 1);
  }
}
