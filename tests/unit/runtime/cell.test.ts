import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childAddress } from '../../../runtime/address.js';
import type { Self } from '../../../runtime/self.js';
import { RESTART_OR_ESCALATE, TELL_PARENT } from '../../../runtime/supervisor.js';
import { type ProbeMessage, probe } from '../../support/probe-actor.js';
import { ProbeSystem } from '../../support/probe-system.js';
import { message } from '../../support/sample-actors.js';

const RESTARTING = {
  ...RESTART_OR_ESCALATE,
  backOff: { firstMs: 100, factor: 2, limitMs: 10_000, jitter: 0 },
} as const;

const restarting = () => probe({ supervision: RESTARTING });
const throwIn = (where: 'guard' | 'assign' | 'effect') => ({ type: 'probe.throw', where }) as const;

describe('a throw', () => {
  for (const [where, place] of [
    ['guard', 'a guard'],
    ['assign', 'an assign'],
    ['effect', 'an effect'],
  ] as const) {
    it(`in ${place} becomes a failure that reaches the parent`, () => {
      const world = new ProbeSystem().start();
      const child = world.raise(world.root, 'child');

      world.tell(child, throwIn(where));

      assert.deepEqual(world.failures(), ['node/child Error']);
      assert.ok(world.said().includes('node node/child failed'));
      assert.equal(world.phase(child), 'gone');
    });
  }

  it('in a step grants none of its wishes; in an effect, none of those after it', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    world.tell(child, throwIn('effect'));

    assert.deepEqual(world.said(), ['child probe.throw', 'node node/child failed']);
  });

  for (const startFault of ['context', 'entry'] as const) {
    it(`in the first ${startFault === 'context' ? 'context' : "state's entry"} is a failure, and the raising actor goes on`, () => {
      const world = new ProbeSystem().start();

      const child = world.raise(world.root, 'child', probe(), { startFault });

      assert.deepEqual(world.failures(), ['node/child Error']);
      assert.deepEqual(world.said(), ['node node/child failed']);
      assert.equal(world.phase(child), 'gone');
      assert.equal(world.phase(world.root), 'living');
    });
  }

  it('in the effects factory is a failure, and closes what the factory had opened', () => {
    const world = new ProbeSystem().start();
    const closed: string[] = [];
    world.stage.inFactory = (self) => {
      self.own('opened early', () => void closed.push('opened early'));
      self.raise(probe(), 'grandchild', {});
      throw new Error('no table');
    };
    const previous = world.stage.inFactory;
    world.stage.inFactory = (self) => (self.address === 'node/child' ? previous(self) : undefined);

    world.raise(world.root, 'child');

    assert.deepEqual(closed, ['opened early']);
    assert.ok(world.said().includes('node node/child failed'));
    assert.equal(world.system.counts().actors, 1);
  });

  it('in an effect at the start closes what was opened before it', () => {
    const world = new ProbeSystem().start();
    const closed: string[] = [];
    const atStart = (self: Self<ProbeMessage>): void => {
      self.own('opened', () => void closed.push('opened'));
      throw new Error('no');
    };

    world.raise(world.root, 'child', probe(), { atStart });

    assert.deepEqual(closed, ['opened']);
    assert.deepEqual(world.said(), ['node node/child failed']);
  });

  it('that is told during a step takes effect after that step, and the first of several counts', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    const wasAlive = world.act(child, (self) => {
      self.fail(new TypeError('first'));
      self.fail(new RangeError('second'));
      return self.isAlive;
    });

    assert.equal(wasAlive, true);
    assert.deepEqual(world.failures(), ['node/child TypeError']);
    assert.equal(world.phase(child), 'gone');
  });

  it('in a closer is recorded, and the others are still closed', () => {
    const world = new ProbeSystem().start();
    const closed: string[] = [];
    world.act(world.root, (self) => {
      self.own('a', () => void closed.push('a'));
      self.own('bad', () => {
        throw new Error('stuck door');
      });
      self.own('c', () => void closed.push('c'));
    });

    void world.system.stop();
    world.host.run();

    assert.deepEqual(closed, ['c', 'a']);
    assert.deepEqual(world.failures(), ['node close-failed']);
    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
  });

  it('in a closer that an effect calls is a failure of that actor', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');

    world.act(child, (self) =>
      self
        .own('bad', () => {
          throw new Error('stuck door');
        })
        .close(),
    );

    assert.ok(world.said().includes('node node/child failed'));
  });
});

