import type { WasmMemory } from './web-assembly.js';

/** What `native/src/abi.rs` exports. The conventions stand there; ids and counts are whole numbers below 2^31. */
export interface EngineExports {
  readonly memory: WasmMemory;
  abi_version(): number;
  input_area(): number;
  input_capacity(): number;
  output_area(): number;
  output_capacity(): number;
  numbers_area(): number;
  endpoint_new(length: number): number;
  endpoint_free(endpoint: number): number;
  endpoint_counts(endpoint: number): number;
  endpoint_connect(endpoint: number, now: number, peer: number): number;
  endpoint_receive(endpoint: number, now: number, peer: number, length: number): number;
  connection_free(endpoint: number, connection: number): number;
  connection_poll(endpoint: number, connection: number): number;
  connection_loss_text(endpoint: number, connection: number): number;
  connection_timeout(endpoint: number, connection: number): number;
  connection_handle_timeout(endpoint: number, connection: number, now: number): number;
  connection_transmit(
    endpoint: number,
    connection: number,
    now: number,
    headroom: number,
    capacity: number,
    most: number,
  ): number;
  connection_approve(endpoint: number, connection: number): number;
  connection_close(endpoint: number, connection: number, now: number, code: number, length: number): number;
  connection_peer_chain(endpoint: number, connection: number): number;
  connection_protocol(endpoint: number, connection: number): number;
  connection_statistics(endpoint: number, connection: number): number;
  stream_open(endpoint: number, connection: number): number;
  stream_accept(endpoint: number, connection: number): number;
  stream_write(endpoint: number, connection: number, stream: number, length: number): number;
  stream_finish(endpoint: number, connection: number, stream: number): number;
  stream_reset(endpoint: number, connection: number, stream: number, code: number): number;
  stream_stop_sending(endpoint: number, connection: number, stream: number, code: number): number;
  stream_read(endpoint: number, connection: number, stream: number, capacity: number): number;
  provoke_trap(): void;
}

/** The version of the interface above. */
export const ABI_VERSION = 1;

/** Entries of the engine's table of numbers (`native/src/memory.rs`). */
export const NUMBERS = 1024;

/** Numbers in one record of an event (`native/src/event.rs`). */
export const RECORD = 4;

/** Set beside the count of a transmit where datagrams are left for another call. */
export const MORE = 1 << 30;

/** Set beside the count of a read where the stream's end came right behind the bytes. */
export const FINISHED = 1 << 30;

/** Negative results (`native/src/status.rs`). */
export const STATUS = {
  notFound: -1,
  invalidParameters: -2,
  invalidArgument: -3,
  wrongRole: -4,
  refused: -5,
  notApproved: -6,
  blocked: -7,
  reset: -8,
  stopped: -9,
  closedStream: -10,
  tooManyConnections: -11,
} as const;

/** What `endpoint_receive` returns. */
export const RECEIVED = { ignored: 0, connection: 1, accepted: 2, reply: 3 } as const;

/**
 * A number of eight bytes from the table, of which `pair` is the index of the low half divided by two.
 * QUIC's codes reach 2^62; one above 2^53 - 1, which no peer uses, is told as 2^53 - 1.
 */
export function wideNumber(numbers: Uint32Array, pair: number): number {
  const low = numbers[2 * pair] ?? 0;
  const high = numbers[2 * pair + 1] ?? 0;
  return Math.min(high * 2 ** 32 + low, Number.MAX_SAFE_INTEGER);
}
