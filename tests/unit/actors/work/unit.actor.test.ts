import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { unitActor } from '../../../../actors/work/unit.actor.js';
import type { UnitInput, WorkerResult } from '../../../../actors/work/unit-vocabulary.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { Message, ReplyTo } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { frozenOutside } from './frozen-ports.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(unitActor);
after(() => driver.atLeast(1));

const command = { type: 'command', job: { command: 'echo', params: '' } } as const;
const local: UnitInput = { unitId: UNIT, plan: command, beginning: 'new', status: statusOf() };
const far: UnitInput = { unitId: UNIT, plan: { type: 'far' }, beginning: 'new', status: remoteStatus() };
const finished = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 3 });
const asker = (number: number): ReplyTo => number as ReplyTo;

const cancel = (number = 1) => ({ type: 'unit.cancel', replyTo: asker(number) });
const release = (number = 2, force = false) => ({ type: 'unit.release', replyTo: asker(number), force });
const ended = (status: UnitStatus): Message => {
  const output: WorkerResult = { status };
  return { type: 'child.ended', child: 'x', kind: 'command', outcome: { type: 'done', output } } as Message;
};
const replied = (number: number, value: unknown): PlainWish => ({ type: 'reply', to: asker(number), value });
const done = (value: string) => ({ ok: true, value });
const refused = (refusal: string) => ({ ok: false, refusal });

function receiving(input: UnitInput = local): DrivenMachine {
  const machine = driver.start(input);
  machine.send({ type: 'folder.made' });
  return machine;
}

function working(input: UnitInput = local): DrivenMachine {
  const machine = receiving(input);
  machine.send({ type: 'input.complete', replyTo: asker(9) } as Message);
  return machine;
}

function resting(input: UnitInput = local): DrivenMachine {
  return driver.start({ ...input, beginning: 'found', status: { ...input.status, state: 2, detail: 'exit status 0' } });
}

