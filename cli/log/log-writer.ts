import type { Clock } from '../../runtime/clock.js';
import { localTime } from '../../runtime/io/local-time.js';
import { isWritten, type LogLevel } from './level.js';
import { formatLine, type LogLine } from './line.js';

/** What a log is written to; `process.stdout` is one. */
export interface TextOutput {
  /** Characters that nobody has taken yet. */
  readonly writableLength: number;
  write(text: string): unknown;
  on(event: 'error', heard: (error: Error) => void): unknown;
}

/** Bytes of log that may wait for a reader that has stopped reading; about ten thousand lines. */
const WAITING_BYTES_MAX = 1_048_576;

/** Lines in a second. More are of no use to a reader, and a neighbour must not keep us busy with writing. */
const LINES_PER_SECOND_MAX = 2_000;
const SECOND_MS = 1_000;

export interface LogOptions {
  readonly output: TextOutput;
  readonly clock: Clock;
  readonly threshold: LogLevel;
}

/**
 * The log of the daemon. Writing never waits: if standard output is not read, or too much happens, lines are dropped,
 * and how many is the first thing that is written when there is room again. If standard output is gone, the node goes
 * on without a log.
 */
export class LogWriter {
  readonly #output: TextOutput;
  readonly #clock: Clock;
  readonly #threshold: LogLevel;
  #state: 'open' | 'broken' = 'open';
  #dropped = 0;
  #secondStartedMs = Number.NEGATIVE_INFINITY;
  #linesInSecond = 0;

  constructor({ output, clock, threshold }: LogOptions) {
    this.#output = output;
    this.#clock = clock;
    this.#threshold = threshold;
    output.on('error', () => {
      this.#state = 'broken';
    });
  }

  /** Lines that were dropped and are not told of yet. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Would a line of this level be written? For lines that are dear to make. */
  writes(level: LogLevel): boolean {
    return this.#state === 'open' && isWritten(level, this.#threshold);
  }

  write(line: LogLine): void {
    if (!this.writes(line.level)) {
      return;
    }
    if (!this.#hasRoom()) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) {
      const text = `${this.#dropped} log lines were dropped: too many at once, or nobody reads standard output`;
      this.#dropped = 0;
      this.#put({ level: 'warning', text });
    }
    this.#put(line);
  }

  #put(line: LogLine): void {
    this.#output.write(formatLine(line, localTime(this.#clock.wallMs())));
  }

  #hasRoom(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#secondStartedMs >= SECOND_MS) {
      this.#secondStartedMs = nowMs;
      this.#linesInSecond = 0;
    }
    this.#linesInSecond += 1;
    return this.#linesInSecond <= LINES_PER_SECOND_MAX && this.#output.writableLength < WAITING_BYTES_MAX;
  }
}
