// Reads a follow stream as it arrives, in chunks of any size. Output is passed on at once and never gathered; only an
// unfinished header is held, at most 64 KiB.
import { LineCutter } from '../control/lines.js';
import { type Decoded, decoded, type Fault, faulty } from '../decoded.js';
import { FieldCursor, fieldNames, matchField } from '../json/fields.js';
import { encodeText } from '../text.js';
import { FOLLOW_BLOCK_BYTES_MAX, FOLLOW_HEADER_BYTES_MAX } from './follow.js';
import { readStatus, type UnitStatus } from './status.js';

export type FollowEvent =
  | { readonly type: 'status'; readonly status: UnitStatus }
  /** A piece of output; `bytes` is a view of the chunk that was pushed. */
  | { readonly type: 'output'; readonly offset: number; readonly bytes: Uint8Array }
  /** `size` is the size of the whole output: less than that received means that some was lost on the way. */
  | { readonly type: 'end'; readonly status: UnitStatus; readonly size: number };

const FIELDS = fieldNames('Status', 'Offset', 'Length', 'End', 'Size');

/** A stateful thing with one owner, the follower. After a fault it takes nothing more. */
export class FollowReader {
  fault: Fault | undefined;
  readonly #headers = new LineCutter(FOLLOW_HEADER_BYTES_MAX);
  #position: number;
  #blockLeft = 0;
  #ended = false;

  /** `position` is the byte of the output that was asked for first. */
  constructor(position: number) {
    this.#position = position;
  }

  /** Has the unit's end been told? What comes then belongs to the next command. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The byte of the output that comes next; where to ask on after a lost connection. */
  get position(): number {
    return this.#position;
  }

  /** Takes a chunk and tells what it brings. Answers how many of its bytes belong to the stream. */
  push(chunk: Uint8Array, onEvent: (event: FollowEvent) => void): number {
    let at = 0;
    while (at < chunk.length && !this.#ended && this.fault === undefined) {
      at = this.#blockLeft > 0 ? this.#takeOutput(chunk, at, onEvent) : this.#takeHeader(chunk, at, onEvent);
    }
    return at;
  }

  #takeOutput(chunk: Uint8Array, at: number, onEvent: (event: FollowEvent) => void): number {
    const bytes = chunk.subarray(at, at + this.#blockLeft);
    const offset = this.#position;
    this.#blockLeft -= bytes.length;
    this.#position += bytes.length;
    onEvent({ type: 'output', offset, bytes });
    return at + bytes.length;
  }

  #takeHeader(chunk: Uint8Array, at: number, onEvent: (event: FollowEvent) => void): number {
    const step = this.#headers.take(chunk, at);
    if (step.type === 'more') return chunk.length;
    if (step.type === 'too-long') {
      this.fault = faulty('line-too-long', at, 'a header of the follow stream does not end').fault;
      return chunk.length;
    }
    const header = readHeader(step.line);
    if (!header.ok) this.fault = header.fault;
    else this.#act(header.value, onEvent);
    return step.next;
  }

  #act(header: FollowHeader, onEvent: (event: FollowEvent) => void): void {
    if (header.type !== 'block') {
      this.#ended = header.type === 'end';
      onEvent(header);
    } else if (header.offset !== this.#position) {
      this.fault = faulty('follow-offset', 0, `output at ${header.offset}, expected ${this.#position}`).fault;
    } else this.#blockLeft = header.length;
  }
}

type FollowHeader =
  | Exclude<FollowEvent, { type: 'output' }>
  | { readonly type: 'block'; readonly offset: number; readonly length: number };

function readHeader(line: Uint8Array): Decoded<FollowHeader> {
  const fields = new FieldCursor(line, FOLLOW_HEADER_BYTES_MAX);
  let statusJson = '';
  const numbers = { Offset: -1, Length: 0, Size: -1 };
  let ends = false;
  while (fields.next()) {
    const field = matchField(FIELDS, fields.name);
    if (field === 'Status') statusJson = fields.raw();
    else if (field === 'End') ends = fields.boolean(ends);
    else if (field !== undefined) numbers[field] = fields.int(numbers[field]);
  }
  if (fields.fault !== undefined) return { ok: false, fault: fields.fault };
  if (statusJson === '') return blockHeader(numbers.Offset, numbers.Length);
  const status = readStatus(new FieldCursor(encodeText(statusJson)));
  if (!status.ok) return status;
  if (!ends) return decoded({ type: 'status', status: status.value });
  if (numbers.Size < 0) return faulty('follow-header', 0, 'the end does not tell the size');
  return decoded({ type: 'end', status: status.value, size: numbers.Size });
}

function blockHeader(offset: number, length: number): Decoded<FollowHeader> {
  if (offset < 0 || length < 1 || length > FOLLOW_BLOCK_BYTES_MAX) return faulty('follow-header', 0);
  return decoded({ type: 'block', offset, length });
}
