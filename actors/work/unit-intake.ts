import { codeOf, describe } from '../../runtime/errors.js';
import type { AppendFile } from '../../runtime/file-port.js';
import { MeshError } from '../errors.js';

/**
 * The open end of a unit's standard input: bytes from a client, straight to the disk. It belongs to the unit's actor,
 * which closes it as soon as the unit waits for input no more.
 */
export class UnitIntake {
  readonly #file: AppendFile;
  readonly #broken: (text: string) => void;
  #state: 'open' | 'closed' = 'open';

  /** `broken` hears that the disk has refused bytes. */
  constructor(file: AppendFile, broken: (text: string) => void) {
    this.#file = file;
    this.#broken = broken;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#file.size;
  }

  /** Settles when they are stored; rejects with a `MeshError`. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#state === 'closed') {
      throw new MeshError('unit-gone', 'the unit takes no more input');
    }
    await this.#stored(this.#file.append(bytes));
  }

  /** Takes no more; rejects with a `MeshError`. Safe to call more than once. */
  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closed';
      await this.#stored(this.#file.close());
    }
  }

  /** Some disks tell only at the close that they have no room. */
  async #stored(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      const text = describe(error);
      this.#broken(text);
      throw new MeshError('storage-failed', text, { code: codeOf(error) }, error);
    }
  }
}
