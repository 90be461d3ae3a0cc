import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RuntimeError, type RuntimeErrorCode } from '../../../runtime/errors.js';
import { topic } from '../../../runtime/message.js';
import type { Self } from '../../../runtime/self.js';
import { RESTART_OR_ESCALATE } from '../../../runtime/supervisor.js';
import { type ProbeMessage, probe } from '../../support/probe-actor.js';
import { ProbeSystem } from '../../support/probe-system.js';

const NEWS = topic<string>('news');
const coded = (code: RuntimeErrorCode) => (error: unknown) => error instanceof RuntimeError && error.code === code;

/** A living child of a first actor, and its face. */
function child(definition = probe()) {
  const world = new ProbeSystem().start();
  const address = world.raise(world.root, 'child', definition);
  const self = world.act(address, (own) => own);
  world.said();
  return { world, address, self, end: () => world.act(world.root, (root) => root.lower(address)) };
}

describe('hearing a topic', () => {
  it('turns payloads into messages, or into nothing, until it is closed', () => {
    const { world, self } = child();
    const owned = self.hear(NEWS, (text) => (text === 'dull' ? undefined : { type: 'probe.note', text }));

    world.system.publish(world.root, NEWS, 'fresh');
    world.system.publish(world.root, NEWS, 'dull');
    world.host.run();
    owned.close();
    world.system.publish(world.root, NEWS, 'late');
    world.host.run();

    assert.deepEqual(world.said(), ['child fresh']);
    assert.equal(world.system.counts().hearers, 0);
  });

  it('ends with the life', () => {
    const { world, self, end } = child();
    self.hear(NEWS, () => undefined);
    assert.equal(world.system.counts().hearers, 1);

    end();

    assert.equal(world.system.counts().hearers, 0);
  });

  it('that throws is a failure of who hears, not of who publishes', () => {
    const { world, address, self } = child();
    self.hear(NEWS, () => {
      throw new Error('cannot read');
    });

    world.act(world.root, (root) => root.publish(NEWS, 'x'));

    assert.deepEqual(world.failures(), [`${address} Error`]);
    assert.equal(world.phase(world.root), 'living');
    assert.equal(world.phase(address), 'gone');
  });

  it('of a life that is over ends at once', () => {
    const { world, self, end } = child();
    end();

    self.hear(NEWS, () => assert.fail('heard'));
    world.system.publish(world.root, NEWS, 'x');

    assert.equal(world.system.counts().hearers, 0);
  });
});

describe('asking', () => {
  it('settles with the answer', async () => {
    const { world, self, address } = child();
    const answer = world.act(world.root, (root) =>
      root.ask(address, (replyTo) => ({ type: 'probe.ask', replyTo }) as ProbeMessage, 1_000),
    );
    const [replyTo] = world.stage.asked;
    assert.ok(replyTo !== undefined);

    self.reply(replyTo, 42);

    assert.equal(await answer, 42);
  });

  it('is abandoned when the life that asks is over', async () => {
    const { world, self, end } = child();
    const answer = self.ask(world.root, (replyTo) => ({ type: 'probe.ask', replyTo }) as ProbeMessage, 60_000);
    const settled = assert.rejects(answer, coded('ask-abandoned'));

    end();

    await settled;
    assert.equal(world.system.counts().asks, 0);
    assert.equal(world.host.clock.armed, 0);
  });

  it('of a life that is over is refused', async () => {
    const { world, self, end } = child();
    end();

    await assert.rejects(
      self.ask(world.root, () => ({ type: 'probe.ask' }), 1_000),
      coded('ask-abandoned'),
    );
  });

  it('an actor that restarts is answered by its next life when it had not read the question, else abandoned', async () => {
    const { world, address } = child(probe({ supervision: RESTART_OR_ESCALATE }));
    const ask = () => world.system.ask(address, (replyTo) => ({ type: 'probe.ask', replyTo }) as ProbeMessage, 60_000);
    const read = ask();
    const settled = assert.rejects(read, coded('ask-abandoned'));
    world.host.run();

    world.post(address, { type: 'probe.throw', where: 'effect' });
    const unread = ask();
    world.host.advance(1_000);
    await settled;
    const second = world.stage.asked[1];
    assert.ok(second !== undefined, 'the next life read it');
    world.act(address, (self) => self.reply(second, 'yes'));

    assert.equal(await unread, 'yes');
  });

  it('an actor that ends settles, also for questions that came while it was closing', async () => {
    const { world, address, self, end } = child();
    const ends: (() => void)[] = [];
    self.own('slow', (done: () => void) => void ends.push(done));
    end();
    const answer = world.system.ask(address, (replyTo) => ({ type: 'probe.ask', replyTo }) as ProbeMessage, 60_000);
    const settled = assert.rejects(answer, coded('ask-abandoned'));

    ends[0]?.();

    await settled;
    assert.equal(world.host.clock.armed, 0);
  });

  it('is refused at once when the question had to make room', async () => {
    const { world, address } = child(probe({ mailbox: { capacity: 1, overflow: 'drop-oldest' } }));
    const answer = world.system.ask(address, (replyTo) => ({ type: 'probe.ask', replyTo }) as ProbeMessage, 60_000);
    const settled = assert.rejects(answer, coded('mailbox-full'));

    world.post(address, { type: 'probe.note', text: 'newer' });
    await settled;
    world.host.run();

    assert.deepEqual(world.said(), ['child newer']);
    assert.deepEqual(world.deadLetters(), ['node/child probe.ask mailbox-overflow']);
  });
});

