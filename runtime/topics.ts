import type { Topic } from './message.js';

type Hearer = (payload: unknown) => void;

/** Who hears which subject. Hearers are called in the order of their coming. */
export class TopicTable {
  readonly #hearers = new Map<string, Set<Hearer>>();

  /** Hears from now on; returns what ends it, which may be called more than once. */
  hear(topic: Topic<unknown>, hearer: Hearer): () => void {
    const hearers = this.#hearers.get(topic.name) ?? new Set();
    this.#hearers.set(topic.name, hearers);
    // A function of its own, so that the same hearer may come twice.
    const own: Hearer = (payload) => hearer(payload);
    hearers.add(own);
    return () => {
      // Only the set's own last hearer removes it: a later set of the same name belongs to others.
      if (hearers.delete(own) && hearers.size === 0) {
        this.#hearers.delete(topic.name);
      }
    };
  }

  /**
   * Hands the payload to each who hears it now; `onFault` hears of one that threw.
   * Who comes during the call hears from the next payload on; who leaves during it hears nothing more.
   */
  publish(topic: Topic<unknown>, payload: unknown, onFault: (thrown: unknown) => void): void {
    const hearers = this.#hearers.get(topic.name);
    if (hearers === undefined) {
      return;
    }
    for (const hearer of Array.from(hearers)) {
      if (hearers.has(hearer)) {
        hand(hearer, payload, onFault);
      }
    }
  }

  /** Subjects with at least one hearer. */
  get size(): number {
    return this.#hearers.size;
  }

  /** Hearers of all subjects: for the question whether somebody was left behind. */
  get hearers(): number {
    return Array.from(this.#hearers.values()).reduce((sum, hearers) => sum + hearers.size, 0);
  }
}

function hand(hearer: Hearer, payload: unknown, onFault: (thrown: unknown) => void): void {
  try {
    hearer(payload);
  } catch (thrown) {
    onFault(thrown);
  }
}
