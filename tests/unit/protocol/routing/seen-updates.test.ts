import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEEN_UPDATES_AGE_MS, SEEN_UPDATES_MAX, SeenUpdates } from '../../../../protocol/routing/seen-updates.js';

test('an id is new once', () => {
  const seen = new SeenUpdates();

  assert.equal(seen.add('a', 0), true);
  assert.equal(seen.add('a', 1), false);
  assert.equal(seen.add('b', 1), true);
});

test('an id is remembered for the stated age at least and not much longer than twice that', () => {
  const seen = new SeenUpdates();
  seen.add('a', 1000);

  assert.equal(seen.add('a', 1000 + SEEN_UPDATES_AGE_MS), false);
  assert.equal(seen.add('a', 1000 + 2 * SEEN_UPDATES_AGE_MS), true);
});

test('after a long silence everything is forgotten', () => {
  const seen = new SeenUpdates();
  seen.add('a', 0);

  assert.equal(seen.add('a', 2 * SEEN_UPDATES_AGE_MS), true);
  assert.equal(seen.size, 1);
});

test('holds two generations at most and always remembers the last one', () => {
  const seen = new SeenUpdates();
  for (let i = 0; i < 3 * SEEN_UPDATES_MAX; i++) seen.add(`u${i}`, 0);

  assert.ok(seen.size <= 2 * SEEN_UPDATES_MAX);
  for (let i = 2 * SEEN_UPDATES_MAX; i < 3 * SEEN_UPDATES_MAX; i++) assert.equal(seen.add(`u${i}`, 0), false);
});
