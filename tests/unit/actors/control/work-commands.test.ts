import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandContext, CommandResult } from '../../../../actors/control/commands.js';
import { workCommands } from '../../../../actors/control/work-commands.js';
import type { WorkDesk } from '../../../../actors/control/work-desk.js';
import type { WorkSubmit } from '../../../../protocol/control/command-line.js';
import type { UnitId } from '../../../../protocol/names.js';
import { ManualHost } from '../../../support/manual-host.js';
import { CommandStage, statusOf, UNIT } from './control-parts.js';

const submit: WorkSubmit = {
  type: 'work.submit',
  node: 'here',
  workType: 'cat',
  params: new Map([['params', 'a b']]),
  tlsClient: '',
  ttl: undefined,
  signWork: false,
  signature: '',
  unitId: undefined,
};
const signed = { unitId: UNIT, signature: 'a token' };
const order = { ...signed, origin: 'network' };
const reply = (line: string): object => ({ type: 'reply', text: `${line}\n` });

type Run = (context: CommandContext) => Promise<CommandResult> | CommandResult;

const ORDERS: readonly (readonly [name: string, asked: keyof WorkDesk, more: readonly object[], run: Run])[] = [
  ['cancel', 'cancel', [], (context) => workCommands['work.cancel']({ type: 'work.cancel', ...signed }, context)],
  [
    'release',
    'release',
    [{ force: false }],
    (context) => workCommands['work.release']({ type: 'work.release', ...signed }, context),
  ],
  [
    'force-release',
    'release',
    [{ force: true }],
    (context) => workCommands['work.force-release']({ type: 'work.force-release', ...signed }, context),
  ],
];

function stage(): CommandStage {
  return new CommandStage(new ManualHost());
}

describe('work submit', () => {
  it('makes a unit, whose input the session then takes', async () => {
    const at = stage();
    at.parts.work.create();
    const result = await workCommands['work.submit'](submit, at.context('unix'));
    assert.deepEqual(result, { type: 'receive', unit: { unitId: UNIT, input: at.parts.work.input } });
    assert.deepEqual(at.parts.work.asked, [{ what: 'submit', with: [submit, 'unix'] }]);
  });

  it('tells why it is refused', async () => {
    const at = stage();
    at.parts.work.refuse('submit', 'unknown work type cat');
    assert.deepEqual(await workCommands['work.submit'](submit, at.context()), reply('ERROR: unknown work type cat'));
  });
});

describe('work list and work status', () => {
  const json =
    '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":6,"WorkType":"cat"}';
  const finished = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 6 });

  it('tell what is known, of one unit or of all', async () => {
    const at = stage();
    const other = 'aFirst' as UnitId;
    at.parts.work.answer('status', { ok: true, value: finished });
    at.parts.work.answer('list', {
      ok: true,
      value: new Map([
        [UNIT, finished],
        [other, finished],
      ]),
    });
    assert.deepEqual(
      await workCommands['work.status']({ type: 'work.status', unitId: UNIT }, at.context()),
      reply(json),
    );
    const list = await workCommands['work.list']({ type: 'work.list', unitId: undefined }, at.context());
    assert.deepEqual(list, reply(`{"aFirst":${json},"${UNIT}":${json}}`));
    assert.deepEqual(at.parts.work.asked, [
      { what: 'status', with: [UNIT] },
      { what: 'list', with: [undefined] },
    ]);
  });

  it('of nothing is an empty object, and of an unknown unit an error', async () => {
    const empty = stage();
    empty.parts.work.answer('list', { ok: true, value: new Map() });
    const list = { type: 'work.list', unitId: undefined } as const;
    assert.deepEqual(await workCommands['work.list'](list, empty.context()), reply('{}'));

    const at = stage();
    const line = `ERROR: unknown work unit ${UNIT}`;
    at.parts.work.refuse('status', `unknown work unit ${UNIT}`);
    at.parts.work.refuse('list', `unknown work unit ${UNIT}`);
    assert.deepEqual(
      await workCommands['work.status']({ type: 'work.status', unitId: UNIT }, at.context()),
      reply(line),
    );
    assert.deepEqual(await workCommands['work.list']({ ...list, unitId: UNIT }, at.context()), reply(line));
  });
});

describe('work cancel and its like', () => {
  for (const [name, asked, more, run] of ORDERS) {
    it(`pass on who asks for a ${name}, and with which signature`, async () => {
      const at = stage();
      const word = name === 'cancel' ? 'cancel pending' : 'release pending';
      at.parts.work.answer(asked, { ok: true, value: word });
      assert.deepEqual(await run(at.context('network')), reply(`{"${word}":"${UNIT}"}`));
      assert.deepEqual(at.parts.work.asked, [{ what: asked, with: [order, ...more] }]);
    });

    it(`tell why a ${name} is refused`, async () => {
      const at = stage();
      at.parts.work.refuse(asked, 'could not verify signature: signature is empty');
      assert.deepEqual(await run(at.context()), reply('ERROR: could not verify signature: signature is empty'));
    });
  }
});

describe('work results and work follow', () => {
  it('leave it to the session to send the output, from the position that was asked for', async () => {
    const at = stage();
    const output = { ...signed, startPosition: 3 };
    const results = await workCommands['work.results']({ type: 'work.results', ...output }, at.context('network'));
    assert.deepEqual(results, { type: 'results', request: { ...order, startPosition: 3 } });
    const follow = await workCommands['work.follow']({ type: 'work.follow', ...output }, at.context('network'));
    assert.deepEqual(follow, { type: 'follow', request: { ...order, startPosition: 3 } });
    assert.deepEqual(at.parts.work.asked, []);
  });
});
