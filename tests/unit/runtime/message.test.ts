import assert from 'node:assert/strict';
import { it } from 'node:test';
import { STOP, topic } from '../../../runtime/message.js';

it('a topic is known by its name', () => {
  assert.deepEqual(topic<number>('unit.changed'), { name: 'unit.changed' });
});

it('the message that stops an actor is the same everywhere', () => {
  assert.deepEqual(STOP, { type: 'stop' });
});
