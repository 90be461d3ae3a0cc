import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeFrame,
  FRAME_BYTES_MAX,
  FrameCutter,
  framePrefix,
  putFramePrefix,
} from '../../../../protocol/netceptor/stream-framing.js';
import { capturedFrames, fromHex, messageOf, toHex } from '../../../support/wire-vectors.js';

interface Cut {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly hex: string;
  readonly contiguousPrefix: boolean;
}

function cut(cutter: FrameCutter, chunk: Uint8Array): Cut[] {
  const cuts: Cut[] = [];
  cutter.push(chunk, (buffer, start, end, contiguousPrefix) => {
    cuts.push({ buffer, start, hex: toHex(buffer.subarray(start, end)), contiguousPrefix });
  });
  return cuts;
}

test('hands out frames inside a chunk without copying them', () => {
  const chunk = fromHex('0200aabb0100cc');

  const cuts = cut(new FrameCutter(), chunk);

  assert.deepEqual(
    cuts.map(({ hex }) => hex),
    ['aabb', 'cc'],
  );
  assert.ok(cuts.every(({ buffer, contiguousPrefix }) => buffer === chunk && contiguousPrefix));
});

test('cuts captured frames that came in one chunk, and frames them again alike', () => {
  const frames = capturedFrames('routing_update.json');
  const cuts = cut(new FrameCutter(), fromHex(frames.map((frame) => frame.frame_hex).join('')));

  assert.deepEqual(
    cuts.map(({ hex }) => hex),
    frames.map((frame) => toHex(messageOf(frame))),
  );
  for (const frame of frames) {
    const encoded = encodeFrame(messageOf(frame));
    assert.equal(encoded.ok && toHex(encoded.value), frame.frame_hex);
  }
});

test('gathers a frame that chunks have cut, with its length in front', () => {
  const cutter = new FrameCutter();

  assert.deepEqual(cut(cutter, fromHex('0400aa')), []);
  assert.deepEqual(cut(cutter, fromHex('bb')), []);
  assert.equal(cutter.heldBytes, 4);
  const [frame, next] = cut(cutter, fromHex('ccdd0100ee'));

  assert.equal(frame?.hex, 'aabbccdd');
  assert.equal(frame.contiguousPrefix, true);
  assert.equal(toHex(frame.buffer), '0400aabbccdd');
  assert.equal(next?.hex, 'ee');
  assert.equal(cutter.heldBytes, 0);
});

test('does not copy a frame only because its length came before it', () => {
  for (const [first, second] of [
    ['02', '00aabb'],
    ['0200', 'aabb'],
  ] as const) {
    const cutter = new FrameCutter();
    assert.deepEqual(cut(cutter, fromHex(first)), []);
    assert.equal(cutter.heldBytes, first.length / 2);

    const chunk = fromHex(second);
    const [frame] = cut(cutter, chunk);

    assert.equal(frame?.hex, 'aabb');
    assert.equal(frame.buffer, chunk);
    assert.equal(frame.contiguousPrefix, false);
  }
});

test('passes over empty frames and counts them', () => {
  const cutter = new FrameCutter();

  const cuts = [
    ...cut(cutter, fromHex('0000000001')),
    ...cut(cutter, fromHex('00aa00')),
    ...cut(cutter, fromHex('00')),
  ];

  assert.deepEqual(
    cuts.map(({ hex }) => hex),
    ['aa'],
  );
  assert.equal(cutter.emptyFrames, 3);
});

test('an empty chunk changes nothing', () => {
  const cutter = new FrameCutter();
  cut(cutter, fromHex('0200'));
  assert.deepEqual(cut(cutter, new Uint8Array(0)), []);
  assert.equal(cut(cutter, fromHex('aabb'))[0]?.hex, 'aabb');
});

test('holds at most one frame, even of the largest length', () => {
  const cutter = new FrameCutter();
  const frame = encodeFrame(new Uint8Array(FRAME_BYTES_MAX).fill(7));
  assert.ok(frame.ok);

  assert.deepEqual(cut(cutter, frame.value.subarray(0, -1)), []);
  assert.equal(cutter.heldBytes, 65_536);
  const [whole] = cut(cutter, Uint8Array.from([7]));

  assert.equal(whole?.hex.length, 2 * FRAME_BYTES_MAX);
});

test('a frame of no bytes or of too many cannot be made', () => {
  for (const [length, code] of [
    [0, 'frame-empty'],
    [FRAME_BYTES_MAX + 1, 'frame-too-long'],
  ] as const) {
    const [prefix, frame] = [framePrefix(length), encodeFrame(new Uint8Array(length))];
    assert.equal(!prefix.ok && prefix.fault.code, code);
    assert.equal(!frame.ok && frame.fault.code, code);
  }
});

test('the length is written low byte first', () => {
  const prefix = framePrefix(0x1234);
  assert.equal(prefix.ok && toHex(prefix.value), '3412');
  const bytes = new Uint8Array(4);
  putFramePrefix(bytes, 1, 0xffff);
  assert.equal(toHex(bytes), '00ffff00');
});
