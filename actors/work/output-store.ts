import { describe } from '../../runtime/errors.js';
import type { AppendFile, FilePort } from '../../runtime/file-port.js';

/** What waits for the disk before the sender is asked to wait. */
const WAITING_BYTES = 1_048_576;

/** Where one sender puts what it gets. */
export interface OutputSink {
  /** The byte of the output that is wanted next. */
  readonly nextOffset: number;
  /** Takes the bytes that start there. False: taken, but wait for `room`. */
  append(bytes: Uint8Array): boolean;
  /** Settles when all that was taken is stored, or given up. */
  flushed(): Promise<void>;
}

export interface SinkEvents {
  /** There is room again after `append` returned false. */
  room(): void;
  /** The disk refused bytes. The sink takes no more; another has to be begun. */
  failed(text: string): void;
}

/**
 * The output of a unit that runs on another node, on its way to the file here. It has one sink at a time: a new one
 * makes the old one idle, and begins behind what is stored. So no byte is stored twice, and none is left out.
 */
export class OutputStore {
  readonly #files: FilePort;
  readonly #path: string;
  readonly #onStored: (size: number) => void;
  #file: AppendFile | undefined;
  #writer: SinkWriter | undefined;
  #storedSize = 0;

  /** `onStored` hears how many bytes are stored. */
  constructor(files: FilePort, path: string, onStored: (size: number) => void) {
    this.#files = files;
    this.#path = path;
    this.#onStored = onStored;
  }

  /** Bytes on the disk; 0 before it was opened. */
  get storedSize(): number {
    return this.#storedSize;
  }

  /** Opens the file and looks how much is stored. Part of what failed may be on the disk all the same. */
  async open(): Promise<number> {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.retire();
    await writer?.flushed();
    this.#file ??= await this.#files.openAppend(this.#path);
    this.#storedSize = this.#file.size;
    this.#onStored(this.#storedSize);
    return this.#storedSize;
  }

  /** A sink for one sender. */
  async begin(events: SinkEvents): Promise<OutputSink> {
    await this.open();
    const file = this.#file;
    const writer = new SinkWriter(this.#storedSize, {
      write: async (bytes) => {
        await file?.append(bytes);
        this.#storedSize += bytes.length;
        this.#onStored(this.#storedSize);
      },
      room: events.room,
      failed: async (error) => {
        await this.#closeFile();
        events.failed(describe(error));
      },
    });
    this.#writer = writer;
    return writer;
  }

  /** Takes no more; settles when the file is closed. */
  async close(): Promise<void> {
    this.#writer?.retire();
    await this.#writer?.flushed();
    await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // What could be written is written; a file that cannot be closed is closed with the process.
    await Promise.allSettled([file?.close()]);
  }
}

interface WriterActs {
  write(bytes: Uint8Array): Promise<void>;
  room(): void;
  failed(error: unknown): Promise<void>;
}

/** One sink: gathers what comes while the disk is busy, and writes it in one piece. */
class SinkWriter implements OutputSink {
  readonly #acts: WriterActs;
  #waiting: Uint8Array[] = [];
  #backlogBytes = 0;
  #nextOffset: number;
  #state: 'idle' | 'writing' | 'retired' = 'idle';
  #flow: 'open' | 'held' = 'open';
  #work: Promise<void> = Promise.resolve();

  constructor(offset: number, acts: WriterActs) {
    this.#nextOffset = offset;
    this.#acts = acts;
  }

  get nextOffset(): number {
    return this.#nextOffset;
  }

  append(bytes: Uint8Array): boolean {
    if (this.#state === 'retired' || bytes.length === 0) {
      return true;
    }
    this.#waiting.push(bytes);
    this.#backlogBytes += bytes.length;
    this.#nextOffset += bytes.length;
    if (this.#state === 'idle') {
      this.#state = 'writing';
      this.#work = this.#writeAll();
    }
    if (this.#backlogBytes >= WAITING_BYTES) {
      this.#flow = 'held';
    }
    return this.#flow === 'open';
  }

  flushed(): Promise<void> {
    return this.#work;
  }

  /** Takes no more; what it has taken is still stored. */
  retire(): void {
    this.#state = 'retired';
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const bytes = joined(this.#waiting);
        this.#waiting = [];
        await this.#acts.write(bytes);
        this.#backlogBytes -= bytes.length;
        this.#giveRoom();
      }
      this.#state = this.#state === 'writing' ? 'idle' : this.#state;
    } catch (error) {
      this.#waiting = [];
      this.#state = 'retired';
      await this.#acts.failed(error);
    }
  }

  #giveRoom(): void {
    if (this.#flow === 'held' && this.#backlogBytes < WAITING_BYTES / 2) {
      this.#flow = 'open';
      this.#acts.room();
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) {
    return first;
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
