import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DIRECTORY, ROUTER } from '../../../../actors/addresses.js';
import { nodeCommands } from '../../../../actors/control/node-commands.js';
import { parseGoTime } from '../../../../protocol/go-time.js';
import { ManualHost } from '../../../support/manual-host.js';
import { FAR, HERE, NEAR } from '../node-parts.js';
import { CommandStage } from './control-parts.js';

const TIME = '2026-11-20T23:13:58.232106735Z';

function stage(): CommandStage {
  const time = parseGoTime(TIME);
  assert.ok(time.ok);
  const common = { nodeId: FAR, time: time.value, connType: 1, cancel: false, extensions: new Map() };
  const views: Readonly<Record<string, unknown>> = {
    'view.read': {
      connections: new Map([[NEAR, 1]]),
      routes: new Map([
        [NEAR, NEAR],
        [FAR, NEAR],
      ]),
      knownCosts: new Map([[HERE, new Map([[NEAR, 1]])]]),
    },
    'adverts.read': [
      {
        ...common,
        service: 'control',
        tags: new Map([['type', 'Control Service']]),
        workCommands: [{ workType: 'cat', secure: true }],
      },
      { ...common, service: 'shell', tags: null, workCommands: null },
    ],
  };
  const made = new CommandStage(new ManualHost());
  made.answer = ({ type }) => views[`${type}`];
  return made;
}

async function status(at: CommandStage, requestedFields?: readonly string[]): Promise<unknown> {
  return await nodeCommands.status({ type: 'status', requestedFields }, at.context());
}

describe('status', () => {
  it('tells the eight fields that clients look for, in the form in which they look', async () => {
    const at = stage();
    const adverts = [
      `{"NodeID":"far","Service":"control","Time":"${TIME}","ConnType":1,"Tags":{"type":"Control Service"},"WorkCommands":[{"WorkType":"cat","Secure":true}]}`,
      `{"NodeID":"far","Service":"shell","Time":"${TIME}","ConnType":1,"Tags":null,"WorkCommands":null}`,
    ];
    const fields = [
      `"Advertisements":[${adverts.join(',')}]`,
      '"Connections":[{"NodeID":"near","Cost":1}]',
      '"KnownConnectionCosts":{"here":{"near":1}}',
      '"NodeID":"here"',
      '"RoutingTable":{"far":"near","near":"near"}',
      '"SystemCPUCount":2',
      '"SystemMemoryMiB":4096',
      '"Version":"1.2.3"',
    ];
    assert.deepEqual(await status(at), { type: 'reply', text: `{${fields.join(',')}}\n` });
    assert.deepEqual(
      at.questions.map(({ to, message }) => [to, message.type]),
      [
        [ROUTER, 'view.read'],
        [DIRECTORY, 'adverts.read'],
      ],
    );
  });

  it('tells only what is asked for, and passes over what there is not', async () => {
    const text = '{"Connections":[{"NodeID":"near","Cost":1}],"NodeID":"here"}\n';
    assert.deepEqual(await status(stage(), ['NodeID', 'bogus', 'Connections']), { type: 'reply', text });
  });

  it('asks nobody for what every client wants first', async () => {
    const at = stage();
    assert.deepEqual(await status(at, ['Version']), { type: 'reply', text: '{"Version":"1.2.3"}\n' });
    assert.deepEqual(await status(at, []), { type: 'reply', text: '{}\n' });
    const facts = '{"NodeID":"here","SystemCPUCount":2,"SystemMemoryMiB":4096}\n';
    const wanted = ['SystemCPUCount', 'SystemMemoryMiB', 'NodeID'];
    assert.deepEqual(await status(at, wanted), { type: 'reply', text: facts });
    assert.deepEqual(at.questions, []);
  });

  it('is no answer when those who know do not answer', async () => {
    const at = stage();
    at.answer = () => new Error('no answer within 5000 ms');
    await assert.rejects(status(at), /no answer/);
  });
});

describe('reload', () => {
  it('says that there is no file to read again', () => {
    const text = 'no configuration file was provided, reload function not set ERRORCODE 4';
    for (const mode of ['reference', 'difference'] as const) {
      assert.deepEqual(nodeCommands.reload({ type: 'reload', mode }, stage().context()), {
        type: 'reply',
        text: `{"Error":"${text}","Success":false}\n`,
      });
    }
  });
});
