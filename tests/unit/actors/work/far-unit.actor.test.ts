import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { farUnitActor } from '../../../../actors/work/far-unit.actor.js';
import type { WorkerInput } from '../../../../actors/work/unit-vocabulary.js';
import type { RemoteExtraData } from '../../../../protocol/work/extra-data.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { Message } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { frozenOutside } from './frozen-ports.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(farUnitActor);
after(() => driver.atLeast(1));

const fresh: WorkerInput = { unitId: UNIT, beginning: 'new', status: remoteStatus() };
const found = (extra: Partial<RemoteExtraData>, changes: Partial<UnitStatus> = {}): WorkerInput => {
  return { unitId: UNIT, beginning: 'found', status: remoteStatus(extra, changes) };
};
const begun = { remoteUnitId: 'there', remoteStarted: true };
const message = (type: string, fields: object = {}): Message => ({ type, ...fields }) as Message;

const lost = (task: string) => message('task.lost', { task, text: 'no route to node' });
const force = message('worker.release', { manner: 'force' });
const release = message('worker.release', { manner: 'patient' });
const cancel = message('worker.cancel');

function started(): DrivenMachine {
  const machine = driver.start(fresh);
  machine.send(message('start.done', { farUnitId: 'there' }));
  return machine;
}

/** What the wishes raise and lower, and what they tell, in short. */
function short(wishes: readonly PlainWish[]): readonly string[] {
  return wishes.map((wish) => {
    switch (wish.type) {
      case 'raise-task':
      case 'lower-task':
      case 'hurry-task':
        return `${wish.type} ${wish['task']}`;
      case 'tell-ordered':
        return `tell ${(wish['orders'] as readonly string[]).join('+')} ${JSON.stringify(wish['news'])}`;
      case 'tell-started':
        return `tell-started ${JSON.stringify(wish['outcome'])}`;
      case 'tell-changed':
        return `tell ${flagsOf(wish['status'] as UnitStatus)}`;
      default:
        return wish.type;
    }
  });
}

function flagsOf({ state, detail, extraData }: UnitStatus): string {
  const extra = extraData as RemoteExtraData;
  const flags = (['remoteStarted', 'localCancelled', 'localReleased'] as const).filter((name) => extra[name]);
  return `${state} ${detail} [${[extra.remoteUnitId, ...flags].filter((word) => word !== '').join(' ')}]`;
}

function ending(machine: DrivenMachine): string {
  assert.equal(machine.isDone, true, `it is ${machine.state}`);
  return flagsOf((machine.output as { readonly status: UnitStatus }).status);
}

