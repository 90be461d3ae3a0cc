import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failed } from '../../../../actors/work/exit-text.js';
import {
  expiredVerdict,
  expiryMs,
  FAR_UNIT_IGNORES,
  FAR_UNIT_MESSAGES,
  firstFarContext,
  judged,
  mannerOf,
  mirrored,
  orderRefusal,
  taskOf,
  untrustedVerdict,
  weightOf,
  withExtra,
  withoutFarUnit,
} from '../../../../actors/work/far-unit-vocabulary.js';
import type { RemoteExtraData } from '../../../../protocol/work/extra-data.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import { FAR } from '../node-parts.js';
import { remoteExtra, remoteStatus, statusOf, UNIT } from './work-parts.js';

const contextOf = (extra: Partial<RemoteExtraData> = {}, changes: Partial<UnitStatus> = {}) =>
  firstFarContext({ unitId: UNIT, beginning: 'found', status: remoteStatus(extra, changes) });
const after = (text: string, seconds: number, nanoseconds = 0) => ({ text, seconds, nanoseconds });

describe('what is kept in mind of work on another node', () => {
  it('is what its status tells', () => {
    const context = contextOf({ remoteUnitId: 'there', remoteStarted: true });

    assert.equal(context.farUnitId, 'there');
    assert.equal(context.manner, 'patient');
    assert.deepEqual(context.verdict, failed('Locally Cancelled'));
    assert.equal(contextOf().farUnitId, undefined, 'an empty id is none');
  });

  it('is nothing when the status file belongs to another kind of work', () => {
    const { extra } = firstFarContext({ unitId: UNIT, beginning: 'found', status: statusOf() });

    assert.equal(extra.remoteNode, '');
    assert.equal(extra.remoteStarted, false);
  });

  it('is changed in the status too, which is what a later life finds', () => {
    const changed = withExtra(contextOf(), { remoteUnitId: 'there', remoteStarted: true });

    assert.deepEqual(changed.extra, remoteExtra({ remoteUnitId: 'there', remoteStarted: true }));
    assert.equal(changed.status.extraData, changed.extra);
    assert.equal(changed.farUnitId, 'there');
  });

  it('is given to a task', () => {
    const context = contextOf({ remoteUnitId: 'there' });

    assert.deepEqual(taskOf(context, 'cancel'), {
      task: 'cancel',
      unitId: UNIT,
      node: FAR,
      extra: context.extra,
      farUnitId: 'there',
      status: context.status,
    });
  });
});

describe('the status of work on another node', () => {
  const running = { state: 1, detail: 'Running: PID 5', stdoutSize: 10 };

  it('shows state, detail and size of the far unit, and keeps what is our own', () => {
    const context = contextOf({ remoteUnitId: 'there' });
    const extraData = { type: 'command', pid: 5, params: 'x' } as const;

    assert.deepEqual(mirrored(context, statusOf({ ...running, workType: 'echo', extraData })), {
      ...context.status,
      ...running,
    });
  });

  it('never goes back, and leaves a final state for none but a cancel', () => {
    const failedHere = contextOf({}, { state: 3, detail: 'Killed' });

    assert.equal(mirrored(contextOf({}, running), statusOf()).state, 1);
    assert.equal(mirrored(failedHere, statusOf(running)).state, 3);
    assert.equal(mirrored(failedHere, statusOf({ state: 2 })).state, 3);
    assert.equal(mirrored(failedHere, statusOf({ state: 4, detail: 'Canceled' })).detail, 'Canceled');
    assert.equal(mirrored(contextOf(), statusOf({ state: 9, detail: 'Nonsense' })).state, 0);
  });

  it('is written down when the state or the detail is news, or the last size is', () => {
    const context = contextOf({}, running);
    const ended = contextOf({}, { state: 2, detail: 'exit status 0', stdoutSize: 10 });

    assert.equal(weightOf(context, { ...context.status, stdoutSize: 11 }), undefined);
    assert.equal(weightOf(context, { ...context.status, detail: 'Running: PID 6' }), 'lasting');
    assert.equal(weightOf(context, { ...context.status, state: 2 }), 'lasting');
    assert.equal(weightOf(ended, { ...ended.status, stdoutSize: 11 }), 'lasting');
    assert.equal(weightOf(ended, ended.status), undefined);
  });

  it('takes a verdict only while it has none', () => {
    assert.deepEqual(judged(contextOf({}, running), failed('no')), {
      ...remoteStatus({}, running),
      state: 3,
      detail: 'no',
    });
    for (const state of [2, 3, 4]) {
      assert.equal(judged(contextOf({}, { state, detail: 'done' }), failed('no')).detail, 'done');
    }
  });

  it('of a unit that is gone there has as much output as is here', () => {
    const gone = withoutFarUnit(contextOf({}, { ...running, stdoutSize: 1_000 }), 7);
    const ended = withoutFarUnit(contextOf({}, { state: 2, detail: 'exit status 0', stdoutSize: 1_000 }), 7);

    assert.deepEqual([gone.state, gone.detail, gone.stdoutSize], [3, 'Remote work unit is gone', 7]);
    assert.deepEqual([ended.state, ended.detail, ended.stdoutSize], [2, 'exit status 0', 7]);
  });
});

describe('words about work on another node', () => {
  it('are those of the reference for a node that cannot be trusted', () => {
    const untrusted = 'CRYPTO_ERROR 0x12a (local): x509: certificate signed by unknown authority';
    const large = 'CRYPTO_BUFFER_EXCEEDED: 17000 bytes';

    assert.deepEqual(untrustedVerdict(untrusted), failed(`TLS error connecting to remote service: ${untrusted}`));
    assert.deepEqual(
      untrustedVerdict(large),
      failed(`QUIC crypto buffer exceeded. CA bundle may be too large (limit: 16KB). See KCS 7129200: ${large}`),
    );
  });

  it('are those that AWX looks for when an order is refused, of a release too and with both blanks', () => {
    for (const order of ['cancel', 'release'] as const) {
      assert.deepEqual(orderRefusal({ order, text: 'unknown work unit x' }), {
        orders: [order],
        news: { refusal: 'error cancelling remote unit:  unknown work unit x' },
      });
    }
  });

  it('tell when a start has expired', () => {
    const extra = remoteExtra({ expiration: after('2026-11-20T23:15:59Z', 1_795_216_559) });

    assert.equal(expiryMs(extra), 1_795_216_559_000);
    assert.deepEqual(expiredVerdict(extra), failed('Work unit expired on Fri Nov 20 23:15:59'));
  });
});

describe('orders to work on another node', () => {
  it('expire to the millisecond, or never', () => {
    assert.equal(expiryMs(remoteExtra({ expiration: after('', 2, 345_000_000) })), 2_345);
    assert.equal(expiryMs(remoteExtra()), undefined);
  });

  it('are forced for ever once they were', () => {
    const patient = contextOf();
    const forced = { ...patient, manner: 'force' } as const;

    assert.equal(mannerOf(patient, { type: 'worker.release', manner: 'force' }), 'force');
    assert.equal(mannerOf(forced, { type: 'worker.release', manner: 'patient' }), 'force');
    assert.equal(mannerOf(patient, { type: 'worker.release', manner: 'patient' }), 'patient');
    assert.equal(mannerOf(patient, { type: 'worker.cancel' }), 'patient');
  });

  it('name no message as ignored that there is not', () => {
    for (const type of Object.values(FAR_UNIT_IGNORES).flat()) {
      assert.ok(type in FAR_UNIT_MESSAGES, type);
    }
  });
});
