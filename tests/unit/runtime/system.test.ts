import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Address, rootAddress } from '../../../runtime/address.js';
import { codeOf, RuntimeError, type RuntimeErrorCode } from '../../../runtime/errors.js';
import { topic } from '../../../runtime/message.js';
import { RESTART_OR_ESCALATE } from '../../../runtime/supervisor.js';
import { ManualHost } from '../../support/manual-host.js';
import { type ProbeMessage, probe } from '../../support/probe-actor.js';
import { ProbeSystem } from '../../support/probe-system.js';
import { message, SampleLamp, tally } from '../../support/sample-actors.js';

const coded = (code: RuntimeErrorCode) => (error: unknown) => error instanceof RuntimeError && error.code === code;

describe('a system', () => {
  it('raises its first actor and stops everything in reverse', async () => {
    const world = new ProbeSystem().start();
    const closed: string[] = [];
    const own = (address: Address) => world.act(address, (self) => self.own('thing', () => void closed.push(address)));
    own(world.root);
    own(world.raise(world.root, 'first', probe({ kind: 'a' })));
    own(world.raise(world.root, 'second', probe({ kind: 'b' })));

    const stopped = world.system.stop();
    world.host.run();
    await stopped;

    assert.deepEqual(closed, ['node/second', 'node/first', 'node']);
    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
    assert.deepEqual(world.system.counts(), { actors: 0, asks: 0, hearers: 0, ready: 0, marked: 0, deadLetters: 0 });
  });

  it('stops at once when nothing was started, or all has ended', async () => {
    await new ManualHost().system().stop();
    const world = new ProbeSystem().start();
    world.tell(world.root, { type: 'probe.finish', output: 7 });

    await world.system.stop();

    assert.deepEqual(world.outcomes, [{ type: 'done', output: 7 }]);
  });

  it('tells the end also to who asks after it, and of a first actor that failed at its start', () => {
    const world = new ProbeSystem().start(probe(), { startFault: 'context' });
    const late: string[] = [];

    world.system.whenEnded((outcome) => late.push(outcome.type));

    assert.deepEqual(late, ['failed']);
    assert.deepEqual(
      world.outcomes.map((outcome) => outcome.type),
      ['failed'],
    );
  });

  it('is not started a second time', () => {
    const world = new ProbeSystem().start();
    assert.throws(() => world.start(), coded('address-taken'));
    world.tell(world.root, { type: 'probe.finish', output: 7 });

    assert.throws(() => world.start(), coded('system-stopped'));
  });

  it('tells the others when one who waits for the end throws', () => {
    const world = new ProbeSystem();
    const told: string[] = [];
    world.system.whenEnded(() => {
      throw new Error('bad waiter');
    });
    world.system.whenEnded((outcome) => told.push(outcome.type));
    world.start();

    world.tell(world.root, { type: 'probe.finish', output: 7 });

    assert.deepEqual(told, ['done']);
    assert.deepEqual(world.failures(), ['node Error']);
  });

  it('gives an actor the ports that it names, and fails one whose port is missing', () => {
    const host = new ManualHost();
    const system = host.system();
    const outcomes: string[] = [];
    system.whenEnded((outcome) => outcomes.push(outcome.type === 'failed' ? outcome.code : outcome.type));

    // Every object has something of that name; no port has.
    system.start({ ...tally, needs: ['toString'] }, { start: 0 }, { lamp: new SampleLamp() });
    host.run();

    assert.deepEqual(outcomes, ['invalid-use']);
  });
});