describe('the machine of work on another node', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farUnitActor);
  });

  it('starts the work there, remembers its name, and watches it', () => {
    const machine = driver.start(fresh);
    const starting = { ...fresh.status, detail: 'Starting Worker' };
    assert.deepEqual(machine.wishes, [
      { type: 'tell-changed', status: starting, weight: 'passing' },
      {
        type: 'raise-task',
        task: 'start',
        unitId: UNIT,
        node: FAR,
        extra: fresh.status.extraData,
        farUnitId: undefined,
        status: starting,
      },
    ]);
    assert.deepEqual(short(machine.send(message('start.left', { farUnitId: 'there' }))), [
      'tell 0 Starting Worker [there]',
    ]);
    assert.deepEqual(short(machine.send(message('start.done', { farUnitId: 'there' }))), [
      'lower-task start',
      'tell 0 Starting Worker [there remoteStarted]',
      'tell-started {"ok":true,"value":"Job Started"}',
      'raise-task watch',
    ]);
  });

  it('shows what the far unit shows, and ends with all of its output', () => {
    const machine = started();
    const running = statusOf({ state: 1, detail: 'Running: PID 5', stdoutSize: 10 });
    assert.deepEqual(short(machine.send(message('far.status', { status: running }))), [
      'tell 1 Running: PID 5 [there remoteStarted]',
    ]);
    const grown = { ...running, stdoutSize: 20 };
    assert.deepEqual(machine.send(message('far.status', { status: grown })), [], 'a size alone is no news');
    assert.deepEqual(machine.send(message('far.status', { status: statusOf() })), [], 'a unit never goes back');
    const final = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 30 });
    machine.send(message('far.status', { status: final }));
    const more = machine.send(message('far.status', { status: { ...final, stdoutSize: 31 } }));
    assert.equal(more.length, 1, 'the last size counts');
    machine.send(message('watch.complete', { status: { ...final, stdoutSize: 31 } }));
    assert.equal(ending(machine), '2 exit status 0 [there remoteStarted]');
  });

  it('fails when the other node knows it no more, with the output that is here', () => {
    const machine = started();
    machine.send(message('watch.gone', { storedSize: 7 }));

    assert.equal(ending(machine), '3 Remote work unit is gone [there remoteStarted]');
    assert.equal((machine.output as { readonly status: UnitStatus }).status.stdoutSize, 7);
  });

  it('is submitted, and tried again, when the node cannot be reached now', () => {
    const machine = driver.start(fresh);
    assert.deepEqual(short(machine.send(lost('start'))), ['tell-started {"ok":true,"value":"Job Submitted"}']);
    assert.equal(machine.state, 'starting');
  });

  it('fails with the words of the other node when that refuses it', () => {
    const machine = driver.start(fresh);
    const text = 'could not parse response: ERROR: unknown work type x';
    assert.deepEqual(short(machine.send(message('start.refused', { text }))), [
      'lower-task start',
      `tell-started {"ok":false,"refusal":"${text}"}`,
    ]);
    assert.equal(ending(machine), `3 Error starting worker: ${text} []`);
  });

  it('fails when the other node is not to be trusted, in the words that users know', () => {
    for (const [text, detail] of [
      ['CRYPTO_ERROR 0x12a (local): x', 'TLS error connecting to remote service: CRYPTO_ERROR 0x12a (local): x'],
      [
        'CRYPTO_BUFFER_EXCEEDED: y',
        'QUIC crypto buffer exceeded. CA bundle may be too large (limit: 16KB). See KCS 7129200: CRYPTO_BUFFER_EXCEEDED: y',
      ],
    ]) {
      const machine = driver.start(fresh);
      const wishes = machine.send(message('start.untrusted', { text }));
      assert.deepEqual(short(wishes)[1], 'tell-started {"ok":true,"value":"Job Submitted"}');
      assert.equal(ending(machine), `3 ${detail} []`);
    }
  });

  it('cannot be signed without a key', () => {
    const machine = driver.start({ ...fresh, status: remoteStatus({ signWork: true }) });

    assert.deepEqual(short(machine.wishes), [
      'tell-started {"ok":false,"refusal":"cannot sign work: signing key is empty"}',
    ]);
    assert.equal(ending(machine), '3 Error starting worker: cannot sign work: signing key is empty []');
  });

  it('expires when it was not started in time, and what was left there is released', () => {
    const expiration = { text: '2026-11-20T23:15:59Z', seconds: 1_795_216_559, nanoseconds: 500_000_000 };
    const machine = driver.start({ ...fresh, status: remoteStatus({ expiration }) });
    assert.deepEqual(machine.wishes[2], { type: 'await-expiry', expiresAtMs: 1_795_216_559_500 });
    machine.send(message('start.left', { farUnitId: 'there' }));

    assert.deepEqual(short(machine.send(message('expiry.came'))), [
      'lower-task start',
      'tell 0 Starting Worker [there localCancelled]',
      'raise-task release',
    ]);
    machine.send(message('order.done'));
    assert.match(ending(machine), /^3 Work unit expired on \w{3} \w{3} \d+ \d\d:\d\d:\d\d \[there localCancelled\]$/);
  });

  it('is withdrawn when it is cancelled before it was started', () => {
    const machine = driver.start(fresh);
    machine.send(cancel);
    assert.equal(machine.state, 'withdrawing');
    assert.deepEqual(short(machine.send(lost('release'))), ['tell cancel+release "pending"']);
    assert.deepEqual(machine.send(lost('watch')), []);
    assert.deepEqual(short(machine.send(cancel)), ['hurry-task release']);
    assert.deepEqual(short(machine.send(release)), ['hurry-task release']);
    machine.send(message('order.refused', { text: 'no' }));
    assert.equal(ending(machine), '3 Locally Cancelled [localCancelled]');
  });

  it('is withdrawn in any case when it is forced', () => {
    const machine = driver.start(fresh);
    assert.deepEqual(short(machine.send(force)).slice(-1), ['arm-timer']);
    machine.send(message('timer.force'));
    assert.equal(ending(machine), '3 Locally Cancelled [localCancelled localReleased]');

    const later = driver.start(fresh);
    later.send(cancel);
    assert.deepEqual(short(later.send(force)), ['arm-timer', 'hurry-task release']);
  });

  it('cancels what runs there, while it is still watched', () => {
    const machine = started();
    assert.deepEqual(short(machine.send(cancel)), [
      'tell 0 Starting Worker [there remoteStarted localCancelled]',
      'raise-task cancel',
    ]);
    assert.deepEqual(machine.send(lost('watch')), []);
    assert.deepEqual(short(machine.send(lost('cancel'))), ['tell cancel+release "pending"']);
    assert.deepEqual(short(machine.send(cancel)), ['hurry-task cancel']);
    assert.deepEqual(short(machine.send(message('order.done'))), ['lower-task cancel', 'tell cancel "done"']);
    assert.deepEqual(short(machine.send(cancel)), ['tell cancel "done"']);
    machine.send(message('watch.complete', { status: statusOf({ state: 4, detail: 'Canceled' }) }));
    assert.equal(ending(machine), '4 Canceled [there remoteStarted localCancelled]');
  });

  it('tells who cancels that the other node refused, and goes on', () => {
    const machine = started();
    machine.send(cancel);
    assert.deepEqual(short(machine.send(message('order.refused', { text: 'no' }))), [
      'lower-task cancel',
      'tell cancel {"refusal":"error cancelling remote unit:  no"}',
    ]);
    assert.equal(machine.state, 'started.following');
  });

  it('releases what is there before it ends', () => {
    const machine = started();
    assert.deepEqual(short(machine.send(release)), [
      'lower-task watch',
      'tell 0 Starting Worker [there remoteStarted localCancelled localReleased]',
      'raise-task release',
    ]);
    assert.deepEqual(short(machine.send(lost('release'))), ['tell cancel+release "pending"']);
    assert.deepEqual(machine.send(lost('watch')), []);
    assert.deepEqual(short(machine.send(release)), ['hurry-task release']);
    machine.send(message('order.done'));
    assert.equal(machine.isDone, true);
  });

  it('goes on when the other node refuses the release', () => {
    const machine = started();
    machine.send(release);
    assert.deepEqual(short(machine.send(message('order.refused', { text: 'no' }))), [
      'lower-task release',
      'tell 0 Starting Worker [there remoteStarted localCancelled]',
      'tell release {"refusal":"error cancelling remote unit:  no"}',
      'raise-task watch',
    ]);
  });

  it('ends in any case when its release is forced', () => {
    for (const end of [lost('release'), message('order.refused', { text: 'no' }), message('timer.force')]) {
      const machine = started();
      machine.send(force);
      machine.send(end);
      assert.equal(machine.isDone, true, end.type);
    }
    const later = started();
    later.send(release);
    assert.deepEqual(short(later.send(force)), ['arm-timer', 'hurry-task release']);
  });

  it('is taken up after a restart where it was', () => {
    assert.equal(driver.start(found(begun)).state, 'started.following');
    assert.equal(driver.start(found({ ...begun, localCancelled: true })).state, 'started.cancelling');
    assert.equal(driver.start(found({ ...begun, localReleased: true })).state, 'releasing');
    assert.equal(driver.start(found({ remoteUnitId: 'there', localCancelled: true })).state, 'withdrawing');
    assert.equal(
      driver.start(found({ ...begun, localCancelled: true }, { state: 4 })).state,
      'started.following',
      'what was cancelled need not be cancelled again',
    );
  });

  it('that was not started before a restart never will be', () => {
    const pending = driver.start(found({}));
    assert.equal(ending(pending), '3 Failed to restart: remote work had not previously started []');
    const expired = driver.start(found({}, { state: 3, detail: 'Locally Cancelled' }));
    assert.equal(ending(expired), '3 Locally Cancelled []');
  });

  it('stops in every state', () => {
    const machine = started();
    machine.send(message('stop'));
    assert.equal(machine.isDone, true);
  });
});

describe('work on another node', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    const start = message('start.done', { farUnitId: 'there' });
    await assertFaultsAreFailures({
      definition: farUnitActor,
      outside: frozenOutside,
      input: () => fresh,
      scripts: {
        starting: () => undefined,
        withdrawing: ({ send }) => {
          send(message('start.left', { farUnitId: 'there' }));
          send(cancel);
        },
        'started.following': ({ send }) => send(start),
        'started.cancelling': ({ send }) => {
          send(start);
          send(cancel);
        },
        'started.cancelled': ({ send }) => {
          send(start);
          send(cancel);
          send(message('order.done'));
        },
        releasing: ({ send }) => {
          send(start);
          send(release);
        },
      },
    });
  });
});
