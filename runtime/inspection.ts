import type { Address } from './address.js';
import { describe, type Failure } from './errors.js';

/** One thing that happened, as every reader sees it: logger, counters, traces, inspector, a failing test. */
export interface InspectionRecord {
  /** Monotonic milliseconds of the node's clock. */
  readonly atMs: number;
  readonly address: Address;
  readonly kind: RecordKind;
  /** What it is about: a message type, an effect's name, a topic, a state. */
  readonly subject: string;
  /** Redacted plain data. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * - `topic`, `failure`, `dead-letter`, `unhandled`, `supervision`: always recorded.
 * - `message` (one actor sends, asks or answers), `step`, `effect`: built only while somebody listens for them.
 */
export type RecordKind =
  | 'topic'
  | 'failure'
  | 'dead-letter'
  | 'unhandled'
  | 'supervision'
  | 'message'
  | 'step'
  | 'effect';

export type RecordReader = (record: InspectionRecord) => void;

/** Which readers hear the dear kinds as well. */
export type ReaderDepth = 'news' | 'everything';

/**
 * The one stream of records. With no reader of depth `everything`, steps and effects cost nothing: nobody builds them.
 * A reader that throws is removed and its fault is told to the others: a broken watcher must not break the node.
 */
export class InspectionHub {
  readonly #news = new Set<RecordReader>();
  readonly #everything = new Set<RecordReader>();

  /** True when steps, messages and effects are worth building. */
  get isWatched(): boolean {
    return this.#everything.size > 0;
  }

  /** Readers that are attached now. */
  get readers(): number {
    return this.#news.size + this.#everything.size;
  }

  /** Attaches a reader; returns what detaches it, which may be called more than once. */
  read(depth: ReaderDepth, reader: RecordReader): () => void {
    const readers = depth === 'news' ? this.#news : this.#everything;
    // A function of its own, so that the same reader may come twice.
    const own: RecordReader = (record) => reader(record);
    readers.add(own);
    return () => {
      readers.delete(own);
    };
  }

  /** For `topic`, `failure`, `dead-letter`, `unhandled`, `supervision`. */
  tell(record: InspectionRecord): void {
    this.#hand(this.#news, record);
    this.#hand(this.#everything, record);
  }

  /** For `message`, `step`, `effect`; call only when `isWatched`. */
  show(record: InspectionRecord): void {
    this.#hand(this.#everything, record);
  }

  #hand(readers: Set<RecordReader>, record: InspectionRecord): void {
    for (const reader of readers) {
      try {
        reader(record);
      } catch (thrown) {
        readers.delete(reader);
        const detail = { text: describe(thrown), record: record.kind };
        this.tell({ ...record, kind: 'failure', subject: 'reader-removed', detail });
      }
    }
  }
}

/** The detail of a `failure` record. */
export function failureDetail(failure: Failure): Readonly<Record<string, unknown>> {
  return { code: failure.code, text: failure.text, causes: failure.causes, stack: failure.stack };
}
