import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DETAIL, pending } from '../../../../actors/work/unit-details.js';
import { remoteExtra, statusOf } from './work-parts.js';

describe('the sentences of a status', () => {
  it('are those of the reference, letter for letter', () => {
    assert.deepEqual(
      [DETAIL.waiting, DETAIL.starting, DETAIL.launching, DETAIL.notStarted, DETAIL.running(17), DETAIL.canceled],
      [
        'Waiting for Input Data',
        'Starting Worker',
        'Launching command runner',
        'Not started yet',
        'Running: PID 17',
        'Canceled',
      ],
    );
    assert.equal(DETAIL.inputFailed('reset'), 'Error reading input data: reset');
    assert.equal(DETAIL.startFailed('no'), 'Error starting worker: no');
    assert.equal(DETAIL.pendingAtRestart, 'Pending at restart');
    assert.equal(DETAIL.failedToRestart, 'Failed to restart: remote work had not previously started');
    assert.equal(DETAIL.locallyCancelled, 'Locally Cancelled');
    assert.equal(DETAIL.farGone, 'Remote work unit is gone');
    assert.equal(DETAIL.expired('Fri Nov 20 23:15:59'), 'Work unit expired on Fri Nov 20 23:15:59');
    assert.equal(DETAIL.untrusted('CRYPTO_ERROR'), 'TLS error connecting to remote service: CRYPTO_ERROR');
    assert.match(DETAIL.handshakeTooLarge('x'), /See KCS 7129200: x$/);
    assert.match(DETAIL.workerFailed('x'), /: x$/);
  });
});

describe('a status with something new to say', () => {
  it('goes back to pending and keeps the rest', () => {
    const before = statusOf({ state: 1, detail: 'Running: PID 7', stdoutSize: 4, extraData: remoteExtra() });

    assert.deepEqual(pending(before, 'again'), { ...before, state: 0, detail: 'again' });
  });
});