describe('sending from outside', () => {
  it('says what became of the message', () => {
    const world = new ProbeSystem().start(probe({ mailbox: { capacity: 1 } }));

    assert.equal(world.post(world.root, { type: 'probe.note', text: 'a' }), 'taken');
    assert.equal(world.post(world.root, { type: 'probe.note', text: 'b' }), 'refused');
    assert.equal(world.system.send(world.root, message('unknown')), 'unknown-message');
    assert.equal(world.system.send(rootAddress('nobody'), message('probe.note')), 'no-such-actor');

    assert.deepEqual(world.deadLetters(), [
      'node probe.note mailbox-full',
      'node unknown unknown-message',
      'nobody probe.note no-such-actor',
    ]);
    assert.equal(world.system.counts().deadLetters, 3);
  });

  it('records who sent what to whom, while somebody watches', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    world.act(child, (self) => self.send(world.root, { type: 'probe.note', text: 'x' } as ProbeMessage));

    const record = world.records.of('message').find(({ subject }) => subject === 'probe.note');
    assert.equal(record?.address, child);
    assert.deepEqual(record?.detail, { to: world.root, sent: 'taken', asked: undefined });
    assert.equal(world.records.of('message')[0]?.address, 'outside');
  });
});

describe('asking from outside', () => {
  it('says why it could not be asked', async () => {
    const world = new ProbeSystem().start(probe({ mailbox: { capacity: 0 } }));
    const ask = (to: string, type = 'probe.ask') =>
      world.system.ask(rootAddress(to), (replyTo) => message(type, { replyTo }), 1_000);

    await assert.rejects(ask('node'), coded('mailbox-full'));
    await assert.rejects(ask('nobody'), coded('no-such-actor'));
    await assert.rejects(ask('node', 'unknown'), coded('invalid-use'));
    assert.equal(world.system.counts().asks, 0);
  });

  it('settles at its deadline when no answer comes', async () => {
    const world = new ProbeSystem().start();
    const answer = world.system.ask(world.root, (replyTo) => message('probe.ask', { replyTo }), 1_000);
    const settled = assert.rejects(answer, coded('ask-timeout'));

    world.host.advance(1_000);

    await settled;
  });
});

describe('a publication', () => {
  const NEWS = topic<string>('news');

  it('reaches hearers outside, and a broken one is a failure record of who published', () => {
    const world = new ProbeSystem().start();
    const heard: string[] = [];
    world.system.hear(NEWS, () => {
      throw new Error('broken');
    });
    const stop = world.system.hear(NEWS, (text) => heard.push(text));

    world.act(world.root, (self) => self.publish(NEWS, 'x'));
    stop();
    world.act(world.root, (self) => self.publish(NEWS, 'y'));

    assert.deepEqual(heard, ['x']);
    assert.equal(world.phase(world.root), 'living');
    assert.equal(world.records.of('failure').length, 2);
    assert.equal(world.records.of('topic').length, 2);
  });
});

describe('a thousand cycles of raising and lowering', () => {
  it('leave nothing behind', async () => {
    const world = new ProbeSystem().start();
    const definition = probe({ supervision: RESTART_OR_ESCALATE });
    const NEWS = topic<string>('news');
    for (let cycle = 0; cycle < 1_000; cycle += 1) {
      const child = world.raise(world.root, 'child', definition);
      world.act(child, (self) => {
        self.hear(NEWS, () => undefined);
        self.ask(world.root, (replyTo) => message('probe.ask', { replyTo }), 3_600_000).catch(codeOf);
        self.raise(definition, 'grandchild', {});
      });
      world.tell(child, { type: 'probe.wish', wish: message('arm-timer', { name: 'tick', delayMs: 3_600_000 }) });
      if (cycle % 3 === 0) {
        world.tell(child, { type: 'probe.throw', where: 'effect' });
      }
      world.act(world.root, (self) => self.lower(child));
      assert.equal(world.phase(child), 'gone');
    }
    await world.host.settle();

    const { actors, asks, hearers, ready, marked } = world.system.counts();
    assert.deepEqual([actors, asks, hearers, ready, marked], [1, 0, 0, 0, 0]);
    assert.equal(world.host.clock.armed, 0);
    assert.deepEqual(world.system.cellAt(world.root)?.life?.scope.labels(), []);
  });
});
