import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extensionFields } from '../../../../protocol/netceptor/extensions.js';
import {
  CONN_TYPE,
  CONTROL_SERVICE_TAG,
  decodeServiceAdvert,
  encodeServiceAdvert,
  type ReceivedAdvert,
  TAGS_MAX,
  WORK_COMMANDS_MAX,
} from '../../../../protocol/netceptor/service-advert.js';
import {
  capturedFrames,
  fromHex,
  goTexts,
  jsonMessage,
  messageOf,
  textOf,
  toHex,
} from '../../../support/wire-vectors.js';

const BASE = '"NodeID":"n","Service":"s","Time":"2026-11-20T23:16:28.432282732Z"';

function advert(text: string): ReceivedAdvert {
  const result = decodeServiceAdvert(jsonMessage(2, text));
  assert.ok(result.ok, text);
  return result.value;
}

function faultOf(text: string): string {
  const result = decodeServiceAdvert(jsonMessage(2, text));
  return result.ok ? 'ok' : result.fault.code;
}

test('reads every captured advert and keeps the bytes to flood', () => {
  const frames = capturedFrames('service_advertisement.json');
  assert.equal(frames.length, 7);
  for (const frame of frames) {
    const message = messageOf(frame);
    const result = decodeServiceAdvert(message);
    assert.ok(result.ok);
    const expected = JSON.parse(frame.decoded.json_text ?? '') as Record<string, unknown>;
    const commands = expected['WorkCommands'] as { WorkType: string; Secure: boolean }[] | null;
    assert.equal(result.value.raw, message);
    assert.equal(result.value.nodeId, expected['NodeID']);
    assert.equal(result.value.service, expected['Service']);
    assert.equal(result.value.time.text, expected['Time']);
    assert.equal(result.value.connType, expected['ConnType']);
    assert.equal(result.value.cancel, expected['Cancel']);
    assert.deepEqual(result.value.tags && Object.fromEntries(result.value.tags), expected['Tags']);
    assert.deepEqual(
      result.value.workCommands,
      commands?.map(({ WorkType, Secure }) => ({ workType: WorkType, secure: Secure })) ?? null,
    );
  }
});

test('writes the adverts that Go wrote, byte for byte', () => {
  const ofGo = capturedFrames('service_advertisement.json').filter((frame) => !frame.note.includes('foreign'));
  assert.equal(ofGo.length, 6);
  for (const frame of ofGo) {
    const result = decodeServiceAdvert(messageOf(frame));
    assert.ok(result.ok);
    assert.equal(toHex(encodeServiceAdvert(result.value)), frame.frame_hex.slice(4));
  }
});

test('a control service is known by its tag', () => {
  const [name, value] = CONTROL_SERVICE_TAG;
  const [control] = capturedFrames('service_advertisement.json');
  const result = decodeServiceAdvert(messageOf(control ?? assert.fail()));
  assert.equal(result.ok && result.value.tags?.get(name), value);
  assert.equal(result.ok && result.value.connType, CONN_TYPE.stream);
});

test('keeps the unknown field of a foreign advert', () => {
  const foreign = capturedFrames('service_advertisement.json').find((frame) => frame.note.includes('foreign'));
  assert.ok(foreign);
  const result = decodeServiceAdvert(messageOf(foreign));
  assert.deepEqual(result.ok && [...result.value.extensions], [['ZExtra', '{"q": [1, 2]}']]);
});

test('takes and refuses the documents that Go takes and refuses', () => {
  for (const { hex, error, reencoded, unix_seconds, nanoseconds } of goTexts().service_adverts) {
    const document = textOf(fromHex(hex));
    const result = decodeServiceAdvert(new Uint8Array([2, ...fromHex(hex)]));
    if (error !== null) assert.ok(!result.ok, document);
    else if (!result.ok)
      assert.ok(reencoded === '' || !document.includes('"Time"'), `${document} ${result.fault.code}`);
    else {
      assert.equal(result.value.time.seconds, unix_seconds, document);
      assert.equal(result.value.time.nanoseconds, nanoseconds, document);
      const again = textOf(encodeServiceAdvert(result.value)).slice(1);
      const withoutOwn = again.replace(/,"Zextra":.*(?=\}$)/, '');
      assert.equal(withoutTime(withoutOwn), withoutTime(reencoded ?? ''), document);
    }
  }
});

