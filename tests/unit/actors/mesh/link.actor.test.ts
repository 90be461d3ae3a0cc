import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { linkActor } from '../../../../actors/mesh/link.actor.js';
import type { LinkInput, LinkResult } from '../../../../actors/mesh/link-vocabulary.js';
import { extensionFields, NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import { KIN_FIELD } from '../../../../protocol/netceptor/link-probe.js';
import type { RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import type { Message } from '../../../../runtime/message.js';
import { assertFaultsAreFailures, type FaultMatrix } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR, HERE, IDLE_LIMIT_MS, NEAR, NodeParts } from '../node-parts.js';
import { updateOf } from './updates.js';

const driver = new MachineDriver(linkActor);
const input: LinkInput = {
  session: 3,
  self: HERE,
  policy: { cost: 2, nodeCosts: {}, allowedPeers: undefined },
  idleLimitMs: IDLE_LIMIT_MS,
};
const KIN = extensionFields([[KIN_FIELD, {}]]);
const kinFields = KIN.ok ? KIN.value : NO_EXTENSIONS;

function received(update: RouteUpdate): { readonly type: 'update.received'; readonly update: RouteUpdate } {
  return { type: 'update.received', update };
}

const greeting = received(updateOf(NEAR, { extensions: kinFields }));
const goGreeting = received(updateOf(NEAR));
const granted = { type: 'claim.granted' };
const pulse = { type: 'timer.pulse' };

/** The neighbour's own update, `sequence` of its life, with or without us. */
function own(sequence: bigint, cost?: number): ReturnType<typeof received> {
  const connections = cost === undefined ? new Map() : new Map([[HERE, cost]]);
  return received(updateOf(NEAR, { updateSequence: sequence, connections }));
}

function silence(silentMs: number): { readonly type: 'silence.measured'; readonly silentMs: number } {
  return { type: 'silence.measured', silentMs };
}

function link(...messages: readonly Message[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

function assertEnded(machine: DrivenMachine, code: LinkResult['code']): void {
  assert.equal(machine.isDone, true, machine.isDone ? '' : machine.state);
  assert.equal((machine.output as LinkResult).code, code);
}

after(() => driver.atLeast(1));

describe('the machine of a link', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(linkActor);
  });

  it('greets at once, every second, and for ten seconds', () => {
    const machine = driver.start(input);
    const greet = [{ type: 'greet' }, { type: 'arm-timer', name: 'greet', delayMs: 1_000 }];
    assert.deepEqual(machine.wishes, [
      { type: 'attach', session: 3 },
      ...greet,
      { type: 'arm-timer', name: 'greeting', delayMs: 10_000 },
    ]);
    assert.deepEqual(machine.send({ type: 'timer.greet' }), greet);

    const wishes = machine.send({ type: 'timer.greeting' });
    assert.deepEqual(
      wishes.map(({ type }) => type),
      ['disarm-timer', 'disarm-timer', 'tell-closed'],
    );
    assertEnded(machine, 'no-greeting');
  });

  it('claims who greets, and is established when the claim is granted', () => {
    const machine = link();
    assert.deepEqual(machine.send(greeting), [
      { type: 'disarm-timer', name: 'greet' },
      { type: 'disarm-timer', name: 'greeting' },
      { type: 'claim', peer: NEAR },
    ]);
    assert.deepEqual(machine.send(granted), [
      { type: 'announce', peer: NEAR, cost: 2 },
      { type: 'open', peer: NEAR, cost: 2 },
      { type: 'arm-timer', name: 'pulse', delayMs: 1_250 },
    ]);
    assert.equal(machine.state, 'established.unconfirmed');
  });

  it('looks after a Go node less often', () => {
    const wishes = link(goGreeting).send(granted);
    assert.deepEqual(wishes.at(-1), { type: 'arm-timer', name: 'pulse', delayMs: 5_000 });
  });

  it('does not take the greeting for routing information', () => {
    const machine = link();
    const wishes = machine.sendAll([goGreeting, granted]);
    assert.ok(!wishes.some(({ type }) => type === 'pass-update'));
  });
});

describe('a link that is refused', () => {
  it('says why, flushes, and ends: our own id', () => {
    const machine = link();
    const wishes = machine.send(received(updateOf(HERE)));
    const reason = 'here tried to connect using our own node ID';
    assert.deepEqual(wishes.at(-2), { type: 'send-reject', reason });
    assert.deepEqual(wishes.at(-1), {
      type: 'tell-closed',
      result: { code: 'refused-own-id', text: reason, peer: HERE },
    });
    assertEnded(machine, 'refused-own-id');
  });

  it('because it is not allowed, or connected already', () => {
    const machine = driver.start({ ...input, policy: { ...input.policy, allowedPeers: [FAR] } });
    machine.send(goGreeting);
    assertEnded(machine, 'refused-not-allowed');

    assertEnded(link(goGreeting, { type: 'claim.refused' }), 'refused-connected-already');
  });

  it('because the neighbour changes its id, disagrees on the cost, or lists us no more', () => {
    assertEnded(link(goGreeting, granted, received(updateOf(FAR))), 'refused-id-changed');
    assertEnded(link(goGreeting, granted, own(2n, 3)), 'refused-cost');
    assertEnded(link(goGreeting, granted, own(2n, 2), own(3n, 1)), 'refused-cost');
    assertEnded(link(goGreeting, granted, own(2n, 2), own(3n)), 'refused-not-listed');
  });
});

