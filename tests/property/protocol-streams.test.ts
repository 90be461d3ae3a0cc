// Streams cut into chunks at random: frames, control lines and the follow stream come out as if in one piece.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineCutter } from '../../protocol/control/lines.js';
import { FRAME_PREFIX_BYTES, FrameCutter } from '../../protocol/netceptor/stream-framing.js';
import { encodeFollowBlock, encodeFollowEnd, encodeFollowStatus } from '../../protocol/work/follow.js';
import { type FollowEvent, FollowReader } from '../../protocol/work/follow-reader.js';
import { newUnitStatus, type UnitStatus } from '../../protocol/work/status.js';
import { textOf, toHex } from '../support/wire-vectors.js';

/** Cuts bytes into chunks whose sizes are taken from the list, over and over. */
function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc
  .array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 6 })
  .filter((list) => list.some((size) => size > 0));

test('the frame cutter gives what a reader of the whole stream gives', () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });
  fc.assert(
    fc.property(frames, sizes, fc.uint8Array({ maxLength: 1 }), (list, pieces, rest) => {
      const stream = Buffer.concat([...list.flatMap((frame) => [Uint8Array.of(frame.length, 0), frame]), rest]);
      const cutter = new FrameCutter();
      const found: string[] = [];
      for (const chunk of chunksOf(stream, pieces)) {
        cutter.push(chunk, (buffer, start, end, contiguousPrefix) => {
          found.push(toHex(buffer.subarray(start, end)));
          if (contiguousPrefix) {
            const prefix = buffer.subarray(start - FRAME_PREFIX_BYTES, start);
            assert.deepEqual([...prefix], [end - start, 0], 'the length stands before the frame');
          }
        });
        assert.ok(cutter.heldBytes <= 22);
      }
      assert.deepEqual(found, list.filter((frame) => frame.length > 0).map(toHex));
      assert.equal(cutter.emptyFrames, list.filter((frame) => frame.length === 0).length);
      assert.equal(cutter.heldBytes, rest.length);
    }),
    { numRuns: 5_000 },
  );
});

test('frames that were handed out do not change when more chunks come', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(frames, sizes, (list, pieces) => {
      const stream = Buffer.concat(list.flatMap((frame) => [Uint8Array.of(frame.length, 0), frame]));
      const cutter = new FrameCutter();
      const kept: Uint8Array[] = [];
      for (const chunk of chunksOf(stream, pieces)) {
        cutter.push(chunk, (buffer, start, end) => kept.push(buffer.subarray(start, end)));
      }
      assert.deepEqual(kept.map(toHex), list.map(toHex));
    }),
    { numRuns: 2_000 },
  );
});

test('the line cutter gives the lines of the whole text, however it is cut', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', ' '), maxLength: 60 });
  fc.assert(
    fc.property(letters, sizes, (text, pieces) => {
      const cutter = new LineCutter();
      const lines: string[] = [];
      for (const chunk of chunksOf(Buffer.from(text), pieces)) {
        let step = cutter.take(chunk, 0);
        while (step.type === 'line') {
          lines.push(textOf(step.line));
          step = cutter.take(chunk, step.next);
        }
      }
      lines.push(textOf(cutter.takeRest()));
      assert.deepEqual(lines, text.replaceAll('\r', '').split('\n'));
    }),
    { numRuns: 5_000 },
  );
});

type Part = { readonly type: 'status'; readonly detail: string } | { readonly type: 'output'; readonly text: string };

test('the follow reader gives the same output and the same statuses, however the stream is cut', () => {
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.record({ type: fc.constant('status' as const), detail: fc.string({ unit: 'binary', maxLength: 8 }) }),
    fc.record({
      type: fc.constant('output' as const),
      text: fc.string({ unit: fc.constantFrom('x', '\n', '{', '"'), minLength: 1, maxLength: 30 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), sizes, fc.nat({ max: 1000 }), (parts, pieces, start) => {
      const { stream, expected, end } = followStream(parts, start);
      const reader = new FollowReader(start);
      const events: FollowEvent[] = [];
      let taken = 0;
      for (const chunk of chunksOf(stream, pieces)) taken += reader.push(chunk, (event) => events.push(event));
      assert.equal(reader.fault, undefined);
      assert.equal(taken, stream.length - 4, 'the next command is left alone');
      assert.deepEqual(joinOutput(events, start), expected);
      assert.deepEqual([reader.position, reader.ended], [end, true]);
    }),
    { numRuns: 4_000 },
  );
});

function statusOf(detail: string): UnitStatus {
  return { ...newUnitStatus('cat'), detail };
}

function followStream(parts: readonly Part[], start: number): { stream: Uint8Array; expected: string[]; end: number } {
  const pieces: Uint8Array[] = [];
  const expected: string[] = [];
  let at = start;
  for (const part of parts) {
    if (part.type === 'status') {
      pieces.push(encodeFollowStatus(statusOf(part.detail)));
      expected.push(`status ${part.detail}`);
    } else {
      pieces.push(encodeFollowBlock(at, part.text.length), Buffer.from(part.text));
      at += part.text.length;
      if (expected.at(-1)?.startsWith('output ')) expected.push(`${expected.pop()}${part.text}`);
      else expected.push(`output ${part.text}`);
    }
  }
  pieces.push(encodeFollowEnd(statusOf('end'), at), Buffer.from('next'));
  return { stream: Buffer.concat(pieces), expected: [...expected, `end ${at}`], end: at };
}

/** The events as one text each, neighbouring pieces of output joined, their offsets checked. */
function joinOutput(events: readonly FollowEvent[], start: number): string[] {
  const told: string[] = [];
  let at = start;
  for (const event of events) {
    if (event.type === 'status') told.push(`status ${event.status.detail}`);
    else if (event.type === 'end') told.push(`end ${event.size}`);
    else {
      assert.equal(event.offset, at);
      at += event.bytes.length;
      if (told.at(-1)?.startsWith('output ')) told.push(`${told.pop()}${textOf(event.bytes)}`);
      else told.push(`output ${textOf(event.bytes)}`);
    }
  }
  return told;
}
