import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assign, emit, setup } from 'xstate';
import { actorsOver } from '../../../runtime/define-actor.js';
import { topic } from '../../../runtime/message.js';
import { TELL_PARENT } from '../../../runtime/supervisor.js';
import { ManualHost, RecordLog } from '../../support/manual-host.js';
import { probe } from '../../support/probe-actor.js';
import { ProbeSystem } from '../../support/probe-system.js';
import { message, SampleLamp, tally } from '../../support/sample-actors.js';

const arm = (delayMs: number, jitter?: number) =>
  ({ type: 'probe.wish', wish: message('arm-timer', { name: 'tick', delayMs, jitter }) }) as const;
const disarm = { type: 'probe.wish', wish: message('disarm-timer', { name: 'tick' }) } as const;

describe('a timer wish', () => {
  it('becomes the message of that timer once its time has come', () => {
    const world = new ProbeSystem().start();
    world.tell(world.root, arm(100));
    assert.deepEqual([...(world.system.cellAt(world.root)?.life?.timers.deadlines() ?? [])], [['tick', 100]]);

    world.host.advance(99);
    assert.deepEqual(world.said(), []);
    world.host.advance(1);

    assert.deepEqual(world.said(), ['node timer.tick']);
    assert.equal(world.system.cellAt(world.root)?.life?.timers.deadlines().size, 0);
  });

  it('replaces the armed timer of its name', () => {
    const world = new ProbeSystem().start();
    world.tell(world.root, arm(100));
    world.host.advance(60);
    world.tell(world.root, arm(100));

    world.host.advance(99);
    assert.deepEqual(world.said(), []);
    world.host.advance(1);

    assert.deepEqual(world.said(), ['node timer.tick']);
  });

  it('is not heard when it was disarmed between its firing and its reading', () => {
    const world = new ProbeSystem().start();
    world.tell(world.root, arm(100));

    world.post(world.root, disarm);
    world.host.clock.fireNext(100);
    assert.equal(world.system.cellAt(world.root)?.depth, 2);
    world.host.run();

    assert.deepEqual(world.said(), []);
    assert.deepEqual(world.records.of('unhandled'), []);
  });

  it('is heard once when it was armed anew between its firing and its reading', () => {
    const world = new ProbeSystem().start();
    world.tell(world.root, arm(100));

    world.post(world.root, arm(50));
    world.host.clock.fireNext(100);
    world.host.run();
    assert.deepEqual(world.said(), []);
    world.host.advance(50);

    assert.deepEqual(world.said(), ['node timer.tick']);
  });

  it('with a delay that is no number is a failure of the actor', () => {
    const world = new ProbeSystem().start();

    world.tell(world.root, arm(Number.NaN));

    assert.deepEqual(world.failures(), ['node invalid-use']);
  });

  it('ends with the life that armed it', () => {
    const world = new ProbeSystem().start();
    world.tell(world.root, arm(100));

    world.tell(world.root, { type: 'probe.throw', where: 'assign' });

    assert.equal(world.host.clock.armed, 0);
  });
});

describe('a built-in wish', () => {
  const NEWS = topic<string>('news');

  it('sends a message', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    world.tell(world.root, {
      type: 'probe.wish',
      wish: message('send', { to: child, message: { type: 'probe.note', text: 'hi' } }),
    });

    assert.deepEqual(world.said(), ['child hi']);
  });

  it('publishes on a topic', () => {
    const world = new ProbeSystem().start();
    const heard: string[] = [];
    world.system.hear(NEWS, (payload) => heard.push(payload));

    world.tell(world.root, { type: 'probe.wish', wish: message('publish', { topic: NEWS, payload: 'x' }) });

    assert.deepEqual(heard, ['x']);
  });

  it('answers a question', async () => {
    const world = new ProbeSystem().start();
    const answer = world.system.ask<string>(world.root, (replyTo) => message('probe.ask', { replyTo }), 1_000);
    world.host.run();

    world.tell(world.root, { type: 'probe.wish', wish: message('reply', { to: world.stage.asked[0], value: 'yes' }) });

    assert.equal(await answer, 'yes');
  });

  it('lowers a child', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    world.tell(world.root, { type: 'probe.wish', wish: message('lower', { address: child }) });

    assert.equal(world.phase(child), 'gone');
  });
});

