// HighwayHash with 64 bits of output and the zero key: how the data header names a node (mesh-protocol 3.1).
// The state is sixteen 64-bit lanes; JavaScript has no fast 64-bit number, so each lane is kept as two 32-bit halves in
// one block of memory. Names are hashed when they are learned, not per packet; a cache is the caller's matter.
import type { U64 } from './bytes.js';
import { encodeText } from './text.js';

/** Offsets in bytes of the four groups of four lanes. */
const V0 = 0;
const V1 = 32;
const MUL0 = 64;
const MUL1 = 96;
const LANE_BYTES = 8;
const GROUP_BYTES = 32;
const BLOCK_BYTES = 32;

/** The first values of mul0 and mul1, as pairs of low and high half. */
const INITIAL_MUL0 = [0xfe4cce2f, 0xdbe6d5d5, 0x299f31d0, 0xa4093822, 0x03707344, 0x13198a2e, 0x85a308d3, 0x243f6a88];
const INITIAL_MUL1 = [0xcb0ef593, 0x3bd39e10, 0xb5f18a8c, 0xc0acf169, 0x34e90c6c, 0xbe5466cf, 0x38d01377, 0x452821e6];

// Working memory of one call; nothing survives from one call to the next.
const state = new DataView(new ArrayBuffer(4 * GROUP_BYTES));
const block = new DataView(new ArrayBuffer(BLOCK_BYTES));

/** The hash of a node id, over its UTF-8 bytes. `localhost` must have been replaced by the own id before. */
export function hashName(name: string): U64 {
  return hashBytes(encodeText(name));
}

/** HighwayHash-64 of any bytes under the zero key. */
export function hashBytes(bytes: Uint8Array): U64 {
  start();
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    for (let i = 0; i < BLOCK_BYTES; i++) block.setUint8(i, bytes[at + i] ?? 0);
    absorb();
  }
  if (whole < bytes.length) absorbTail(bytes.subarray(whole));
  return finish();
}

function start(): void {
  for (let i = 0; i < 8; i++) {
    const at = i * 4;
    const mul0 = INITIAL_MUL0[i] ?? 0;
    const mul1 = INITIAL_MUL1[i] ?? 0;
    state.setUint32(V0 + at, mul0, true);
    state.setUint32(V1 + at, mul1, true);
    state.setUint32(MUL0 + at, mul0, true);
    state.setUint32(MUL1 + at, mul1, true);
  }
}

/** Takes the 32 bytes of the block into the state. */
function absorb(): void {
  for (let lane = 0; lane < GROUP_BYTES; lane += LANE_BYTES) {
    add(V1 + lane, low(MUL0 + lane), high(MUL0 + lane));
    add(V1 + lane, block.getUint32(lane, true), block.getUint32(lane + 4, true));
    xorProduct(MUL0 + lane, low(V1 + lane), high(V0 + lane));
    add(V0 + lane, low(MUL1 + lane), high(MUL1 + lane));
    xorProduct(MUL1 + lane, low(V0 + lane), high(V1 + lane));
  }
  zipperAdd(V1, V0);
  zipperAdd(V1 + 2 * LANE_BYTES, V0 + 2 * LANE_BYTES);
  zipperAdd(V0, V1);
  zipperAdd(V0 + 2 * LANE_BYTES, V1 + 2 * LANE_BYTES);
}

/** The last 1 to 31 bytes: their number is mixed into the lanes, and they are laid into a block of zeros. */
function absorbTail(tail: Uint8Array): void {
  const n = tail.length;
  for (let lane = 0; lane < GROUP_BYTES; lane += LANE_BYTES) {
    add(V0 + lane, n, n);
    set(V1 + lane, rotateLeft(low(V1 + lane), n), rotateLeft(high(V1 + lane), n));
  }
  for (let i = 0; i < BLOCK_BYTES; i++) block.setUint8(i, 0);
  const rest = n % 4;
  for (let i = 0; i < n - rest; i++) block.setUint8(i, tail[i] ?? 0);
  if (n >= 16) {
    for (let i = 0; i < 4; i++) block.setUint8(28 + i, tail[n - 4 + i] ?? 0);
  } else if (rest > 0) {
    block.setUint8(16, tail[n - rest] ?? 0);
    block.setUint8(17, tail[n - rest + (rest >>> 1)] ?? 0);
    block.setUint8(18, tail[n - 1] ?? 0);
  }
  absorb();
}

/** Four more rounds over the state itself, then the sum of the first lanes. */
function finish(): U64 {
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 4; i++) {
      const source = V0 + ((i + 2) % 4) * LANE_BYTES;
      block.setUint32(i * LANE_BYTES, high(source), true);
      block.setUint32(i * LANE_BYTES + 4, low(source), true);
    }
    absorb();
  }
  add(V0, low(V1), high(V1));
  add(V0, low(MUL0), high(MUL0));
  add(V0, low(MUL1), high(MUL1));
  return { hi: high(V0), lo: low(V0) };
}

/** Adds the interleaved bytes of the lanes at `source` to the two lanes at `target`. */
function zipperAdd(source: number, target: number): void {
  const evenLow = low(source);
  const evenHigh = high(source);
  const oddLow = low(source + LANE_BYTES);
  const oddHigh = high(source + LANE_BYTES);
  add(
    target,
    (evenLow >>> 24) | ((oddHigh & 0xff) << 8) | (evenLow & 0xff0000) | ((evenHigh & 0xff00) << 16),
    ((oddHigh >>> 16) & 0xff) | (evenLow & 0xff00) | ((oddHigh >>> 24) << 16) | ((evenLow & 0xff) << 24),
  );
  add(
    target + LANE_BYTES,
    (oddLow >>> 24) | ((evenHigh & 0xff) << 8) | (oddLow & 0xff0000) | ((oddHigh & 0xff00) << 16),
    ((oddLow >>> 8) & 0xff) | ((evenHigh >>> 8) & 0xff00) | ((oddLow & 0xff) << 16) | (evenHigh & 0xff000000),
  );
}

/** lane ^= a * b, where a and b are 32-bit and the product 64-bit: from four products of 16-bit halves. */
function xorProduct(at: number, a: number, b: number): void {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const otherMiddle = aLow * bHigh + (middle & 0xffff);
  const productHigh = aHigh * bHigh + (middle >>> 16) + (otherMiddle >>> 16);
  set(at, low(at) ^ Math.imul(a, b), high(at) ^ productHigh);
}

function add(at: number, addLow: number, addHigh: number): void {
  const sumLow = low(at) + (addLow >>> 0);
  const carry = sumLow > 0xffffffff ? 1 : 0;
  set(at, sumLow, high(at) + addHigh + carry);
}

function low(at: number): number {
  return state.getUint32(at, true);
}

function high(at: number): number {
  return state.getUint32(at + 4, true);
}

function set(at: number, valueLow: number, valueHigh: number): void {
  state.setUint32(at, valueLow, true);
  state.setUint32(at + 4, valueHigh, true);
}

/** By 1 to 31 bits. */
function rotateLeft(half: number, by: number): number {
  return (half << by) | (half >>> (32 - by));
}
