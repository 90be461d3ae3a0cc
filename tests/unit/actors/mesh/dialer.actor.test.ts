import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { PLAIN_WAY } from '../../../../actors/mesh/dial-way.js';
import { type DialerInput, dialerActor } from '../../../../actors/mesh/dialer.actor.js';
import type { LinkEndCode } from '../../../../actors/topics.js';
import { childAddress, rootAddress } from '../../../../runtime/address.js';
import type { Message } from '../../../../runtime/message.js';
import type { Outcome } from '../../../../runtime/self.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { NodeParts } from '../node-parts.js';
import { PLACE, REFUSED } from '../recording-sessions.js';

const driver = new MachineDriver(dialerActor);
const link = { cost: 1, nodeCosts: {}, allowedPeers: undefined };
const input: DialerInput = { address: PLACE, redial: true, way: PLAIN_WAY, link };
const once: DialerInput = { ...input, redial: false };
const opened = { type: 'dial.opened', session: 5 };
const failed = { type: 'dial.failed', fault: REFUSED };

function ended(outcome: Outcome): Message & { readonly outcome: Outcome } {
  return { type: 'child.ended', child: childAddress(rootAddress('node'), 'link'), kind: 'link', outcome } as never;
}

function linkEnded(code: LinkEndCode): Message {
  return ended({ type: 'done', output: { code, text: `it ended: ${code}`, peer: undefined } });
}

/** How long the next dial is waited for, without the part that chance takes away. */
function delayOf(wishes: readonly (Message & Readonly<Record<string, unknown>>)[]): number {
  const armed = wishes.find((wish) => wish.type === 'arm-timer' && wish['name'] === 'redial');
  return Number(armed?.['delayMs']);
}

after(() => driver.atLeast(1));

describe('the machine of a dialer', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(dialerActor);
  });

  it('dials, raises a link on what opens, and waits for its end', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [
      { type: 'dial', address: PLACE, way: PLAIN_WAY },
      { type: 'arm-timer', name: 'deadline', delayMs: 15_000 },
    ]);
    assert.deepEqual(machine.send(opened), [
      { type: 'disarm-timer', name: 'deadline' },
      { type: 'raise-link', session: 5, policy: link },
      { type: 'arm-timer', name: 'lasting', delayMs: 10_000 },
    ]);
    machine.send(linkEnded('lost'));
    assert.equal(machine.state, 'waiting');
    assert.deepEqual(machine.send({ type: 'timer.redial' })[0], { type: 'dial', address: PLACE, way: PLAIN_WAY });
  });

  it('tells of a dial that fails, and waits longer each time, up to 20 s', () => {
    const machine = driver.start(input);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const wishes = machine.send(failed);
      assert.deepEqual(wishes[1], { type: 'tell-failed', address: PLACE, fault: REFUSED, willRetry: true });
      delays.push(delayOf(wishes));
      machine.send({ type: 'timer.redial' });
    }

    assert.deepEqual(delays.slice(0, 3).map(Math.round), [100, 170, 289]);
    assert.ok(delays.every((delay, at) => delay >= (delays[at - 1] ?? 0)));
    assert.equal(delays.at(-1), 20_000);
  });

  it('gives a dial up that takes too long', () => {
    const machine = driver.start(input);
    const wishes = machine.send({ type: 'timer.deadline' });
    assert.deepEqual(wishes[1], { type: 'give-up-dial' });
    assert.equal(machine.state, 'waiting');
    assert.deepEqual((wishes[2] as unknown as { readonly fault: unknown }).fault, {
      code: 'ETIMEDOUT',
      text: 'no connection within 15 s',
    });
  });

  it('waits long for a neighbour that refuses us, up to a minute', () => {
    const machine = driver.start(input);
    const delays: number[] = [];
    for (const code of ['refused-cost', 'rejected-by-peer', ...new Array<LinkEndCode>(60).fill('refused-own-id')]) {
      machine.send(opened);
      delays.push(delayOf(machine.send(linkEnded(code as LinkEndCode))));
      machine.send({ type: 'timer.redial' });
    }

    assert.deepEqual(delays.slice(0, 2), [2_000, 3_400]);
    assert.equal(delays.at(-1), 60_000);
  });

  it('begins with short delays again after a link that lasted', () => {
    const machine = driver.start(input);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      machine.sendAll([failed, { type: 'timer.redial' }]);
    }
    machine.sendAll([opened, { type: 'timer.lasting' }]);
    assert.equal(delayOf(machine.send(linkEnded('lost'))), 100);

    machine.sendAll([{ type: 'timer.redial' }, opened, { type: 'timer.lasting' }]);
    assert.equal(delayOf(machine.send(linkEnded('rejected-by-peer'))), 2_000);
  });

  it('takes a link that fails or is stopped for a loss', () => {
    for (const outcome of [{ type: 'failed', code: 'x', text: 'a bug' }, { type: 'stopped' }] as const) {
      const machine = driver.start(input);
      machine.send(opened);
      assert.equal(delayOf(machine.send(ended(outcome))), 100);
    }
  });

  it('dials once only where it is told so, and says when it gives up', () => {
    for (const messages of [[failed], [opened, linkEnded('lost')], [{ type: 'timer.deadline' }]]) {
      const machine = driver.start(once);
      const wishes = machine.sendAll(messages);
      assert.equal(machine.state, 'resigned');
      assert.deepEqual(wishes.at(-1), { type: 'tell-given-up', address: PLACE });
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });

  it('turns a session away that opens in the very moment in which the dial was given up', () => {
    for (const start of [input, once]) {
      const machine = driver.start(start);
      machine.send({ type: 'timer.deadline' });
      assert.deepEqual(machine.send(opened), [{ type: 'turn-away', session: 5 }]);
    }
  });

  it('stops in every state', () => {
    const before: readonly (readonly Message[])[] = [[], [opened], [failed]];
    for (const messages of before) {
      const machine: DrivenMachine = driver.start(input);
      machine.sendAll(messages);
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });
});