describe('a wish that nobody grants', () => {
  for (const type of ['teleport', 'constructor', 'toString']) {
    it(`is a failure of the actor: ${type}`, () => {
      const world = new ProbeSystem().start();

      world.tell(world.root, { type: 'probe.wish', wish: message(type) });

      assert.deepEqual(world.failures(), ['node unhandled-wish']);
    });
  }
});

describe('a message without a transition', () => {
  it('is told as unhandled, with the state', () => {
    const host = new ManualHost();
    const system = host.system();
    const records = new RecordLog(system);
    const definition = { ...tally, ignores: new Map() };
    const root = system.start(definition, { start: 0 }, { lamp: new SampleLamp() });

    system.send(root, message('tally.freeze'));
    system.send(root, message('tally.add', { amount: 1 }));
    host.run();

    assert.deepEqual(
      records.of('unhandled').map(({ subject, detail }) => [subject, detail['state']]),
      [['tally.add', 'frozen']],
    );
  });

  it('is not told when that state names it as ignored, nor when a guard refuses it', () => {
    const host = new ManualHost();
    const system = host.system();
    const records = new RecordLog(system);
    const root = system.start(tally, { start: 0 }, { lamp: new SampleLamp() });

    system.send(root, message('tally.add', { amount: 1_000 }));
    system.send(root, message('tally.freeze'));
    system.send(root, message('tally.add', { amount: 1 }));
    host.run();

    assert.deepEqual(records.of('unhandled'), []);
  });
});

describe('records of a life', () => {
  it('show each step with its states and each wish, while somebody watches', () => {
    const world = new ProbeSystem().start(probe({ onStop: 'drain' }));

    void world.system.stop();
    world.host.run();

    const step = world.records.of('step').at(-1);
    assert.deepEqual([step?.subject, step?.detail['from'], step?.detail['to']], ['stop', 'working', 'draining']);
    assert.ok(world.records.lines('effect').includes('node act'));
  });

  it('are not made while nobody watches', () => {
    const host = new ManualHost();
    const system = host.system();
    const news = new RecordLog(system, 'news');
    const root = system.start(tally, { start: 0 }, { lamp: new SampleLamp() });

    system.send(root, message('tally.add', { amount: 1 }));
    host.run();

    assert.deepEqual(
      news.records.map((record) => record.kind),
      ['supervision'],
    );
  });
});

describe("an extension's machine", () => {
  const machine = setup({
    types: {
      context: {} as { readonly ticks: number },
      events: {} as { readonly type: 'stop' },
      emitted: {} as { readonly type: 'ring' },
    },
    actions: {
      ring: emit({ type: 'ring' }),
      fail: assign(() => {
        throw new Error('late');
      }),
    },
  }).createMachine({
    context: { ticks: 0 },
    initial: 'waiting',
    states: {
      waiting: { after: { 100: { target: 'rung', actions: 'ring' } } },
      rung: { after: { 100: { target: 'broken', actions: 'fail' } } },
      broken: {},
    },
  });

  it('may use its own delays: their wishes are granted, and their faults are failures', () => {
    const host = new ManualHost();
    const system = host.system();
    const records = new RecordLog(system);
    const rings: number[] = [];
    const definition = actorsOver<Record<never, never>>()({
      kind: 'bell',
      machine,
      messages: { stop: 'system' },
      needs: [],
      effects: () => ({ ring: () => void rings.push(host.clock.monotonicMs()) }),
      supervision: TELL_PARENT,
    });
    system.start(definition, undefined, {});

    host.advance(150);
    assert.deepEqual(rings, [100]);
    host.advance(100);

    assert.deepEqual(records.lines('failure'), ['node Error']);
    assert.equal(system.counts().actors, 0);
  });
});
