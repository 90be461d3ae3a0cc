import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plan, refuses } from './plan-of.js';

const COMMAND = ['--work-command', 'worktype=w', 'command=c'];

describe('the plan of a kind of work', () => {
  it('has its command, its parameters, and whether others may add to them', async () => {
    const { node } = await plan(...COMMAND, "params=-c 'a b'", 'allowruntimeparams=yes');

    assert.deepEqual(node.workCommands, [
      { workType: 'w', command: 'c', params: "-c 'a b'", allowRuntimeParams: true },
    ]);
  });

  it('does not verify signatures yet', async () => {
    await refuses(
      [...COMMAND, 'verifysignature=true'],
      "VerifySignature for work command 'w' is true, but the work verification public key is not specified",
      'argument 4, --work-command, verifysignature',
    );
    assert.equal((await plan(...COMMAND, 'verifysignature=false')).node.workCommands?.length, 1);
  });

  it('has a name and a command', async () => {
    const place = 'argument 2, --work-command, worktype';
    await refuses(['--work-command', 'worktype=', 'command=c'], 'worktype of --work-command is empty', place);
    await refuses(
      ['--work-command', 'worktype=w', 'command='],
      'command of --work-command is empty',
      'argument 3, --work-command, command',
    );
  });

  it('has parameters that can be split', async () => {
    await refuses(
      [...COMMAND, "params='a"],
      'params of --work-command: EOF found when expecting closing quote',
      'argument 4, --work-command, params',
    );
  });
});