describe('a dialer', () => {
  it('raises its links below itself, each with a name of its own', async () => {
    const stage = new ActorStage();
    const dialer = stage.raise(dialerActor, input);
    const first = stage.parts.sessions.open();
    stage.host.run();
    assert.equal(stage.state(childAddress(dialer, 'link-1')), 'greeting');
    assert.match(first.text, /"NodeID":"here"/);

    first.break({ code: 'ECONNRESET', text: 'reset' });
    stage.host.advance(200);
    stage.parts.sessions.open();
    stage.host.run();
    assert.equal(stage.state(childAddress(dialer, 'link-2')), 'greeting');
    assert.deepEqual(stage.alarms, []);
  });

  it('tells the mesh what came of its dials', () => {
    const stage = new ActorStage();
    stage.raise(dialerActor, once);
    stage.parts.sessions.fail();
    stage.host.run();

    assert.deepEqual(stage.heard('dial.failed'), [{ address: PLACE, fault: REFUSED, willRetry: false }]);
    assert.deepEqual(stage.heard('peer.given-up'), [{ address: PLACE }]);
    assert.deepEqual(stage.alarms, []);
  });

  it('gives up a dial at its deadline and when it is stopped', () => {
    const stage = new ActorStage();
    const dialer = stage.raise(dialerActor, input);
    stage.host.advance(15_000);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.equal(stage.heard('dial.failed').length, 1);

    stage.host.advance(200);
    assert.equal(stage.parts.sessions.dials.length, 2);
    stage.stop(dialer);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('leaves no session open that came too late', () => {
    const stage = new ActorStage();
    const dialer = stage.raise(dialerActor, input);
    const { clock } = stage.host;
    // Both happen before any actor has its turn, as on a busy machine.
    clock.moveTo(15_000);
    clock.fireNext(15_000);
    const session = stage.parts.sessions.open();
    stage.host.run();

    assert.equal(stage.state(dialer), 'waiting');
    assert.equal(session.isOver, true);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: dialerActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => input,
      scripts: {
        dialing: () => undefined,
        linked: ({ outside }) => void outside.ports.sessions.open(),
        waiting: ({ outside }) => outside.ports.sessions.fail(),
      },
      waived: ['resigned'],
    });
    await assertFaultsAreFailures({
      definition: dialerActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => once,
      scripts: { resigned: ({ outside }) => outside.ports.sessions.fail() },
      waived: ['dialing', 'linked', 'waiting'],
    });
  });
});