describe('the machine of a unit', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(unitActor);
  });

  it('makes its folder, takes its input, has it worked on, and writes down the last word', () => {
    const machine = driver.start(local);
    assert.deepEqual(machine.wishes, [{ type: 'make-folder', unitId: UNIT, status: statusOf() }]);
    assert.deepEqual(machine.send({ type: 'input.wanted', replyTo: asker(8) } as Message), []);
    assert.deepEqual(machine.send({ type: 'folder.made' }), [
      replied(8, done('ready')),
      { type: 'show-status', unitId: UNIT, status: statusOf(), weight: 'passing' },
    ]);
    assert.deepEqual(machine.send({ type: 'input.complete', replyTo: asker(9) } as Message), [
      { type: 'close-intake' },
      { type: 'raise-worker', ...local },
    ]);
    assert.deepEqual(machine.send({ type: 'work.started', outcome: done('Job Started') } as Message), [
      replied(9, done('Job Started')),
    ]);
    const running = statusOf({ state: 1, detail: 'Running: PID 7' });
    assert.deepEqual(machine.send({ type: 'work.changed', status: running, weight: 'lasting' } as Message), [
      { type: 'show-status', unitId: UNIT, status: running, weight: 'lasting' },
    ]);
    assert.deepEqual(machine.send(ended(finished)), [{ type: 'settle-status', unitId: UNIT, status: finished }]);
    machine.send({ type: 'status.settled' });
    assert.equal(machine.isDone, true);
  });

  it('tells whoever made it why it could not be made', () => {
    const machine = driver.start(local);
    machine.send({ type: 'input.wanted', replyTo: asker(8) } as Message);

    assert.deepEqual(machine.send({ type: 'folder.failed', text: 'no room' } as Message), [
      replied(8, refused('no room')),
      { type: 'forget-unit', unitId: UNIT },
    ]);
    assert.equal(machine.isDone, true);
  });

  it('answers whoever comes too early or too late', () => {
    const making = driver.start(local);
    const early = refused('the work unit is still being created');
    assert.deepEqual(making.send(cancel()), [replied(1, early)]);
    assert.deepEqual(making.send(release()), [replied(2, early)]);

    const late = refused('the work unit does not wait for input');
    assert.deepEqual(working().send({ type: 'input.wanted', replyTo: asker(4) } as Message), [replied(4, late)]);
    assert.deepEqual(working().send({ type: 'input.complete', replyTo: asker(4) } as Message), [replied(4, late)]);
    assert.deepEqual(receiving().send({ type: 'input.wanted', replyTo: asker(4) } as Message), [
      replied(4, done('ready')),
    ]);
  });

  it('fails with the reason when its input is cut short, and never runs', () => {
    const machine = receiving();
    const failed = statusOf({ state: 3, detail: 'Error reading input data: reset' });

    assert.deepEqual(machine.send({ type: 'input.failed', reason: 'Error reading input data: reset' } as Message), [
      { type: 'close-intake' },
      { type: 'settle-status', unitId: UNIT, status: failed },
    ]);
  });

  it('may be cancelled or released while it takes its input', () => {
    const canceled = receiving().send(cancel());
    assert.deepEqual(canceled[1], {
      type: 'settle-status',
      unitId: UNIT,
      status: statusOf({ state: 4, detail: 'Canceled' }),
    });
    assert.deepEqual(canceled[2], replied(1, done('cancelled')));

    const remote = receiving(far).send(cancel());
    assert.equal((remote[1]?.['status'] as UnitStatus | undefined)?.detail, 'Locally Cancelled');

    const machine = receiving();
    assert.deepEqual(machine.send(release()), [{ type: 'close-intake' }, { type: 'remove-folder', unitId: UNIT }]);
    assert.deepEqual(machine.send({ type: 'folder.removed' }), [
      { type: 'forget-unit', unitId: UNIT },
      replied(2, done('released')),
    ]);
    assert.equal(machine.isDone, true);
  });

  it('orders its worker to cancel, and answers when that is over', () => {
    const machine = working();
    const order = { type: 'order-worker', order: 'cancel', manner: 'patient' };
    assert.deepEqual(machine.send(cancel(1)), [order]);
    assert.deepEqual(machine.send(cancel(3)), [order], 'asked again, the worker may try again');
    const canceled = statusOf({ state: 4, detail: 'Canceled' });

    assert.deepEqual(machine.send(ended(canceled)), [
      replied(9, refused('the work unit was cancelled before it was started')),
      { type: 'settle-status', unitId: UNIT, status: canceled },
      replied(1, done('cancelled')),
      replied(3, done('cancelled')),
    ]);
  });

  it('removes itself after a release, and answers a cancel that was under way', () => {
    const machine = working();
    machine.send({ type: 'work.started', outcome: done('Job Started') } as Message);
    machine.send(cancel(1));
    assert.deepEqual(machine.send(release(2)), [{ type: 'order-worker', order: 'release', manner: 'patient' }]);
    assert.deepEqual(machine.send(cancel(3)), []);
    assert.deepEqual(machine.send(release(4, true)), [{ type: 'order-worker', order: 'release', manner: 'force' }]);
    machine.send(ended(statusOf()));
    assert.deepEqual(machine.send({ type: 'folder.removed' }), [
      { type: 'forget-unit', unitId: UNIT },
      replied(1, done('cancelled')),
      replied(2, done('released')),
      replied(3, done('cancelled')),
      replied(4, done('released')),
    ]);
  });

  it('promises what is pending only once it is written down, and tells of a refusal', () => {
    const machine = working(far);
    machine.send(cancel(1));
    assert.deepEqual(
      machine.send({ type: 'work.ordered', orders: ['cancel', 'release'], news: 'pending' } as Message),
      [{ type: 'promise', to: asker(1), value: done('cancel pending') }],
    );
    machine.send(release(2));
    assert.deepEqual(machine.send({ type: 'work.ordered', orders: ['release'], news: 'pending' } as Message), [
      { type: 'promise', to: asker(2), value: done('release pending') },
    ]);
    machine.send(release(3));
    assert.deepEqual(machine.send({ type: 'work.ordered', orders: ['release'], news: { refusal: 'no' } } as Message), [
      replied(3, refused('no')),
    ]);
    assert.deepEqual(machine.send({ type: 'work.started', outcome: done('Job Submitted') } as Message), [
      { type: 'promise', to: asker(9), value: done('Job Submitted') },
    ]);
  });

  it('removes itself when its worker has carried out a release of an earlier life', () => {
    const machine = driver.start({ ...far, beginning: 'found', status: remoteStatus({ localReleased: true }) });
    assert.equal(machine.state, 'working.calm');
    machine.send(ended(remoteStatus({ localReleased: true })));
    assert.equal(machine.state, 'removing.trying');
  });

  it('writes its last word again until the disk takes it', () => {
    const machine = working();
    machine.send(ended(finished));
    assert.deepEqual(machine.send({ type: 'status.unsettled' }), [
      { type: 'arm-timer', name: 'settle', delayMs: 5_000, jitter: 0.3 },
    ]);
    assert.deepEqual(machine.send(cancel(1)), [replied(1, done('cancelled'))]);
    assert.deepEqual(machine.send({ type: 'timer.settle' }), [
      { type: 'settle-status', unitId: UNIT, status: finished },
    ]);
    machine.send(release(2));
    assert.equal(machine.state, 'removing.trying');
  });

  it('rests when it is finished, and then goes', () => {
    const machine = resting();
    assert.deepEqual(machine.wishes, [{ type: 'arm-timer', name: 'rest', delayMs: 5_000 }]);
    assert.deepEqual(machine.send(cancel(1)), [replied(1, done('cancelled'))]);
    machine.send({ type: 'timer.rest' });
    assert.equal(machine.isDone, true);

    assert.equal(driver.start({ ...local, plan: { type: 'unknown' }, beginning: 'found' }).state, 'resting');
  });

  it('has its far half released before it removes itself', () => {
    const machine = resting(far);
    assert.deepEqual(
      machine.send(release(2)).map(({ type }) => type),
      ['raise-worker', 'order-worker'],
    );
    assert.equal(machine.state, 'working.releasing');
    const here = resting();
    here.send(release(2));
    assert.equal(here.state, 'removing.trying');
  });

  it('tries three times to remove its folder, and stays when it cannot', () => {
    const machine = resting();
    machine.send(release(2));
    for (let tries = 1; tries < 3; tries += 1) {
      assert.deepEqual(machine.send({ type: 'folder.stuck', text: 'busy' } as Message), [
        { type: 'arm-timer', name: 'removal', delayMs: 1_000 },
      ]);
      assert.deepEqual(machine.send({ type: 'timer.removal' }), [{ type: 'remove-folder', unitId: UNIT }]);
    }
    assert.deepEqual(machine.send(release(3)), []);
    const wishes = machine.send({ type: 'folder.stuck', text: 'busy' } as Message);
    assert.deepEqual(wishes.slice(0, 2), [replied(2, refused('busy')), replied(3, refused('busy'))]);
    assert.equal(machine.state, 'settling.writing');
  });

  it('is gone all the same when it is forced', () => {
    const machine = resting();
    machine.send(release(2, true));
    for (let tries = 1; tries < 3; tries += 1) {
      machine.send({ type: 'folder.stuck', text: 'busy' } as Message);
      machine.send({ type: 'timer.removal' });
    }
    assert.deepEqual(machine.send({ type: 'folder.stuck', text: 'busy' } as Message), [
      { type: 'forget-unit', unitId: UNIT },
      replied(2, done('released')),
    ]);
  });

  it('is canceled, in the end, when its command was ended and its folder stays', () => {
    const machine = working();
    machine.send(release(2));
    machine.send(ended(statusOf({ state: 1 })));
    for (let tries = 1; tries < 3; tries += 1) {
      machine.send({ type: 'folder.stuck', text: 'busy' } as Message);
      machine.send({ type: 'timer.removal' });
    }
    const wishes = machine.send({ type: 'folder.stuck', text: 'busy' } as Message);
    assert.equal((wishes.at(-1)?.['status'] as UnitStatus | undefined)?.state, 4);
  });

  it('stops in every state', () => {
    for (const machine of [driver.start(local), receiving(), working(), resting()]) {
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });
});

