import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as reader from '../../../../protocol/control/reply-reader.js';
import { writeStatusReply } from '../../../../protocol/work/status.js';
import { controlTranscript, utf8 } from '../../../support/wire-vectors.js';

const transcript = controlTranscript();

/** A line as a line cutter gives it: without its newline. */
function line(text: string): Uint8Array {
  return utf8(text.replace(/\n$/, ''));
}

function replied<T>(outcome: reader.ReplyOutcome<T>): T {
  assert.ok(outcome.type === 'reply', JSON.stringify(outcome));
  return outcome.value;
}

test('finds the node in a greeting and nothing in another line', () => {
  assert.equal(replied(reader.readGreeting(line(transcript.greeting))), 'ref.a-1');
  assert.equal(reader.readGreeting(line('HTTP/1.1 400 Bad Request')).type, 'garbled');
  assert.equal(reader.readGreeting(line('Receptor Control, node localhost')).type, 'garbled');
});

test('reads every recorded submit: the prompt, then the result', () => {
  transcript.submits.forEach(({ prompt, result }, index) => {
    const unitId = transcript.units[index]?.unit;
    assert.equal(replied(reader.readSubmitPrompt(line(prompt))), unitId);
    const outcome = reader.readSubmitResult(line(result));
    if (result.startsWith('ERROR')) assert.deepEqual(outcome, { type: 'refused', text: result.slice(7).trim() });
    else assert.deepEqual(replied(outcome), { result: 'Job Started', unitId });
  });
});

test('reads every recorded status and list, and would write them alike', () => {
  for (const { reply } of transcript.units) {
    assert.equal(`${writeStatusReply(replied(reader.readUnitStatus(line(reply))))}\n`, reply);
  }
  const list = replied(reader.readUnitList(line(transcript.list.reply)));
  assert.deepEqual([...list.keys()], Object.keys(JSON.parse(transcript.list.reply) as object));
});

test('reads what became of a unit', () => {
  for (const { line: command, reply } of transcript.actions) {
    const { outcome, unitId } = replied(reader.readUnitOutcome(line(reply)));
    assert.equal(unitId, command.split(' ')[2]);
    assert.match(outcome, /^(cancelled|released)$/);
  }
  assert.deepEqual(replied(reader.readUnitOutcome(line('{"cancel pending":"x"}'))), {
    outcome: 'cancel pending',
    unitId: 'x',
  });
});

test('knows the lines before a stream', () => {
  const [first = ''] = transcript.results_of_first_from_1.split('\n');
  assert.equal(reader.readStreamStart(line(first), 'results').type, 'reply');
  assert.equal(reader.readStreamStart(line('Following work unit x'), 'follow').type, 'reply');
  assert.equal(reader.readStreamStart(line('Connecting'), 'connect').type, 'reply');
  assert.equal(reader.readStreamStart(line('Connecting'), 'results').type, 'garbled');
});

test('reads replies that are objects', () => {
  const ping = replied(reader.readObjectReply(line('{"From":"b","Success":true}')));
  assert.deepEqual(ping, { From: 'b', Success: true });
  assert.equal(reader.readObjectReply(line('[]')).type, 'garbled');
  assert.equal(reader.readObjectReply(line('{"a":')).type, 'garbled');
});

test('every error line is a refusal with its text, whatever was asked for', () => {
  for (const { reply } of transcript.static) {
    const [first = ''] = reply.split('\n');
    if (!first.startsWith('ERROR: ')) continue;
    const text = first.slice(7).trim();
    for (const read of [
      reader.readGreeting,
      reader.readSubmitPrompt,
      reader.readSubmitResult,
      reader.readUnitStatus,
      reader.readUnitList,
      reader.readUnitOutcome,
      reader.readObjectReply,
    ]) {
      assert.deepEqual(read(line(first)), { type: 'refused', text });
    }
  }
});

test('a line that makes no sense is garbled, never an error thrown', () => {
  for (const text of ['', 'x', '{', '{}', 'null', '{"State":"x"}', '{"a":{"State":true}}']) {
    assert.equal(reader.readSubmitPrompt(line(text)).type, 'garbled', text);
    assert.equal(reader.readSubmitResult(line(text)).type, 'garbled', text);
    if (text !== '{}') assert.notEqual(reader.readUnitList(line(text)).type, 'reply', text);
    if (text !== '{}' && !text.includes('"a"')) assert.equal(reader.readUnitStatus(line(text)).type, 'garbled', text);
  }
});

test('what is garbled comes with a fault that quotes no more than a line of it', () => {
  const outcome = reader.readStreamStart(line('x'.repeat(10_000)), 'results');
  assert.ok(outcome.type === 'garbled');
  assert.equal(outcome.fault.code, 'line-unexpected');
  assert.ok(outcome.fault.detail.length < 300);
});

test('tells refusals apart that a client acts on', () => {
  assert.equal(reader.refusalKind('unknown work unit x'), 'unknown-unit');
  assert.equal(reader.refusalKind('error cancelling remote unit:  unknown work unit x'), 'unknown-unit');
  assert.equal(reader.refusalKind('bad command'), 'unknown-command');
  assert.equal(reader.refusalKind('Unknown command, follow'), 'unknown-command');
  assert.equal(reader.refusalKind('could not parse response: ERROR: unknown work type x'), 'unknown-work-type');
  assert.equal(reader.refusalKind('INTERNAL_ERROR (local): no route to node'), 'no-route');
  assert.equal(reader.refusalKind('context canceled'), 'service-unknown');
  assert.equal(reader.refusalKind('service name too long'), 'service-too-long');
  assert.equal(reader.refusalKind('unknown TLS config x'), 'tls-unknown');
  assert.equal(reader.refusalKind('cannot sign work: signing key is empty'), 'signing-key-missing');
  assert.equal(reader.refusalKind('ttl option is intended for remote work only'), 'ttl-local');
  assert.equal(reader.refusalKind('extra params provided but not allowed'), 'params-refused');
  assert.equal(reader.refusalKind('work type did not expect a signature'), 'other');
});

test('unwraps what nodes on the way have put around a refusal', () => {
  assert.equal(reader.bareRefusal('could not parse response: ERROR: unknown work type x'), 'unknown work type x');
  assert.equal(reader.bareRefusal('error from remote: ERROR: no'), 'no');
  assert.equal(reader.bareRefusal('INTERNAL_ERROR (local): no route to node'), 'no route to node');
  assert.equal(reader.bareRefusal('unknown work unit ERROR: x'), 'unknown work unit ERROR: x');
});

test('writes a command as one line with sorted keys', () => {
  const command = new Map<string, string | number>([
    ['worktype', 'cat'],
    ['command', 'work'],
    ['startpos', 5],
    ['params', '<\n>'],
  ]);
  assert.equal(
    reader.commandLine(command),
    '{"command":"work","params":"\\u003c\\n\\u003e","startpos":5,"worktype":"cat"}\n',
  );
});
