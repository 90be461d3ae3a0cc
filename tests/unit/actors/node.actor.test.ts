import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createMachine } from 'xstate';
import { NODE } from '../../../actors/addresses.js';
import { type NodeEnd, type NodeInput, nodeActor } from '../../../actors/node.actor.js';
import type { PlannedPart } from '../../../actors/ports.js';
import { duplicateNode, nodeStarted, partFailed, partReady } from '../../../actors/topics.js';
import { type Address, childAddress } from '../../../runtime/address.js';
import { type ActorDefinition, actorsOver } from '../../../runtime/define-actor.js';
import type { Message } from '../../../runtime/message.js';
import type { Outcome, Self } from '../../../runtime/self.js';
import type { SupervisionPolicy } from '../../../runtime/supervisor.js';
import { TELL_PARENT } from '../../../runtime/supervisor.js';
import { assertFaultsAreFailures } from '../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../support/machine-driver.js';
import { assertExplicit } from '../../support/machine-table.js';
import { ManualHost, RecordLog } from '../../support/manual-host.js';
import { HERE, NEAR } from './node-parts.js';
import { PLACE, REFUSED } from './recording-sessions.js';

const driver = new MachineDriver(nodeActor);
after(() => driver.atLeast(1));

const input: NodeInput = { parts: ['router', 'control-1', 'dialer-1'] };
const armed = { type: 'arm-timer', name: 'part', delayMs: 30_000 };
const disarmed = { type: 'disarm-timer', name: 'part' };

function ready(part: string): Message {
  return { type: 'part.ready', part: childAddress(NODE, part) } as Message;
}

function failed(part: string): Message {
  return { type: 'part.failed', part: childAddress(NODE, part), address: PLACE, fault: REFUSED } as Message;
}

function childEnded(part: string, outcome: Outcome): Message {
  return { type: 'child.ended', child: childAddress(NODE, part), kind: 'part', outcome } as Message;
}

function node(...messages: readonly Message[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

function assertEnded(machine: DrivenMachine, end: NodeEnd): void {
  assert.equal(machine.isDone, true);
  assert.deepEqual(machine.output, end);
}

const allReady = input.parts.map(ready);

describe('the machine of a node', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(nodeActor);
  });

  it('raises one part after another, each when the one before it is ready', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'hear-parts' }, { type: 'raise-part', index: 0 }, armed]);
    assert.deepEqual(machine.send(ready('router')), [disarmed, { type: 'raise-part', index: 1 }, armed]);
    assert.deepEqual(machine.send(ready('control-1')), [disarmed, { type: 'raise-part', index: 2 }, armed]);
    assert.deepEqual(machine.send(ready('dialer-1')), [disarmed, { type: 'tell-started' }]);
    assert.equal(machine.state, 'running');
  });

  it('goes on waiting when another part loses its place, or finds it again', () => {
    const machine = node(ready('router'));
    assert.deepEqual(machine.sendAll([failed('router'), ready('router')]), []);
    assert.deepEqual(machine.send(ready('control-1'))[1], { type: 'raise-part', index: 2 });
  });

  it('ends when the part that it waits for fails, and says which and why', () => {
    const machine = node(ready('router'), failed('control-1'));
    assertEnded(machine, { type: 'start-failed', part: 'control-1', address: PLACE, fault: REFUSED });
  });

  it('ends when a part ends while it starts', () => {
    const faults = [
      [
        { type: 'failed', code: 'a-code', text: 'a bug' },
        { code: 'a-code', text: 'a bug' },
      ],
      [{ type: 'stopped' }, { code: 'part-ended', text: 'it ended (stopped)' }],
    ] as const;
    for (const [outcome, fault] of faults) {
      const machine = node(childEnded('router', outcome));
      assertEnded(machine, { type: 'start-failed', part: 'router', address: undefined, fault });
    }
  });

  it('ends when a part is not ready in time', () => {
    const machine = node(ready('router'), { type: 'timer.part' });
    const fault = { code: 'ETIMEDOUT', text: 'not ready within 30 s' };
    assertEnded(machine, { type: 'start-failed', part: 'control-1', address: undefined, fault });
  });

  it('lets its parts come and go once it runs', () => {
    const machine = node(...allReady);
    const news = [failed('control-1'), ready('control-1'), childEnded('dialer-1', { type: 'stopped' })];
    assert.deepEqual(machine.sendAll(news), []);
    assert.equal(machine.state, 'running');
  });

  it('ends as a duplicate, or as it is told, in every state', () => {
    for (const before of [[], allReady]) {
      const duplicate = node(...before);
      duplicate.send({ type: 'duplicate.found' });
      assertEnded(duplicate, { type: 'duplicate' });
      const stopped = node(...before);
      stopped.send({ type: 'stop' });
      assertEnded(stopped, { type: 'stopped' });
    }
  });
});

const definePart = actorsOver<object>();

/** Parts that do nothing but live; a test speaks for them. */
class Parts {
  /** What was raised and lowered, in order. */
  readonly news: string[] = [];
  readonly faces = new Map<string, Self<never>>();
  supervision: SupervisionPolicy = TELL_PARENT;

