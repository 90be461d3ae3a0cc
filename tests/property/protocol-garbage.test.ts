// Whatever comes in: no decoder throws, and what a decoder takes it can write and take again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../protocol/control/command.js';
import { parseGoDuration } from '../../protocol/control/go-duration.js';
import { LineCutter } from '../../protocol/control/lines.js';
import * as reader from '../../protocol/control/reply-reader.js';
import { quoteBytes } from '../../protocol/go-quote.js';
import { parseGoTime } from '../../protocol/go-time.js';
import { hashBytes } from '../../protocol/hash.js';
import { jsonSyntaxFault } from '../../protocol/json/syntax.js';
import { parseConfiguredNodeId, parseNodeId, parseServiceName, parseUnitId } from '../../protocol/names.js';
import { decodeMessage } from '../../protocol/netceptor/kinds.js';
import { decodeRouteUpdate, encodeRouteUpdate } from '../../protocol/netceptor/route-update.js';
import { decodeServiceAdvert, encodeServiceAdvert } from '../../protocol/netceptor/service-advert.js';
import { FrameCutter } from '../../protocol/netceptor/stream-framing.js';
import { decodeUnreachable, encodeUnreachable } from '../../protocol/netceptor/unreachable.js';
import { decodeText } from '../../protocol/text.js';
import { FollowReader } from '../../protocol/work/follow-reader.js';
import { splitShellWords } from '../../protocol/work/shell-words.js';
import { decodeStatusFile, encodeStatusFile } from '../../protocol/work/status.js';
import { allCapturedMessages, controlTranscript, fromHex, goTexts, utf8 } from '../support/wire-vectors.js';

/** Inputs of each test. */
const RUNS = 20_000;

const transcript = controlTranscript();
const texts = goTexts();

const captured = allCapturedMessages();
/** Real messages, the bodies of data packets, and odd documents, to be spoiled. */
const MESSAGES: readonly Uint8Array[] = [
  ...captured,
  ...captured.filter((message) => message[0] === 0).map((message) => message.subarray(36)),
  ...texts.service_adverts.map(({ hex }) => new Uint8Array([2, ...fromHex(hex)])),
];
const DOCUMENTS = texts.routing_updates.map(({ hex }) => new Uint8Array([1, ...fromHex(hex)]));
/** Control lines, replies and status files. */
const LINES: readonly Uint8Array[] = [
  ...[...transcript.static, ...transcript.live, ...transcript.actions].flatMap(({ line, reply }) => [
    utf8(line),
    utf8(reply),
  ]),
  ...transcript.units.flatMap(({ file, reply }) => [utf8(file), utf8(reply)]),
];

const edit = fc.record({
  at: fc.nat({ max: 9_999 }),
  drop: fc.nat({ max: 2 }),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.stringMatching(/^[a-z0-9]{0,2}$/).map(utf8),
    fc
      .constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'null', '1e999', '-', '\\u', '\\ud800', '\n', ' ')
      .map(utf8),
  ),
});

/** A seed with a few changes, or mere bytes. */
function garbageLike(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
  const spoiled = fc.tuple(fc.constantFrom(...seeds), edits).map(([seed, changes]) => changes.reduce(spoil, seed));
  return fc.oneof({ weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) }, { weight: 6, arbitrary: spoiled });
}

interface Edit {
  /** Where, in parts of 10,000 of the length. */
  readonly at: number;
  readonly drop: number;
  readonly insert: Uint8Array;
}

function spoil(bytes: Uint8Array, { at, drop, insert }: Edit): Uint8Array {
  const index = Math.floor((at * bytes.length) / 10_000);
  return Uint8Array.from([...bytes.subarray(0, index), ...insert, ...bytes.subarray(index + drop)]);
}

test('messages: no throw, and what was taken is written and taken again alike', () => {
  let taken = 0;
  fc.assert(
    fc.property(garbageLike([...MESSAGES, ...DOCUMENTS]), (bytes) => {
      decodeMessage(bytes);
      const update = decodeRouteUpdate(bytes);
      if (update.ok) assert.deepEqual(decodeRouteUpdate(encodeRouteUpdate(update.value)), update);
      if (update.ok) taken++;
      const advert = decodeServiceAdvert(bytes);
      if (advert.ok) {
        const again = decodeServiceAdvert(encodeServiceAdvert(advert.value));
        assert.deepEqual(again.ok && { ...again.value, raw: bytes }, { ...advert.value, raw: bytes });
      }
      const notice = decodeUnreachable(bytes);
      if (notice.ok) assert.deepEqual(decodeUnreachable(encodeUnreachable(notice.value)), notice);
    }),
    { numRuns: RUNS },
  );
  assert.ok(taken > RUNS / 100, `only ${taken} updates were good enough to be taken`);
});

test('control lines, replies and status files: no throw, and a status is written and read again alike', () => {
  const readers = [
    reader.readGreeting,
    reader.readSubmitPrompt,
    reader.readSubmitResult,
    reader.readUnitStatus,
    reader.readUnitList,
    reader.readUnitOutcome,
    reader.readObjectReply,
  ];
  fc.assert(
    fc.property(garbageLike(LINES), (bytes) => {
      const line = parseCommandLine(bytes);
      if (line.type === 'refused') assert.ok(line.errors.length > 0);
      for (const read of readers) read(bytes);
      const status = decodeStatusFile(bytes);
      if (status.ok) assert.deepEqual(decodeStatusFile(encodeStatusFile(status.value)), status);
    }),
    { numRuns: RUNS },
  );
});

test('streams and texts: no throw', () => {
  fc.assert(
    fc.property(garbageLike([...MESSAGES, ...LINES]), (bytes) => {
      new FrameCutter().push(bytes, (_buffer, start, end) => assert.ok(end > start));
      new FollowReader(0).push(bytes, () => undefined);
      new LineCutter(64).take(bytes, 0);
      hashBytes(bytes);
      quoteBytes(bytes);
      jsonSyntaxFault(bytes);
      const text = decodeText(bytes);
      for (const parse of [parseNodeId, parseConfiguredNodeId, parseServiceName, parseUnitId]) parse(text);
      parseGoDuration(text);
      parseGoTime(text);
      splitShellWords(text);
    }),
    { numRuns: RUNS },
  );
});