describe('a link that is established', () => {
  it('is confirmed by the first update that lists us; late greetings mean nothing', () => {
    const machine = link(goGreeting, granted);
    assert.deepEqual(machine.send(own(2n)), []);
    assert.equal(machine.state, 'established.unconfirmed');

    const listing = own(3n, 2);
    assert.deepEqual(machine.send(listing), [{ type: 'pass-update', update: listing.update }]);
    assert.equal(machine.state, 'established.confirmed');
  });

  it('passes on what the neighbour tells of itself and of others', () => {
    const news = received(updateOf(FAR, { forwardingNode: NEAR }));
    const machine = link(goGreeting, granted);
    assert.deepEqual(machine.send(news), [{ type: 'pass-update', update: news.update }]);
    machine.send(own(3n, 2));
    const next = own(4n, 2);
    assert.deepEqual(machine.send(next), [{ type: 'pass-update', update: next.update }]);
  });

  it('passes over what the neighbour said before what was heard already', () => {
    const machine = link(goGreeting, granted, own(5n, 2));
    assert.deepEqual(machine.send(own(4n)), []);
    assert.equal(machine.state, 'established.confirmed');
  });

  it('tells a router that begins anew of itself', () => {
    const machine = link(goGreeting, granted);
    assert.deepEqual(machine.send({ type: 'router.started' }), [{ type: 'announce', peer: NEAR, cost: 2 }]);
  });

  it('measures the silence at every pulse', () => {
    const machine = link(goGreeting, granted);
    assert.deepEqual(machine.send(pulse), [{ type: 'measure-silence' }]);
    assert.deepEqual(machine.send(silence(9_000)), [{ type: 'arm-timer', name: 'pulse', delayMs: 5_000 }]);
    machine.send(silence(IDLE_LIMIT_MS + 1));
    assertEnded(machine, 'silent');
  });

  it('asks a quiet neighbour of our kind for a sign of life, suspects it, and gives it up', () => {
    const armed = { type: 'arm-timer', name: 'pulse', delayMs: 1_250 };
    const machine = link(greeting, granted, own(2n, 2));
    assert.deepEqual(machine.send(silence(1_250)), [{ type: 'probe' }, armed]);
    assert.deepEqual(machine.send(silence(2_700)), [
      { type: 'tell-suspect', peer: NEAR, silentMs: 2_700 },
      { type: 'probe' },
      armed,
    ]);
    assert.equal(machine.state, 'established.suspect');
    assert.deepEqual(machine.send(silence(3_900)), [{ type: 'probe' }, armed]);
    machine.send(silence(5_000));
    assertEnded(machine, 'silent');
  });

  it('trusts a suspect again that gives a sign of life', () => {
    const machine = link(greeting, granted, own(2n, 2), silence(2_700));
    machine.send(silence(10));
    assert.equal(machine.state, 'established.confirmed');
  });

  it('does not suspect a neighbour that has not confirmed it, but gives it up all the same', () => {
    const machine = link(greeting, granted);
    assert.deepEqual(machine.send(silence(2_700)), [{ type: 'arm-timer', name: 'pulse', delayMs: 1_250 }]);
    machine.send(silence(5_000));
    assertEnded(machine, 'silent');
  });
});

describe('the end of a link', () => {
  const states: readonly (readonly [string, readonly Message[]])[] = [
    ['greeting', []],
    ['claiming', [goGreeting]],
    ['established.unconfirmed', [goGreeting, granted]],
    ['established.confirmed', [goGreeting, granted, own(2n, 2)]],
    ['established.suspect', [greeting, granted, own(2n, 2), silence(2_700)]],
  ];

  for (const [state, before] of states) {
    it(`comes in ${state} by the session, a rejection, or a stop`, () => {
      const fault = { code: 'ECONNRESET', text: 'read ECONNRESET' };
      const ends = [
        [{ type: 'session.closed', fault }, 'lost'],
        [{ type: 'session.closed', fault: undefined }, 'lost'],
        [{ type: 'session.missing' }, 'lost'],
        [{ type: 'reject.received', reason: 'no' }, 'rejected-by-peer'],
        [{ type: 'stop' }, 'stopped'],
      ] as const;
      for (const [message, code] of ends) {
        const machine = link(...before);
        assert.equal(machine.state, state);
        machine.send(message);
        assertEnded(machine, code);
      }
    });
  }
});

/** For a session whose giver is the test. */
const giver = { own: () => ({ close: () => undefined, release: () => undefined }) };

interface Outside {
  readonly ports: NodeParts;
  readonly session: number;
  leftOpen(): readonly string[];
}

const matrix: Omit<FaultMatrix<LinkInput, Outside>, 'scripts'> = {
  definition: linkActor,
  outside: (host) => {
    const ports = new NodeParts(host);
    const session = ports.handover.put(giver, ports.sessions.session());
    return { ports, session, leftOpen: () => ports.leftOpen() };
  },
  input: ({ session }) => ({ ...input, session }),
};

describe('a link', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      ...matrix,
      scripts: {
        greeting: () => undefined,
        'established.unconfirmed': ({ send }) => [greeting, granted].forEach(send),
        'established.confirmed': ({ send }) => [greeting, granted, own(2n, 2)].forEach(send),
        'established.suspect': ({ send }) => [greeting, granted, own(2n, 2), silence(2_700)].forEach(send),
      },
      waived: ['claiming'],
    });
  });

  it('fails in the same way while it waits for the router', async () => {
    // There is no router in this test, which would answer at once: nobody is asked.
    const effects: typeof linkActor.effects = (ports, self) => ({
      ...linkActor.effects(ports, self),
      claim: () => undefined,
    });
    await assertFaultsAreFailures({
      ...matrix,
      definition: { ...linkActor, effects },
      scripts: { claiming: ({ send }) => send(greeting) },
      waived: ['greeting', 'established.unconfirmed', 'established.confirmed', 'established.suspect'],
    });
  });
});
