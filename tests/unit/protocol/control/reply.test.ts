import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as reply from '../../../../protocol/control/reply.js';
import { type NodeId, parseNodeId } from '../../../../protocol/names.js';
import { controlTranscript } from '../../../support/wire-vectors.js';

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const transcript = controlTranscript();

function recorded(line: string): string {
  const exchange = [...transcript.live, ...transcript.static].find((each) => each.line === line);
  return exchange?.reply ?? assert.fail(line);
}

interface Step {
  readonly From: string;
  readonly Time: number;
  readonly Error?: string;
}

test('greets as Receptor 1.6.9 does', () => {
  assert.equal(reply.greetingLine(id('ref.a-1')), transcript.greeting);
});

test('answers a ping as Receptor 1.6.9 does', () => {
  for (const line of ['ping ref-b', 'ping localhost']) {
    const { From, Time } = JSON.parse(recorded(line)) as Step;
    assert.equal(reply.pingLine(From, Time), recorded(line));
  }
  assert.equal(reply.pingFailureLine(reply.MESH_FAILURE.noRoute), recorded('ping nope'));
});

test('answers a traceroute as Receptor 1.6.9 does', () => {
  for (const line of ['traceroute ref-b', 'traceroute nope']) {
    const steps = Object.values(JSON.parse(recorded(line)) as Record<string, Step>);
    const hops = steps.map(({ From, Time, Error: error }) => ({
      from: From,
      nanoseconds: Time,
      ...(error === undefined ? {} : { error }),
    }));
    assert.equal(reply.tracerouteLine(hops), recorded(line));
  }
});

test('the steps of a long traceroute are sorted as Go sorts texts', () => {
  const line = reply.tracerouteLine(Array.from({ length: 12 }, (_, i) => ({ from: `n${i}`, nanoseconds: i })));
  const keys = [...line.matchAll(/"(\d+)":\{/g)].map((match) => match[1]);
  assert.deepEqual(keys, ['0', '1', '10', '11', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('an error stays one line whatever its text', () => {
  assert.equal(reply.errorLine('no ping target'), recorded('ping'));
  assert.equal(reply.errorLine('a\nb\r\n\nc\n'), 'ERROR: a b c \n');
});

test('reload answers with the codes that receptorctl turns into exit codes', () => {
  assert.equal(reply.reloadedLine(), '{"Success":true}\n');
  assert.equal(
    reply.reloadFailedLine(reply.RELOAD_FAILURE.changed('node'), 3),
    '{"Error":"a non-reloadable config action \'node\' was modified or added. Must restart receptor for these changes to take effect ERRORCODE 3","Success":false}\n',
  );
  assert.ok(
    reply.RELOAD_FAILURE.removed('node').endsWith(
      "'node' was removed. Must restart receptor for changes to take effect",
    ),
  );
  assert.equal(
    reply.reloadFailedLine(reply.RELOAD_FAILURE.noFile, 4),
    '{"Error":"no configuration file was provided, reload function not set ERRORCODE 4","Success":false}\n',
  );
});

test('has the reference sentences for a ping that fails', () => {
  const { noRoute, timeout, cancelled, shutdown, dialCancelled } = reply.MESH_FAILURE;
  assert.deepEqual(
    [noRoute, timeout, cancelled, shutdown, dialCancelled],
    ['no route to node', 'timeout', 'user cancelled', 'netceptor shutdown', 'context canceled'],
  );
});

test('says the other sentences as Receptor 1.6.9 does', () => {
  assert.equal(reply.connectingLine(), 'Connecting\n');
  assert.equal(reply.errorLine(reply.unknownTlsText('xx')), recorded('connect a b xx'));
  assert.equal(reply.errorLine(reply.MESH_FAILURE.noRoute), recorded('connect a b '));
  assert.equal(reply.errorLine(reply.MESH_FAILURE.serviceNameTooLong), recorded('connect ref.a-1 toolongname'));
  assert.equal(reply.errorLine(reply.unknownCommandText('bogus')), recorded('BOGUS'));
  assert.equal(reply.recordLine({ b: 1, a: 2 }), '{"b":1,"a":2}\n');
});
