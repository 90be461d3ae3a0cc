import { unknownUnitText } from '../../protocol/control/work-reply.js';
import type { UnitId } from '../../protocol/names.js';
import { REMOTE_WORK_TYPE } from '../../protocol/work/extra-data.js';
import { isFinal } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import { describe } from '../../runtime/errors.js';
import { FileError, type FilePort, type ReadFile } from '../../runtime/file-port.js';
import type { OutputReader } from '../control/work-desk.js';
import type { UnitBoard } from './unit-board.js';

/** Bytes that are read and handed over at a time. */
const CHUNK_BYTES = 65_536;

export interface FollowerParts {
  readonly board: UnitBoard;
  readonly files: FilePort;
  readonly unitId: UnitId;
  /** The unit's output. */
  readonly path: string;
}

/**
 * Hands a unit's output to one reader, from any byte on, while the unit is at work and until nothing more can come. It
 * reads as fast as the reader takes it, then sleeps until there is news of the unit; nothing is polled.
 */
export class OutputFollower {
  readonly #parts: FollowerParts;
  readonly #reader: OutputReader;
  readonly #stopHearing: () => void;
  #position: number;
  #told: UnitStatus | undefined;
  #state: 'following' | 'over' = 'following';
  /** News that came since it was last looked for. */
  #news: 'none' | 'some' = 'none';
  /** Ends the sleep. */
  #wake: (() => void) | undefined;
  /** Ends the wait for a reader. */
  #abandon: () => void = () => undefined;
  #scratch = new Uint8Array(CHUNK_BYTES);
  /** Where the last byte that was read ends. */
  #readEnd = 0;

  constructor(parts: FollowerParts, position: number, reader: OutputReader) {
    this.#parts = parts;
    this.#reader = reader;
    this.#position = position;
    this.#stopHearing = parts.board.hear(parts.unitId, () => this.#note());
  }

  /** Settles when it is over, for whatever reason; never rejects. */
  async run(): Promise<void> {
    let file: ReadFile | undefined;
    try {
      while (this.#state === 'following') {
        file ??= await this.#open();
        await this.#handOver(file);
      }
    } catch (error) {
      this.fail(describe(error));
    } finally {
      this.stop();
      await Promise.allSettled([file?.close()]);
    }
  }

  /** The reader hears nothing more. */
  stop(): void {
    this.#state = 'over';
    this.#stopHearing();
    this.#abandon();
    this.#note();
  }

  /** The reader hears this last. */
  fail(text: string): void {
    this.#finish(() => this.#reader.failed(text));
  }

  /** One round: everything that is there, then the end or a sleep. The status is looked at first: it says less then. */
  async #handOver(file: ReadFile | undefined): Promise<void> {
    this.#news = 'none';
    const status = this.#parts.board.get(this.#parts.unitId);
    if (status === undefined) {
      this.fail(unknownUnitText(this.#parts.unitId));
      return;
    }
    this.#tellStatus(status);
    await this.#read(file, status);
    if (this.#isAll(status)) {
      this.#finish(() => this.#reader.end(status, Math.max(status.stdoutSize, this.#readEnd)));
      return;
    }
    await this.#sleep();
  }

  /**
   * Reads what is there. While the unit is at work a short piece is the last of the round: a command that writes without
   * end would otherwise be read line by line.
   */
  async #read(file: ReadFile | undefined, { state }: UnitStatus): Promise<void> {
    let count = CHUNK_BYTES;
    while (file !== undefined && (isFinal(state) || count === CHUNK_BYTES)) {
      count = await file.readAt(this.#position, this.#scratch);
      if (count === 0 || this.#state !== 'following') {
        return;
      }
      const offset = this.#position;
      this.#position += count;
      this.#readEnd = this.#position;
      await this.#untilStopped(this.#reader.bytes(offset, this.#taken(count)));
    }
  }

  /** The reader may keep what it is given. A large piece is given as it is, a small one does not hold 64 KiB. */
  #taken(count: number): Uint8Array {
    const scratch = this.#scratch;
    if (count * 2 < CHUNK_BYTES) {
      return scratch.slice(0, count);
    }
    this.#scratch = new Uint8Array(CHUNK_BYTES);
    return scratch.subarray(0, count);
  }

  /** A reader that is gone may never answer. */
  #untilStopped(answer: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#abandon = resolve;
      answer.then(resolve, reject);
    });
  }

  /** A command's output is all there when it has ended; that of another node may still be on its way. */
  #isAll({ state, stdoutSize, workType }: UnitStatus): boolean {
    return isFinal(state) && (workType !== REMOTE_WORK_TYPE || this.#position >= stdoutSize);
  }

  /** Only what people look at: the size is told by the bytes. */
  #tellStatus(status: UnitStatus): void {
    const told = this.#told;
    if (told === undefined || told.state !== status.state || told.detail !== status.detail) {
      this.#told = status;
      this.#reader.status(status);
    }
  }

  /** Undefined while there is no output yet. */
  async #open(): Promise<ReadFile | undefined> {
    try {
      return await this.#parts.files.openRead(this.#parts.path);
    } catch (error) {
      if (error instanceof FileError && error.code === 'not-found') {
        return undefined;
      }
      throw error;
    }
  }

  #sleep(): Promise<void> {
    if (this.#news === 'some' || this.#state === 'over') {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #note(): void {
    this.#news = 'some';
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #finish(tell: () => void): void {
    if (this.#state === 'following') {
      this.stop();
      tell();
    }
  }
}
