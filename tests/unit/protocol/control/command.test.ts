import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../../../protocol/control/command.js';
import type { CommandLine } from '../../../../protocol/control/command-line.js';
import { errorLine, unknownCommandText } from '../../../../protocol/control/reply.js';
import { controlTranscript, utf8 } from '../../../support/wire-vectors.js';

function parse(line: string): CommandLine {
  return parseCommandLine(utf8(line));
}

function commandOf(line: string): unknown {
  const parsed = parse(line);
  return parsed.type === 'command' ? parsed.command : parsed;
}

/** What the session answers if no extension knows the command. */
function answerOf(line: string): string | undefined {
  const parsed = parse(line);
  if (parsed.type === 'refused') return parsed.errors.map(errorLine).join('');
  return parsed.type === 'unknown' ? errorLine(unknownCommandText(parsed.name)) : undefined;
}

/** Replies that only a node can give, which knows its mesh, its work types and its configuration. */
const ANSWERED_BY_THE_NODE =
  /no route to node|unknown TLS config|service unknown|service name too long|unknown work type|unknown work unit [a-z]|ttl option|did not expect a signature|invalid duration|cannot send secrets|^\{/;

test('refuses with the words of Receptor 1.6.9, line for line', () => {
  const compared = controlTranscript().static.filter(({ line, reply }) => {
    const answer = answerOf(line);
    if (answer === undefined)
      assert.ok(ANSWERED_BY_THE_NODE.test(reply) || line.includes('follow'), `${line}: ${reply}`);
    else assert.equal(answer, reply, line);
    return answer !== undefined;
  });
  assert.ok(compared.length > 80, `${compared.length} compared`);
});

test('knows every command that Receptor 1.6.9 carried out', () => {
  const { live, submits, actions, list } = controlTranscript();
  for (const { line } of [...live, ...submits, ...actions, list]) assert.equal(parse(line).type, 'command', line);
});

test('an empty line is nothing', () => {
  assert.deepEqual(parse(''), { type: 'nothing' });
});

test('ping and traceroute take the rest of the line as their target', () => {
  assert.deepEqual(commandOf('PING a b'), { type: 'ping', target: 'a b' });
  assert.deepEqual(commandOf('ping  a'), { type: 'ping', target: ' a' });
  assert.deepEqual(commandOf('traceroute n'), { type: 'traceroute', target: 'n' });
  assert.deepEqual(commandOf('{"command":"traceroute","target":"n","x":1}'), { type: 'traceroute', target: 'n' });
});

test('status asks for all fields or for some', () => {
  assert.deepEqual(commandOf('status'), { type: 'status', requestedFields: undefined });
  assert.deepEqual(commandOf('status '), { type: 'status', requestedFields: undefined });
  assert.deepEqual(commandOf('{"command":"status"}'), { type: 'status', requestedFields: undefined });
  assert.deepEqual(commandOf('{"command":"status","requested_fields":["Version"]}'), {
    type: 'status',
    requestedFields: ['Version'],
  });
});

test('requested fields that are no list, which end the process of the reference, are an error', () => {
  for (const value of ['"Version"', 'null', '{}', '1']) {
    assert.equal(
      answerOf(`{"command":"status","requested_fields":${value}}`),
      'ERROR: requested_fields must be a list of strings\n',
    );
  }
});

test('connect takes a node, a service and perhaps a TLS client', () => {
  assert.deepEqual(commandOf('connect n control '), { type: 'connect', node: 'n', service: 'control', tls: '' });
  assert.deepEqual(commandOf('connect n control t'), { type: 'connect', node: 'n', service: 'control', tls: 't' });
  assert.deepEqual(commandOf('{"command":"connect","node":"n","service":"s"}'), {
    type: 'connect',
    node: 'n',
    service: 's',
    tls: '',
  });
});

test('reload is that of the reference unless the difference is asked for', () => {
  assert.deepEqual(commandOf('reload now'), { type: 'reload', mode: 'reference' });
  assert.deepEqual(commandOf('{"command":"reload"}'), { type: 'reload', mode: 'reference' });
  assert.deepEqual(commandOf('{"command":"reload","mode":"difference"}'), { type: 'reload', mode: 'difference' });
  assert.equal(parse('{"command":"reload","mode":1}').type, 'refused');
});

test('a command of another keeps its parameters for an extension', () => {
  assert.deepEqual(parse('Directive  a b'), {
    type: 'unknown',
    name: 'directive',
    parameters: { form: 'words', text: ' a b' },
  });
  assert.deepEqual(parse('{"command":"directive","n":1}'), {
    type: 'unknown',
    name: 'directive',
    parameters: { form: 'object', fields: { command: 'directive', n: 1 } },
  });
});

test('names that every object has are no commands', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(parse(name).type, 'unknown', name);
    assert.equal(parse(`{"command":"${name}"}`).type, 'unknown', name);
  }
  assert.equal(parse('{"__proto__":{"command":"status"}}').type, 'refused');
});
