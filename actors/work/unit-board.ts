import type { UnitId } from '../../protocol/names.js';
import type { UnitStatus } from '../../protocol/work/status.js';

/** Called at each change of a unit; `undefined` when it is gone. */
export type UnitHearer = (status: UnitStatus | undefined) => void;

/**
 * What is known of each unit now. A unit's page is written by its own actor, and by the manager where it has none; all
 * others read. Output grows beside the machines, so this is a live map and no message (decision 19). A finished unit
 * costs its status and nothing else.
 */
export class UnitBoard {
  readonly #units = new Map<UnitId, UnitStatus>();
  readonly #hearers = new Map<UnitId, Set<UnitHearer>>();

  get size(): number {
    return this.#units.size;
  }

  get(unitId: UnitId): UnitStatus | undefined {
    return this.#units.get(unitId);
  }

  /** A copy: it does not change any more. */
  all(): ReadonlyMap<UnitId, UnitStatus> {
    return new Map(this.#units);
  }

  put(unitId: UnitId, status: UnitStatus): void {
    this.#units.set(unitId, status);
    this.#tell(unitId, status);
  }

  /** The output has this many bytes now. */
  grew(unitId: UnitId, stdoutSize: number): void {
    const status = this.#units.get(unitId);
    if (status !== undefined && stdoutSize > status.stdoutSize) {
      this.put(unitId, { ...status, stdoutSize });
    }
  }

  /** More of the output is stored here, even if its size was known before. */
  stored(unitId: UnitId, storedSize: number): void {
    const status = this.#units.get(unitId);
    if (status !== undefined) {
      this.put(unitId, { ...status, stdoutSize: Math.max(status.stdoutSize, storedSize) });
    }
  }

  /** The unit is gone. Who heard of it hears this last. */
  drop(unitId: UnitId): void {
    this.#units.delete(unitId);
    this.#tell(unitId, undefined);
    this.#hearers.delete(unitId);
  }

  /** Hears of a unit from now on; returns what ends it. */
  hear(unitId: UnitId, hearer: UnitHearer): () => void {
    const hearers = this.#hearers.get(unitId) ?? new Set();
    this.#hearers.set(unitId, hearers);
    hearers.add(hearer);
    return () => {
      if (hearers.delete(hearer) && hearers.size === 0 && this.#hearers.get(unitId) === hearers) {
        this.#hearers.delete(unitId);
      }
    };
  }

  /** Units that somebody hears of: for the question what was left behind. */
  get heard(): number {
    return this.#hearers.size;
  }

  #tell(unitId: UnitId, status: UnitStatus | undefined): void {
    const hearers = this.#hearers.get(unitId);
    if (hearers !== undefined) {
      for (const hearer of Array.from(hearers)) {
        hearer(status);
      }
    }
  }
}