type Send = (message: Message) => void;

const toWork = (send: Send): void => {
  send({ type: 'folder.made' });
  send({ type: 'input.complete', replyTo: asker(9) } as Message);
};
const toRemoval = (send: Send): void => {
  send({ type: 'folder.made' });
  send(release());
};

describe('a unit', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: unitActor,
      outside: frozenOutside,
      input: () => local,
      scripts: {
        creating: () => undefined,
        receiving: ({ send }) => send({ type: 'folder.made' }),
        'working.calm': ({ send }) => toWork(send),
        'working.cancelling': ({ send }) => {
          toWork(send);
          send(cancel());
        },
        'working.releasing': ({ send }) => {
          toWork(send);
          send(release());
        },
        'settling.writing': ({ send }) => {
          send({ type: 'folder.made' });
          send(cancel());
        },
        'settling.waiting': ({ send }) => {
          send({ type: 'folder.made' });
          send(cancel());
          send({ type: 'status.unsettled' });
        },
        'removing.trying': ({ send }) => toRemoval(send),
        'removing.waiting': ({ send }) => {
          toRemoval(send);
          send({ type: 'folder.stuck', text: 'busy' } as Message);
        },
      },
      // Only a unit that was found rests: below.
      waived: ['resting'],
    });
    await assertFaultsAreFailures({
      definition: unitActor,
      outside: frozenOutside,
      input: () => ({ ...local, beginning: 'found', status: finished }),
      scripts: { resting: () => undefined },
      waived: [
        ...['creating', 'receiving', 'working.calm', 'working.cancelling', 'working.releasing'],
        ...['settling.writing', 'settling.waiting', 'removing.trying', 'removing.waiting'],
      ],
    });
  });
});