describe('a restart', () => {
  it('begins a new life after the back-off, with the requests that waited and none of the rest', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', restarting());
    world.act(child, (self) => self.answer({ type: 'probe.answered', text: 'answer' }));
    world.said();

    world.post(child, throwIn('effect'));
    world.post(child, { type: 'probe.note', text: 'kept' });
    world.post(child, {
      type: 'probe.do',
      act: (self) => self.answer({ type: 'probe.answered', text: 'lost' }),
    });
    world.host.run();
    assert.equal(world.phase(child), 'resting');
    world.post(child, { type: 'probe.note', text: 'while resting' });
    world.host.advance(99);
    assert.equal(world.phase(child), 'resting');
    world.host.advance(1);

    assert.equal(world.phase(child), 'living');
    assert.equal(world.system.cellAt(child)?.lives, 2);
    assert.deepEqual(world.said(), ['child probe.throw', 'child kept', 'child while resting', 'child lost']);
  });

  it('drops answers and fired timers of the old life', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', restarting());
    const selves: Self<ProbeMessage>[] = [];
    world.tell(child, {
      type: 'probe.do',
      act: (self) => {
        selves.push(self);
        self.answer({ type: 'probe.answered', text: 'old answer' });
        throw new Error('fails with an answer in its mailbox');
      },
    });
    world.said();

    selves[0]?.answer({ type: 'probe.answered', text: 'late answer' });
    world.host.advance(100);
    selves[0]?.answer({ type: 'probe.answered', text: 'later answer' });
    selves[0]?.fail(new Error('late fault'));
    world.host.run();

    assert.equal(selves[0]?.isAlive, false);
    assert.deepEqual(world.said(), []);
    assert.equal(world.phase(child), 'living');
    assert.equal(world.records.of('failure').at(-1)?.detail['isLate'], true);
  });

  it('takes the children of the old life with it, before the new one begins', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', restarting());
    const grandchild = world.raise(child, 'grandchild');

    world.tell(child, throwIn('assign'));
    assert.equal(world.phase(grandchild), 'gone');
    world.host.advance(100);

    assert.deepEqual(world.raise(child, 'grandchild'), grandchild);
    assert.equal(world.phase(grandchild), 'living');
  });

  it('is not begun when the actor is stopped while it rests', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', restarting());
    world.tell(child, throwIn('effect'));
    world.post(child, { type: 'probe.note', text: 'waits' });

    world.act(world.root, (self) => self.lower(child));

    assert.equal(world.phase(child), 'gone');
    assert.equal(world.host.clock.armed, 0);
    assert.deepEqual(world.deadLetters(), ['node/child probe.note ended']);
    assert.ok(world.said().includes('node node/child stopped'));
  });

  it('is given up after too many within the window, and then escalates', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(
      world.root,
      'child',
      probe({ supervision: { ...RESTARTING, intensity: { restarts: 2, withinMs: 60_000 } } }),
    );
    for (const restMs of [100, 200]) {
      world.tell(child, throwIn('effect'));
      world.host.advance(restMs);
      assert.equal(world.phase(child), 'living');
    }

    world.tell(child, throwIn('effect'));

    assert.deepEqual(world.failures(), [
      'node/child Error',
      'node/child Error',
      'node/child Error',
      'node restart-limit',
    ]);
    assert.deepEqual(world.outcomes, [
      { type: 'failed', code: 'restart-limit', text: 'node/child failed: probe fault' },
    ]);
  });
});

