import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localTime } from '../../../../runtime/io/local-time.js';

/** Noon of 2 January 2026, UTC: everywhere on earth it is the first, the second or the third. */
const NOON_MS = Date.UTC(2026, 0, 2, 12, 30, 45);

describe('the local time', () => {
  it('is what a clock on the wall shows, with months from 1 on', () => {
    const local = new Date(NOON_MS);

    assert.deepEqual(localTime(NOON_MS), {
      year: 2026,
      month: 1,
      day: local.getDate(),
      hours: local.getHours(),
      minutes: local.getMinutes(),
      seconds: 45,
    });
  });
});
