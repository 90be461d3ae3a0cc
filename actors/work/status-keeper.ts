import { encodeStatusFile, type UnitStatus } from '../../protocol/work/status.js';
import type { FilePort } from '../../runtime/file-port.js';

/**
 * Writes one unit's status file, one write after the other. A status that is overtaken by a newer one before its turn
 * is not written: the newer one says more.
 */
export class StatusKeeper {
  readonly #files: FilePort;
  readonly #path: string;
  #wanted: UnitStatus | undefined;
  #work: Promise<void> | undefined;

  constructor(files: FilePort, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** Settles when this status, or a newer one, is on the disk; rejects with the `FileError` of the last write. */
  keep(status: UnitStatus): Promise<void> {
    this.#wanted = status;
    this.#work ??= this.#writeAll();
    return this.#work;
  }

  /** Settles when nothing is being written; never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#work]);
  }

  async #writeAll(): Promise<void> {
    try {
      for (let status = this.#next(); status !== undefined; status = this.#next()) {
        await this.#write(status);
      }
    } finally {
      this.#work = undefined;
    }
  }

  #next(): UnitStatus | undefined {
    const status = this.#wanted;
    this.#wanted = undefined;
    return status;
  }

  /** A fault counts only when there is nothing newer to write: the disk may have room again. */
  async #write(status: UnitStatus): Promise<void> {
    try {
      await this.#files.replace(this.#path, encodeStatusFile(status));
    } catch (error) {
      if (this.#wanted === undefined) {
        throw error;
      }
    }
  }
}
