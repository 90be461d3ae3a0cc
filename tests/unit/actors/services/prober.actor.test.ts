import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { ProbeResult } from '../../../../actors/services/probe.actor.js';
import { proberActor } from '../../../../actors/services/prober.actor.js';
import { childAddress, rootAddress } from '../../../../runtime/address.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, NEAR, NodeParts } from '../node-parts.js';

const driver = new MachineDriver(proberActor);
const wanted = { type: 'probe.wanted', target: FAR, hops: 30, replyTo: 2 as ReplyTo };
const ended = {
  type: 'child.ended',
  child: childAddress(rootAddress('node'), 'probe'),
  kind: 'probe',
  outcome: { type: 'stopped' },
};

after(() => driver.atLeast(1));

describe('the machine of a prober', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(proberActor);
  });

  it('raises a probe for each who asks, and refuses beyond its limit until one ends', () => {
    const machine = driver.start(undefined);
    for (let probe = 0; probe < 10_000; probe += 1) {
      assert.equal(machine.send(wanted)[0]?.type, 'raise-probe');
    }
    assert.deepEqual(machine.send(wanted), [{ type: 'refuse', replyTo: wanted.replyTo }]);
    machine.send(ended);
    assert.deepEqual(machine.send(wanted), [
      { type: 'raise-probe', input: { target: FAR, hops: 30, replyTo: wanted.replyTo } },
    ]);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('a prober', () => {
  it('answers who asks beyond its limit', async () => {
    const stage = new ActorStage();
    stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    const prober = stage.raise(proberActor, undefined);
    const ask = (): Promise<ProbeResult> => {
      const asked = stage.system.ask<ProbeResult>(prober, (replyTo) => ({ ...wanted, replyTo }), 60_000);
      stage.host.run();
      return asked;
    };
    const asked = Array.from({ length: 10_001 }, ask);
    stage.host.advance(10_000);
    const results = await Promise.all(asked);

    assert.equal(results.filter(({ problem }) => problem === 'timeout').length, 10_000);
    assert.equal(results.at(-1)?.problem, 'too many pings at once');
    assert.equal(stage.system.counts().actors, 2);
    assert.equal(stage.parts.forwarder.services.size, 0);
  });

  it('ends its probes when it is stopped, and whoever asked hears of it', async () => {
    const stage = new ActorStage();
    stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    const prober = stage.raise(proberActor, undefined);
    const asked = stage.system.ask<ProbeResult>(prober, (replyTo) => ({ ...wanted, replyTo }), 60_000);
    stage.host.run();
    stage.stop(prober);

    await assert.rejects(asked, /ended before it answered/);
    assert.equal(stage.system.counts().actors, 1);
  });

  it('fails as an actor, and leaves nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      definition: proberActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: { serving: ({ send }) => send(wanted) },
    });
  });
});
