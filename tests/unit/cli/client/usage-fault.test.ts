import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommanderError } from 'commander';
import { clientProgram } from '../../../../cli/client/program.js';
import { UsageFault, unknownCommand, usageComplaint } from '../../../../cli/client/usage-fault.js';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

async function told(...words: readonly string[]): Promise<string> {
  const host = new FakeHost(new ScriptedNode(answering({})));
  assert.equal(await host.run(...words), 2);
  return host.stderr.text;
}

describe('a command line that makes no sense', () => {
  const cases: readonly (readonly [words: string, text: string, hint: string])[] = [
    ['nonsense', "unknown command 'nonsense'", '"receptor --help" lists the commands'],
    ['wrok list', "unknown command 'wrok'", 'did you mean work?'],
    ['work foo', "unknown command 'foo'", '"receptor work --help" lists the commands'],
    ['tcp-peer a:1', "unknown command 'tcp-peer'", 'what describes a node begins with dashes: receptor --tcp-peer'],
    [
      '\u2014node id=a',
      "unknown command '\u2014node'",
      'that is a long dash, as text programs make it; two plain ones are meant: --node',
    ],
    ['status --jsno', "unknown option '--jsno'", 'did you mean --json?'],
    ['ping a --quickly', "unknown option '--quickly'", '"receptor ping --help" lists the options'],
    [
      'work submit sleeper --seconds 60',
      "unknown option '--seconds'",
      '"receptor work submit --help" lists the options; parameters of the work with dashes stand behind --',
    ],
    ['ping', "missing required argument 'node'", 'usage: receptor ping [options] <node>'],
    [
      'ping a b',
      "too many arguments for 'ping'. Expected 1 argument but got 2",
      'usage: receptor ping [options] <node>',
    ],
    ['ping a --count', "option '--count <number>' argument missing", 'usage: receptor ping [options] <node>'],
    [
      'ping a --count x',
      "option '--count <number>' argument 'x' is invalid",
      'a whole number from 1 to 1000000 is expected',
    ],
    ['status -o xml', "option '-o, --output <format>' argument 'xml' is invalid", 'allowed choices are table, json'],
  ];
  for (const [words, text, hint] of cases) {
    it(`is told with its cure: ${words}`, async () => {
      assert.equal(await told(...words.split(' ')), `Error: ${text}\n  ${hint}\n`);
    });
  }

  it('is none where help was asked for', () => {
    const host = new FakeHost(new ScriptedNode(answering({})));
    const program = clientProgram(host, () => undefined);
    const helped = new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)');

    assert.equal(usageComplaint(new UsageFault(helped, program)), undefined);
    assert.equal(unknownCommand('pin', program).hint, 'did you mean ping?');
  });
});
