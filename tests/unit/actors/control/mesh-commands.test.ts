import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROBER } from '../../../../actors/addresses.js';
import { meshCommands, targetNode } from '../../../../actors/control/mesh-commands.js';
import type { ProbeResult } from '../../../../actors/services/probe.actor.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { ManualHost } from '../../../support/manual-host.js';
import { FAR, HERE, NEAR } from '../node-parts.js';
import { clientProfile } from '../security/profiles.js';
import { CommandStage } from './control-parts.js';

const answered: ProbeResult = { from: FAR, elapsedMs: 1.423855, problem: undefined };

function stageWith(...results: readonly (ProbeResult | Error)[]): CommandStage {
  const stage = new CommandStage(new ManualHost());
  let next = 0;
  stage.answer = () => {
    const result = results[Math.min(next, results.length - 1)];
    next += 1;
    return result;
  };
  return stage;
}

async function ping(target: string, stage: CommandStage): Promise<unknown> {
  return await meshCommands.ping({ type: 'ping', target }, stage.context());
}

async function traceroute(target: string, stage: CommandStage): Promise<unknown> {
  return await meshCommands.traceroute({ type: 'traceroute', target }, stage.context());
}

const reply = (text: string): object => ({ type: 'reply', text: `${text}\n` });

describe('ping', () => {
  it('asks for one sign of life with all hops, and tells who gave it and how long it took', async () => {
    const stage = stageWith(answered);
    const line = '{"From":"far","Success":true,"Time":1423855,"TimeStr":"1.423855ms"}';
    assert.deepEqual(await ping('far', stage), reply(line));
    const question = { type: 'probe.wanted', target: FAR, hops: 30, replyTo: 1 };
    assert.deepEqual(stage.questions, [{ to: PROBER, message: question }]);
  });

  it('means this node by localhost, in any case', async () => {
    const stage = stageWith({ ...answered, from: HERE });
    await ping('LocalHost', stage);
    assert.equal(stage.questions[0]?.message['target'], HERE);
  });

  it('fails in the words of the wire, which is no error', async () => {
    for (const problem of [
      'no route to node',
      'timeout',
      'blocked by firewall',
      'message expired',
      'service unknown',
    ]) {
      const stage = stageWith({ from: undefined, elapsedMs: 0, problem });
      assert.deepEqual(await ping('far', stage), reply(`{"Error":"${problem}","Success":false}`));
    }
  });

  it('knows without asking that there is no way to what no node can be called', async () => {
    const stage = stageWith(answered);
    for (const target of ['', 'a\u0007b', 'x'.repeat(256)]) {
      assert.deepEqual(await ping(target, stage), reply('{"Error":"no route to node","Success":false}'));
    }
    assert.deepEqual(stage.questions, []);
  });
});

describe('traceroute', () => {
  const expired = (from: typeof NEAR): ProbeResult => ({ from, elapsedMs: 0.5, problem: 'message expired' });

  it('asks with one hop more each time, and ends where somebody answers', async () => {
    const stage = stageWith(expired(HERE), expired(NEAR), answered);
    const step = (from: string): string => `{"From":"${from}","Time":500000,"TimeStr":"500µs"}`;
    const last = '{"From":"far","Time":1423855,"TimeStr":"1.423855ms"}';
    const line = `{"0":${step('here')},"1":${step('near')},"2":${last}}`;
    assert.deepEqual(await traceroute('far', stage), reply(line));
    assert.deepEqual(
      stage.questions.map(({ message }) => message['hops']),
      [0, 1, 2],
    );
  });

  it('ends with the first problem but that a packet has expired', async () => {
    const lost: ProbeResult = { from: HERE, elapsedMs: 0.000842, problem: 'no route to node' };
    const first = '"0":{"From":"here","Time":500000,"TimeStr":"500µs"}';
    const second = '"1":{"Error":"no route to node","From":"here","Time":842,"TimeStr":"842ns"}';
    assert.deepEqual(await traceroute('far', stageWith(expired(HERE), lost)), reply(`{${first},${second}}`));
    const silent: ProbeResult = { from: undefined, elapsedMs: 10_000, problem: 'timeout' };
    const silence = '{"0":{"Error":"timeout","From":"","Time":10000000000,"TimeStr":"10s"}}';
    assert.deepEqual(await traceroute('far', stageWith(silent)), reply(silence));
  });

  it('ends after the most hops that a packet can have', async () => {
    const stage = stageWith(expired(NEAR));
    await traceroute('far', stage);
    assert.equal(stage.questions.length, 31);
  });

  it('of what no node can be called has one step', async () => {
    const step = '{"Error":"no route to node","From":"here","Time":0,"TimeStr":"0s"}';
    assert.deepEqual(await traceroute('', stageWith(answered)), reply(`{"0":${step}}`));
  });

  it('is given up when nobody answers its questions', async () => {
    await assert.rejects(traceroute('far', stageWith(new Error('the node is being stopped'))), /being stopped/);
  });
});