/** Go writes times anew; we keep the text that came in. */
function withoutTime(text: string): string {
  return text.replace(/"Time":"[^"]*"/, '"Time":""');
}

test('an advert that ends a Go peer is a fault and so never flooded on', () => {
  for (const text of ['{}', '{"Cancel":true}', '{"x":1}']) assert.equal(faultOf(text), 'advert-empty', text);
  assert.equal(faultOf('null'), 'json-type');
  assert.equal(faultOf('[]'), 'json-type');
});

test('an advert must name a service of a node and a time', () => {
  assert.equal(faultOf('{"NodeID":"n"}'), 'name-empty');
  assert.equal(faultOf('{"Service":"s"}'), 'name-empty');
  assert.equal(faultOf('{"NodeID":"n","Service":"s"}'), 'time-format');
  assert.equal(faultOf('{"NodeID":"n","Service":"toolongname","Time":"2026-11-20T23:16:28Z"}'), 'name-too-long');
  assert.equal(faultOf('{"NodeID":"localhost","Service":"s","Time":"2026-11-20T23:16:28Z"}'), 'name-reserved');
});

test('wrong values spoil the whole advert', () => {
  const cases: [string, string][] = [
    [',"ConnType":300', 'json-range'],
    [',"ConnType":"1"', 'json-type'],
    [',"Tags":{"a":1}', 'json-type'],
    [',"Tags":[]', 'json-type'],
    [',"WorkCommands":{}', 'json-type'],
    [',"WorkCommands":[1]', 'json-type'],
    [',"WorkCommands":[{"Secure":"true"}]', 'json-type'],
    [',"Cancel":1', 'json-type'],
    [',"Time":"yesterday"', 'time-format'],
    [',"Time":5', 'json-type'],
    [',"x":tru', 'json-syntax'],
  ];
  for (const [member, code] of cases) assert.equal(faultOf(`{${BASE}${member}}`), code, member);
});

test('bounds tags, work commands and unknown fields', () => {
  const tags = (count: number) =>
    `{${BASE},"Tags":{${Array.from({ length: count }, (_, i) => `"t${i}":""`).join(',')}}}`;
  assert.equal(faultOf(tags(TAGS_MAX)), 'ok');
  assert.equal(faultOf(tags(TAGS_MAX + 1)), 'json-fields');
  assert.equal(
    faultOf(
      `{${BASE},"WorkCommands":[${Array(WORK_COMMANDS_MAX + 1)
        .fill('{}')
        .join(',')}]}`,
    ),
    'json-fields',
  );
  assert.equal(faultOf(`{${BASE},${Array.from({ length: 65 }, (_, i) => `"x${i}":1`).join(',')}}`), 'json-fields');
});

test('our own fields are written behind the seven that Go writes', () => {
  const extensions = extensionFields([['Plugins', ['a']]]);
  assert.ok(extensions.ok);
  const text = textOf(encodeServiceAdvert({ ...advert(`{${BASE}}`), extensions: extensions.value }));
  assert.ok(text.endsWith(',"WorkCommands":null,"Cancel":false,"Plugins":["a"]}'));
});

test('refuses a message of another kind or without a document', () => {
  for (const [hex, code] of [
    ['', 'message-kind'],
    ['017b7d', 'message-kind'],
    ['02', 'json-syntax'],
  ] as const) {
    const result = decodeServiceAdvert(fromHex(hex));
    assert.equal(!result.ok && result.fault.code, code);
  }
});