describe('an escalation', () => {
  it('goes up to the first actor, and then the system ends with a failure', () => {
    const world = new ProbeSystem();
    const escalating = probe({ supervision: { ...TELL_PARENT, onFailure: 'escalate' } });
    world.start(escalating);
    const child = world.raise(world.root, 'child', escalating);
    const grandchild = world.raise(child, 'grandchild', escalating);
    const closed: string[] = [];
    for (const address of [world.root, child, grandchild]) {
      world.act(address, (self) => self.own('thing', () => void closed.push(address)));
    }

    world.tell(grandchild, throwIn('guard'));

    assert.deepEqual(world.failures(), [
      'node/child/grandchild Error',
      'node/child child-escalated',
      'node child-escalated',
    ]);
    assert.deepEqual(closed, ['node/child/grandchild', 'node/child', 'node']);
    assert.equal(world.outcomes.length, 1);
    assert.equal(world.outcomes[0]?.type, 'failed');
    assert.equal(world.system.counts().actors, 0);
  });

  it('out of the very step in which the child was raised fails the parent after that step', () => {
    const world = new ProbeSystem().start(restarting());
    const escalating = probe({ supervision: { ...TELL_PARENT, onFailure: 'escalate' } });

    world.act(world.root, (self) => {
      self.raise(escalating, 'child', { startFault: 'entry' });
      self.answer({ type: 'probe.answered', text: 'the step goes on' });
    });

    assert.deepEqual(world.failures(), ['node/child Error', 'node child-escalated']);
    assert.equal(world.phase(world.root), 'resting');
    world.host.advance(100);
    assert.equal(world.phase(world.root), 'living');
  });

  it('to a parent that is closing already is recorded and changes nothing', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(
      world.root,
      'child',
      probe({ onStop: 'drain', supervision: { ...TELL_PARENT, onFailure: 'escalate' } }),
    );
    void world.system.stop();
    world.host.run();
    assert.equal(world.phase(world.root), 'closing');

    world.tell(child, throwIn('effect'));

    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
  });
});

describe('a stop', () => {
  it('is the first message that an actor reads', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child');
    world.post(child, { type: 'probe.note', text: 'first in line' });

    world.post(world.root, { type: 'probe.do', act: (self) => self.lower(child) });
    world.host.run();

    assert.deepEqual(world.said(), ['child first in line', 'node node/child stopped']);
    world.raise(world.root, 'next');
    world.post(world.root, { type: 'probe.do', act: (self) => self.lower(childAddress(world.root, 'next')) });
    world.host.run();
    assert.ok(world.said().includes('node node/next stopped'));
  });

  it('ends an actor that has no answer to it at once, and says so', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', probe({ onStop: 'nothing' }));

    world.act(world.root, (self) => self.lower(child));

    assert.equal(world.phase(child), 'gone');
    assert.deepEqual(world.records.lines('unhandled'), ['node/child stop']);
  });

  it('waits for an actor that takes its time, and forces it at its limit', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', probe({ onStop: 'drain', stopWithinMs: 1_000 }));

    world.act(world.root, (self) => self.lower(child));
    world.host.advance(999);
    assert.equal(world.phase(child), 'living');
    world.host.advance(1);

    assert.equal(world.phase(child), 'gone');
    assert.ok(world.supervision().includes('node/child stop-overdue'));
    assert.ok(world.said().includes('node node/child stopped'));
  });

  it('that ends in time leaves no timer behind', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', probe({ onStop: 'drain' }));
    world.act(world.root, (self) => self.lower(child));

    world.tell(child, { type: 'probe.finish', output: 1 });

    assert.equal(world.phase(child), 'gone');
    assert.equal(world.host.clock.armed, 0);
    assert.ok(world.said().includes('node node/child stopped'));
  });

  it('that is asked for twice tells both who asked', () => {
    const world = new ProbeSystem().start(probe({ onStop: 'drain' }));
    let told = 0;
    world.system.cellAt(world.root)?.stop(() => {
      told += 1;
    });
    world.system.cellAt(world.root)?.stop(() => {
      told += 1;
    });

    world.host.advance(5_000);

    assert.equal(told, 2);
    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
  });

  it('of an actor that fails on the way is an end with that failure, and no restart', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', probe({ onStop: 'drain', supervision: RESTARTING }));
    world.act(world.root, (self) => self.lower(child));

    world.tell(child, throwIn('effect'));

    assert.equal(world.phase(child), 'gone');
    assert.ok(world.said().includes('node node/child failed'));
  });

  it('while a failed life is being closed ends it without a restart', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', restarting());
    const ends: (() => void)[] = [];
    world.act(child, (self) => self.own('slow', (done: () => void) => void ends.push(done)));
    world.tell(child, throwIn('effect'));
    assert.equal(world.phase(child), 'closing');

    world.act(world.root, (self) => self.lower(child));
    ends[0]?.();
    world.host.run();

    assert.equal(world.phase(child), 'gone');
    assert.ok(world.said().includes('node node/child failed'));
    assert.equal(world.host.clock.armed, 0);
  });

  it('is not held up for ever by something that does not close', () => {
    const world = new ProbeSystem().start();
    world.act(world.root, (self) => self.own('stuck', (done: () => void) => void done.length));

    void world.system.stop();
    world.host.advance(4_999);
    assert.deepEqual(world.outcomes, []);
    world.host.advance(1);

    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
    assert.deepEqual(world.failures(), ['node close-failed']);
  });

  it('closes the children of one kind together, and others in reverse', () => {
    const world = new ProbeSystem().start();
    const slow = (kind: string) => probe({ kind, onStop: 'drain', stopWithinMs: 1_000 });
    world.raise(world.root, 'first', probe({ kind: 'router' }));
    for (let link = 0; link < 100; link += 1) {
      world.raise(world.root, `link-${link}`, slow('link'));
    }
    world.raise(world.root, 'last', probe({ kind: 'control' }));

    void world.system.stop();
    world.host.advance(999);
    assert.deepEqual(world.phase(childAddress(world.root, 'last')), 'gone');
    assert.deepEqual(world.phase(childAddress(world.root, 'first')), 'living');
    world.host.advance(1);

    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
  });
});

