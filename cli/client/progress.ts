import type { Clock } from '../../runtime/clock.js';
import type { ByteOutput } from './host.js';

/** Short transfers need no picture. */
const FIRST_AFTER_MS = 1_000;
const EVERY_MS = 200;
const MS_PER_SECOND = 1_000;

/** Goes back to the start of the line and clears it (ECMA-48: CR, EL). */
const REWIND = '\r\u001b[K';

export interface ProgressOptions {
  readonly clock: Clock;
  readonly output: ByteOutput;
  /** What is being done: `Sending`, `Receiving`. */
  readonly verb: string;
  /** Bytes in all, where that is known. */
  readonly total?: number | undefined;
}

/** One line that tells how far a transfer is, on a terminal; nothing anywhere else. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startedMs: number;
  #total: number | undefined;
  #bytes = 0;
  #shownMs: number | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#total = options.total;
    this.#startedMs = options.clock.monotonicMs();
  }

  /** More is known of the size of it all. */
  expect(total: number): void {
    this.#total = total;
  }

  async add(bytes: number): Promise<void> {
    this.#bytes += bytes;
    const { clock, output } = this.#options;
    const nowMs = clock.monotonicMs();
    const isDue =
      this.#shownMs === undefined ? nowMs - this.#startedMs >= FIRST_AFTER_MS : nowMs - this.#shownMs >= EVERY_MS;
    if (output.isTerminal && isDue) {
      this.#shownMs = nowMs;
      await output.write(`${REWIND}${this.#text(nowMs - this.#startedMs)}`);
    }
  }

  /** Clears the line. */
  async end(): Promise<void> {
    if (this.#shownMs !== undefined) {
      this.#shownMs = undefined;
      await this.#options.output.write(REWIND);
    }
  }

  #text(elapsedMs: number): string {
    const rate = (this.#bytes / Math.max(1, elapsedMs)) * MS_PER_SECOND;
    const total = this.#total;
    const parts = [`${this.#options.verb} ${showBytes(this.#bytes)}`];
    if (total !== undefined && total >= this.#bytes && total > 0) {
      const leftSeconds = (total - this.#bytes) / Math.max(1, rate);
      parts.push(`of ${showBytes(total)} (${Math.floor((100 * this.#bytes) / total)} %)`);
      parts.push(`${showBytes(rate)}/s, ${showSeconds(leftSeconds)} left`);
    } else {
      parts.push(`${showBytes(rate)}/s`);
    }
    return parts.join('  ').slice(0, Math.max(1, this.#options.output.columns - 1));
  }
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const THOUSAND = 1_000;

/** `999 B`, `1.2 kB`, `52.4 MB`: powers of a thousand. */
export function showBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= THOUSAND && unit < UNITS.length - 1) {
    value /= THOUSAND;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** `0:09`, `12:34`, `1:02:03`. */
export function showSeconds(seconds: number): string {
  const whole = Math.min(Math.round(seconds), 359_999);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${hours > 0 ? `${minutes}`.padStart(2, '0') : minutes}:${`${rest}`.padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
