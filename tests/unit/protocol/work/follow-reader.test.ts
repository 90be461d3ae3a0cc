import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeFollowBlock,
  encodeFollowEnd,
  encodeFollowStatus,
  FOLLOW_BLOCK_BYTES_MAX,
  FOLLOW_HEADER_BYTES_MAX,
} from '../../../../protocol/work/follow.js';
import { type FollowEvent, FollowReader } from '../../../../protocol/work/follow-reader.js';
import { newUnitStatus } from '../../../../protocol/work/status.js';
import { textOf, utf8 } from '../../../support/wire-vectors.js';

const STATUS = newUnitStatus('cat');

function joined(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? utf8(part) : part))));
}

function told(event: FollowEvent): string {
  return event.type === 'output'
    ? `${event.offset}:${textOf(event.bytes)}`
    : `${event.type}${event.type === 'end' ? event.size : ''}`;
}

function follow(reader: FollowReader, ...chunks: Uint8Array[]): string[] {
  const events: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (event) => events.push(told(event)));
  return events;
}

test('tells status, output and end in order, and leaves the rest of the chunk', () => {
  const reader = new FollowReader(0);
  const stream = joined(
    encodeFollowStatus(STATUS),
    encodeFollowBlock(0, 5),
    'he\nlo',
    encodeFollowEnd(STATUS, 5),
    'next',
  );
  const events: FollowEvent[] = [];

  const taken = reader.push(stream, (event) => events.push(event));

  assert.deepEqual(events.map(told), ['status', '0:he\nlo', 'end5']);
  assert.deepEqual(events[0], { type: 'status', status: STATUS });
  assert.equal(taken, stream.length - 4);
  assert.equal(reader.ended, true);
  assert.equal(
    reader.push(utf8('{"x":1}\n'), () => assert.fail()),
    0,
  );
});

test('passes output on as it comes and counts it', () => {
  const reader = new FollowReader(10);

  const events = follow(reader, encodeFollowBlock(10, 4), utf8('ab'), joined('cd', encodeFollowBlock(14, 1), 'e'));

  assert.deepEqual(events, ['10:ab', '12:cd', '14:e']);
  assert.equal(reader.position, 15);
});

test('output must begin where the last one ended', () => {
  for (const offset of [0, 4, 6]) {
    const reader = new FollowReader(5);
    assert.deepEqual(follow(reader, joined(encodeFollowBlock(offset, 1), 'x')), []);
    assert.equal(reader.fault?.code, 'follow-offset');
  }
});

test('a header that makes no sense ends the stream for good', () => {
  const headers: [string, string][] = [
    ['{}', 'follow-header'],
    ['{"Offset":0}', 'follow-header'],
    ['{"Offset":0,"Length":0}', 'follow-header'],
    ['{"Offset":-1,"Length":1}', 'follow-header'],
    [`{"Offset":0,"Length":${FOLLOW_BLOCK_BYTES_MAX + 1}}`, 'follow-header'],
    ['{"End":true,"Status":{}}', 'follow-header'],
    ['{"End":true,"Size":5}', 'follow-header'],
    ['{"Status":5}', 'json-type'],
    ['{"Status":{"State":"x"}}', 'json-type'],
    ['{"Offset":"0","Length":1}', 'json-type'],
    ['ERROR: unknown work unit x', 'json-syntax'],
    ['', 'json-syntax'],
  ];
  for (const [header, code] of headers) {
    const reader = new FollowReader(0);
    assert.deepEqual(follow(reader, utf8(`${header}\n`), encodeFollowStatus(STATUS)), [], header);
    assert.equal(reader.fault?.code, code, header);
  }
});

test('unknown fields of a header are passed over', () => {
  assert.deepEqual(follow(new FollowReader(0), utf8('{"Offset":0,"Length":1,"Later":{"x":[]}}\nA')), ['0:A']);
});

test('a header that does not end is given up at its limit', () => {
  const reader = new FollowReader(0);
  const faults = [new Uint8Array(FOLLOW_HEADER_BYTES_MAX).fill(0x20), utf8('  ')].map((chunk) => {
    follow(reader, chunk);
    return reader.fault?.code;
  });

  assert.deepEqual(faults, [undefined, 'line-too-long']);
});