describe('a callback that is given to the outside', () => {
  it('is called while the actor lives, and never after', () => {
    const { world, self, end } = child();
    const heard: string[] = [];
    const callback = self.whileAlive((text: string) => void heard.push(text));

    callback('early');
    end();
    callback('late');

    assert.deepEqual(heard, ['early']);
    assert.equal(world.failures().length, 0);
  });

  it('that throws is a failure of that actor', () => {
    const { world, self, address } = child();

    self.whileAlive(() => {
      throw new Error('in a callback');
    })();

    assert.deepEqual(world.failures(), [`${address} Error`]);
    assert.equal(world.phase(address), 'gone');
  });
});

describe('an attempt', () => {
  it('sends the actor its outcome, good or bad', async () => {
    const { world, self } = child();

    self.attempt(
      Promise.resolve('value'),
      (text) => ({ type: 'probe.answered', text }),
      () => assert.fail('it did not fail'),
    );
    self.attempt(
      Promise.reject(new Error('fault')),
      () => assert.fail('it did not succeed'),
      (error) => ({ type: 'probe.answered', text: `${error}` }),
    );
    await world.host.settle();

    assert.deepEqual(world.said(), ['child value', 'child Error: fault']);
  });

  it('whose outcome cannot be put into words is a failure', async () => {
    const { world, self, address } = child();

    self.attempt(
      Promise.resolve(),
      () => {
        throw new Error('no words');
      },
      () => assert.fail('it did not fail'),
    );
    await world.host.settle();

    assert.deepEqual(world.failures(), [`${address} Error`]);
  });

  it('that ends after the life sends nothing, and what it brings is closed at once', async () => {
    const { world, self, end } = child();
    const closed: string[] = [];
    const work = new Promise<string>((resolve) => {
      world.host.clock.setTimer(10, () => resolve('file'));
    });
    self.attempt(
      work,
      (text) => {
        self.own(text, () => void closed.push(text));
        return { type: 'probe.answered', text };
      },
      () => assert.fail('it did not fail'),
    );

    end();
    world.said();
    world.host.advance(10);
    await world.host.settle();

    assert.deepEqual(closed, ['file']);
    assert.deepEqual(world.said(), []);
  });
});

describe('a face whose life is over', () => {
  it('sends and publishes nothing, raises nothing, and fails nobody', () => {
    const { world, self, end } = child();
    const heard: string[] = [];
    world.system.hear(NEWS, (text) => heard.push(text));
    end();
    world.said();

    assert.equal(self.isAlive, false);
    assert.equal(self.send(world.root, { type: 'probe.note', text: 'late' } as ProbeMessage), 'no-such-actor');
    self.publish(NEWS, 'late');
    self.answer({ type: 'probe.answered', text: 'late' });
    self.lower(world.root);
    assert.throws(() => self.raise(probe(), 'late', {}), coded('invalid-use'));
    self.fail(new Error('late'));
    world.host.run();

    assert.deepEqual([world.said(), heard], [[], []]);
    assert.equal(world.phase(world.root), 'living');
    assert.equal(world.records.of('failure').at(-1)?.detail['isLate'], true);
  });

  it('may still say goodbye while it is being closed', () => {
    const { world, self, end } = child();
    const heard: string[] = [];
    world.system.hear(NEWS, (text) => heard.push(text));
    self.own('name', () => {
      self.publish(NEWS, 'goodbye');
      self.send(world.root, { type: 'probe.note', text: 'goodbye' } as ProbeMessage);
    });

    end();

    assert.deepEqual(heard, ['goodbye']);
    assert.deepEqual(world.said(), ['node goodbye', 'node node/child stopped']);
  });
});

describe('raising', () => {
  it('refuses a name that is in use', () => {
    const { world } = child();

    world.tell(world.root, { type: 'probe.do', act: (self) => void self.raise(probe(), 'child', {}) });

    assert.deepEqual(world.failures(), ['node address-taken']);
  });

  it('lets the parent say how the child is supervised', () => {
    const world = new ProbeSystem().start();
    const address = world.act(world.root, (self) =>
      self.raise(probe(), 'child', {}, { supervision: RESTART_OR_ESCALATE }),
    );

    world.tell(address, { type: 'probe.throw', where: 'guard' });

    assert.equal(world.phase(address), 'resting');
  });

  it('lowers only own children', () => {
    const { world, address } = child();
    const grandchild = world.raise(address, 'grandchild');

    world.act(world.root, (self) => self.lower(grandchild));

    assert.equal(world.phase(grandchild), 'living');
  });

  it('tells the last words of a child before its end', () => {
    const { world, self, address } = child();

    world.act(address, () => {
      self.send(world.root, { type: 'probe.note', text: 'last words' } as ProbeMessage);
      self.send(address, { type: 'probe.finish', output: 1 } as ProbeMessage);
    });

    assert.deepEqual(world.said(), ['node last words', `node ${address} done`]);
  });
});

/** The type of a face, so that a change of it is seen here. */
export type Face = Self<ProbeMessage>;