describe('connect', () => {
  const connect = (stage: CommandStage, node = 'far', service = 'control', tls = ''): Promise<unknown> => {
    return Promise.resolve(meshCommands.connect({ type: 'connect', node, service, tls }, stage.context()));
  };

  it('dials the service, and hands over the session', async () => {
    const stage = stageWith();
    const result = connect(stage);
    const { outside } = stage.parts.streams;
    assert.deepEqual(outside.dials[0]?.address, { node: FAR, service: 'control' });
    assert.deepEqual(Array.from(stage.self.owned.keys()), ['dial']);
    const session = outside.open();
    assert.deepEqual(await result, { type: 'bridge', session });
    assert.deepEqual(Array.from(stage.self.owned.keys()), [], 'what is open is the business of whoever gets it');
  });

  it('tells why a dial led to nothing', async () => {
    const stage = stageWith();
    const result = connect(stage);
    stage.parts.streams.outside.fail({ code: 'service-unknown', text: 'context canceled' });
    assert.deepEqual(await result, reply('ERROR: context canceled'));
    assert.deepEqual(Array.from(stage.self.owned.keys()), []);
  });

  it('dials no more once its session is over', async () => {
    const stage = stageWith();
    connect(stage);
    assert.deepEqual(stage.parts.leftOpen(), ['a dial or a place']);
    stage.self.close();
    await settlePromises();
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('dials with the TLS configuration that it is told', async () => {
    const stage = stageWith();
    stage.parts.security.replace({ servers: new Map(), clients: new Map([['c', clientProfile()]]) });

    void connect(stage, 'far', 'control', 'c');

    const targets: readonly unknown[] = stage.parts.streams.outside.dials.map(({ address }) => address);
    assert.deepEqual(targets, [{ node: 'far', service: 'control', tls: 'c' }]);
  });

  it('does not dial what cannot be', async () => {
    const stage = stageWith();
    for (const [node, service, tls, text] of [
      ['far', 'control', 'nope', 'unknown TLS config nope'],
      ['', 'control', 'nope', 'unknown TLS config nope'],
      ['', 'control', '', 'no route to node'],
      ['far', 'muchtoolong', '', 'service name too long'],
      ['far', '', '', 'context canceled'],
      ['localhost', '', '', 'service unknown'],
      ['here', 'a\u0007', '', 'service unknown'],
    ] as const) {
      assert.deepEqual(await connect(stage, node, service, tls), reply(`ERROR: ${text}`));
    }
    assert.deepEqual(stage.parts.streams.outside.dials, []);
  });
});

describe('the node that a user means', () => {
  it('is this one for localhost, whoever is called so, or nobody', () => {
    const context = new CommandStage(new ManualHost()).context();
    assert.deepEqual(
      ['localhost', 'LOCALHOST', 'here', 'far', ' far', ''].map((text) => targetNode(text, context)),
      [HERE, HERE, HERE, FAR, ' far', undefined],
    );
  });
});
