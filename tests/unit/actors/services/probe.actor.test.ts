import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { pingActor } from '../../../../actors/services/ping.actor.js';
import { type ProbeInput, type ProbeResult, probeActor } from '../../../../actors/services/probe.actor.js';
import { proberActor } from '../../../../actors/services/prober.actor.js';
import { unreachableActor } from '../../../../actors/services/unreachable.actor.js';
import type { NodeId } from '../../../../protocol/names.js';
import { composeAnswer, hopsToLive } from '../../../../protocol/netceptor/datagram.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, HERE, NEAR, NodeParts, nodeId } from '../node-parts.js';

const driver = new MachineDriver(probeActor);
const replyTo = 6 as ReplyTo;
const input: ProbeInput = { target: FAR, hops: 30, replyTo };

after(() => driver.atLeast(1));

describe('the machine of a probe', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(probeActor);
  });

  it('asks, and settles with what comes first', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [
      { type: 'arm-timer', name: 'deadline', delayMs: 10_000 },
      { type: 'send-ping', target: FAR, hops: 30 },
    ]);
    assert.deepEqual(machine.send({ type: 'answer.received', from: FAR, elapsedMs: 7 }), [
      { type: 'tell-result', replyTo, result: { from: FAR, elapsedMs: 7, problem: undefined } },
    ]);
    assert.equal(machine.isDone, true);
  });

  it('settles with a problem, at its deadline, and when it is stopped', () => {
    const ends = [
      [
        { type: 'problem.received', from: NEAR, problem: 'message expired', elapsedMs: 3 },
        { from: NEAR, elapsedMs: 3, problem: 'message expired' },
      ],
      [{ type: 'timer.deadline' }, { from: undefined, elapsedMs: 10_000, problem: 'timeout' }],
      [{ type: 'stop' }, { from: undefined, elapsedMs: 0, problem: 'netceptor shutdown' }],
    ] as const;
    for (const [message, result] of ends) {
      assert.deepEqual(driver.start(input).send(message), [{ type: 'tell-result', replyTo, result }]);
    }
  });
});

/** Asks with a prober and probes; the test moves time. */
class ProbeStage extends ActorStage {
  readonly prober = this.raise(proberActor, undefined);

  constructor() {
    super();
    this.raise(pingActor, undefined);
    this.raise(unreachableActor, undefined);
  }

  ask(target: NodeId, hops = 30): Promise<ProbeResult> {
    const asked = this.system.ask<ProbeResult>(
      this.prober,
      (to) => ({ type: 'probe.wanted', target, hops, replyTo: to }) as never,
      60_000,
    );
    this.host.run();
    return asked;
  }
}

describe('a probe', () => {
  it('of ourselves is answered at once', async () => {
    const stage = new ProbeStage();
    const result = await stage.ask(HERE);
    assert.deepEqual(result, { from: HERE, elapsedMs: 0, problem: undefined });
    assert.deepEqual(stage.alarms, []);
  });

  it('without hops finds the first node, which is this one', async () => {
    const stage = new ProbeStage();
    const result = await stage.ask(nodeId('nowhere'), 0);
    assert.deepEqual([result.from, result.problem], [HERE, 'message expired']);
  });

  it('of a node to which nobody knows the way fails at once', async () => {
    const result = await new ProbeStage().ask(nodeId('nowhere'));
    assert.deepEqual([result.from, result.problem], [HERE, 'no route to node']);
  });

  it('tells who answered and how long it took', async () => {
    const stage = new ProbeStage();
    const near = stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    const asked = stage.ask(FAR, 9);
    const question = near.sends.flat()[0]?.subarray(2);
    assert.ok(question !== undefined);
    assert.equal(hopsToLive(question, 0), 8);
    stage.host.advance(40);
    const answer = composeAnswer(question, 0);
    stage.parts.forwarder.pass(answer, 0, answer.length, false);
    stage.host.run();

    assert.deepEqual(await asked, { from: FAR, elapsedMs: 40, problem: undefined });
    assert.equal(stage.parts.forwarder.services.size, 2, 'only ping and unreach are left');
  });

  it('without an answer ends after ten seconds', async () => {
    const stage = new ProbeStage();
    stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    const asked = stage.ask(FAR);
    stage.host.advance(10_000);

    assert.equal((await asked).problem, 'timeout');
    assert.equal(stage.parts.forwarder.services.size, 2);
  });

  it('into a full lane fails at once', async () => {
    const stage = new ProbeStage();
    stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    stage.parts.forwarder.lanes.get(NEAR)?.shut();

    assert.equal((await stage.ask(FAR)).problem, 'the link to the next node is full');
  });

  it('fails as an actor, and leaves nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      definition: probeActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        ports.neighbour(NEAR);
        ports.forwarder.setRoutes(new Map([[FAR, NEAR]]));
        return { ports, leftOpen: () => ports.leftOpen().filter((left) => left !== `lane to ${NEAR}`) };
      },
      input: () => input,
      scripts: { waiting: () => undefined },
    });
  });
});
