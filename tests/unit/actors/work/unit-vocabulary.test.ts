import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ESCALATE,
  JOB_STARTED,
  JOB_SUBMITTED,
  READY,
  REMOVALS_MAX,
  refusedStart,
  TIMERS,
  UNIT_IGNORES,
  UNIT_MESSAGES,
} from '../../../../actors/work/unit-vocabulary.js';

describe('the vocabulary of a unit', () => {
  it('answers a submit in the words of the reference, or with a refusal', () => {
    assert.deepEqual(JOB_STARTED, { ok: true, value: 'Job Started' });
    assert.deepEqual(JOB_SUBMITTED, { ok: true, value: 'Job Submitted' });
    assert.deepEqual(READY, { ok: true, value: 'ready' });
    assert.deepEqual(refusedStart('unknown work type x'), { ok: false, refusal: 'unknown work type x' });
  });

  it('keeps reserved room for all that a unit has asked for itself', () => {
    const requests = Object.entries(UNIT_MESSAGES).filter(([, messageClass]) => messageClass === 'request');

    assert.deepEqual(
      requests.map(([type]) => type),
      ['input.wanted', 'input.complete', 'unit.cancel', 'unit.release'],
      'a client must not be able to fill the room of answers',
    );
  });

  it('ignores answers that come late, and never a client', () => {
    const ignored: readonly string[] = UNIT_IGNORES['*'];
    const mustBeAnswered = ['input.wanted', 'input.complete', 'unit.cancel', 'unit.release', 'stop'];

    assert.deepEqual(
      mustBeAnswered.filter((type) => ignored.includes(type)),
      [],
    );
  });

  it('tries to remove a folder three times, a second apart, as the reference does', () => {
    assert.deepEqual([REMOVALS_MAX, TIMERS.removal.delayMs], [3, 1_000]);
  });

  it('makes the fault of a worker the fault of its unit', () => {
    assert.equal(ESCALATE.onFailure, 'escalate');
  });

  it('names each timer as its message does', () => {
    for (const [key, { name }] of Object.entries(TIMERS)) {
      assert.equal(name, key);
      assert.ok(`timer.${name}` in UNIT_MESSAGES);
    }
  });
});