describe('a mailbox of an actor', () => {
  it('that overflows refuses, and the sender is told', () => {
    const world = new ProbeSystem().start(probe({ mailbox: { capacity: 1 } }));

    assert.equal(world.post(world.root, { type: 'probe.note', text: 'a' }), 'taken');
    assert.equal(world.post(world.root, { type: 'probe.note', text: 'b' }), 'refused');
    world.host.run();

    assert.deepEqual(world.said(), ['node a']);
    assert.deepEqual(world.deadLetters(), ['node probe.note mailbox-full']);
  });

  it('that gets more answers than it has room for is a failure of that actor', () => {
    const world = new ProbeSystem().start();
    const child = world.raise(world.root, 'child', probe({ mailbox: { reserved: 2 } }));

    world.act(child, (self) => {
      for (const text of ['a', 'b', 'c']) {
        self.answer({ type: 'probe.answered', text });
      }
    });

    assert.deepEqual(world.failures(), ['node/child mailbox-overrun']);
    assert.deepEqual(world.said(), ['node node/child failed']);
  });

  it('takes what its actor sends to itself during a step, and hands it out in later steps', () => {
    const world = new ProbeSystem().start();

    world.act(world.root, (self) => {
      assert.equal(self.send(self.address, message('probe.note', { text: 'to myself' })), 'taken');
      self.answer({ type: 'probe.answered', text: 'also' });
      world.stage.note(self.address, 'step ends');
    });

    assert.deepEqual(world.said(), ['node step ends', 'node to myself', 'node also']);
  });

  it('takes no message that only a timer or the runtime itself may send', () => {
    const world = new ProbeSystem().start();

    assert.equal(world.post(world.root, { type: 'timer.tick' }), 'unknown-message');
    assert.equal(world.post(world.root, { type: 'stop' }), 'unknown-message');
    world.host.run();

    assert.equal(world.phase(world.root), 'living');
    assert.deepEqual(world.deadLetters(), ['node timer.tick unknown-message', 'node stop unknown-message']);
  });
});

describe('thousands of children', () => {
  it('are raised, closed and forgotten without a trace', () => {
    const world = new ProbeSystem().start();
    const definition = probe();
    world.act(world.root, (self) => {
      for (let child = 0; child < 5_000; child += 1) {
        self.raise(definition, `child-${child}`, {});
      }
    });
    assert.equal(world.system.counts().actors, 5_001);

    void world.system.stop();
    world.host.run();

    assert.deepEqual(world.outcomes, [{ type: 'stopped' }]);
    assert.equal(world.system.counts().actors, 0);
    assert.equal(world.host.clock.armed, 0);
  });
});