  part(name: string, waits: boolean): PlannedPart {
    return { name, waits, raise: (parent) => parent.raise(this.#definition(name), name, undefined) };
  }

  #definition(name: string): ActorDefinition<undefined> {
    const machine = createMachine({
      initial: 'living',
      states: { living: { on: { stop: 'over' } }, over: { type: 'final' } },
    });
    const definition = definePart({
      kind: `part ${name}`, // those of one kind would be lowered at the same time
      machine,
      messages: { stop: 'system' } as never,
      supervision: this.supervision,
      needs: [],
      effects: (_ports, self) => {
        this.news.push(`raised ${name}`);
        this.faces.set(name, self as Self<never>);
        self.own('itself', () => void this.news.push(`lowered ${name}`));
        return {};
      },
    });
    return definition as ActorDefinition<undefined>;
  }
}

/** A node over parts of the test. */
class NodeStage {
  readonly host = new ManualHost();
  readonly system = this.host.system();
  readonly records = new RecordLog(this.system, 'news');
  readonly parts = new Parts();
  ended: Outcome | undefined;
  #startedCount = 0;

  start(waiting: readonly string[] = ['control-1']): this {
    this.system.whenEnded((outcome) => {
      this.ended = outcome;
    });
    this.system.hear(nodeStarted, () => {
      this.#startedCount += 1;
    });
    const parts = input.parts.map((name) => this.parts.part(name, waiting.includes(name)));
    this.system.start(nodeActor, input, { parts });
    this.host.run();
    return this;
  }

  /** How often it said that it has started. */
  get started(): number {
    return this.#startedCount;
  }

  speaking(name: string): Self<never> {
    const face = this.parts.faces.get(name);
    assert.ok(face !== undefined, `${name} was not raised`);
    return face;
  }

  address(name: string): Address {
    return childAddress(NODE, name);
  }
}

const RAISED = input.parts.map((name) => `raised ${name}`);
const LOWERED = [...input.parts].reverse().map((name) => `lowered ${name}`);

describe('a node', () => {
  it('waits only for the parts that say by themselves when they are ready, and then tells so once', () => {
    const stage = new NodeStage().start();
    assert.deepEqual(stage.parts.news, RAISED.slice(0, 2));
    assert.equal(stage.started, 0);
    stage.speaking('control-1').publish(partReady, { part: stage.address('control-1') });
    stage.host.run();
    assert.deepEqual([stage.parts.news, stage.started], [RAISED, 1]);
    stage.speaking('control-1').publish(partReady, { part: stage.address('control-1') });
    stage.host.run();
    assert.equal(stage.started, 1);
  });

  it('lowers its parts in the reverse order', async () => {
    const stage = new NodeStage().start([]);
    stage.system.stop();
    await stage.host.settle();
    assert.deepEqual(stage.parts.news, [...RAISED, ...LOWERED]);
    assert.deepEqual(stage.ended, { type: 'stopped' });
    assert.deepEqual(stage.records.of('unhandled'), []);
  });

  it('leaves nothing of itself when a part fails, or is never ready', async () => {
    const ways: readonly ((stage: NodeStage) => void)[] = [
      (stage) => {
        const failure = { part: stage.address('control-1'), address: PLACE, fault: REFUSED };
        stage.speaking('control-1').publish(partFailed, failure);
      },
      (stage) => stage.speaking('control-1').fail(new Error('a bug')),
      (stage) => stage.host.advance(30_000),
    ];
    for (const way of ways) {
      const stage = new NodeStage().start();
      way(stage);
      await stage.host.settle();
      const end = stage.ended?.type === 'done' ? (stage.ended.output as NodeEnd) : undefined;
      assert.ok(end?.type === 'start-failed');
      assert.equal(end.part, 'control-1');
      assert.deepEqual(stage.parts.news, [...RAISED.slice(0, 2), ...LOWERED.slice(1)]);
      const { actors, hearers } = stage.system.counts();
      assert.deepEqual([actors, hearers, stage.host.clock.armed], [0, 1, 0], 'the one hearer is the test’s');
    }
  });

  it('goes when another node with its id was there before, and stays when it came later', async () => {
    const stage = new NodeStage().start([]);
    const claim = { node: HERE, via: NEAR };
    stage.speaking('router').publish(duplicateNode, { ...claim, weHaveToGo: false });
    await stage.host.settle();
    assert.equal(stage.ended, undefined);
    stage.speaking('router').publish(duplicateNode, { ...claim, weHaveToGo: true });
    await stage.host.settle();
    assert.deepEqual(stage.ended, { type: 'done', output: { type: 'duplicate' } });
  });

  it('fails with a part that it cannot do without', async () => {
    const stage = new NodeStage();
    stage.parts.supervision = { ...TELL_PARENT, onFailure: 'escalate' };
    stage.start([]);
    stage.speaking('router').fail(new Error('a bug'));
    await stage.host.settle();
    assert.equal(stage.ended?.type, 'failed');
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: nodeActor,
      outside: () => {
        const parts = new Parts();
        const planned = [parts.part('router', false), parts.part('control-1', true)];
        const open = (): readonly string[] => {
          const lowered = parts.news.filter((line) => line.startsWith('lowered')).length;
          return parts.faces.size === lowered ? [] : [parts.news.join(', ')];
        };
        return { ports: { parts: planned }, parts, leftOpen: open };
      },
      input: () => ({ parts: ['router', 'control-1'] }),
      scripts: {
        starting: ({ outside }) => assert.equal(outside.parts.faces.size, 1),
        running: ({ send }) => {
          send(ready('router'));
          send(ready('control-1'));
        },
      },
    });
  });
});
