import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ring } from '../../../runtime/ring.js';

describe('a ring', () => {
  it('gives back what was put in, oldest first', () => {
    const ring = new Ring<number>(4);

    for (const item of [1, 2, 3, 4, 5, 6, 7]) {
      ring.push(item);
    }

    assert.equal(ring.size, 7);
    assert.equal(ring.peek(), 1);
    assert.deepEqual([...ring], [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([ring.shift(), ring.shift()], [1, 2]);
    assert.equal(ring.size, 5);
  });

  it('gives undefined when it is empty', () => {
    const ring = new Ring<number>();

    assert.equal(ring.shift(), undefined);
    assert.equal(ring.peek(), undefined);
    assert.equal(ring.size, 0);
  });

  it('grows while its head is in the middle, and keeps the order', () => {
    const ring = new Ring<number>(4);
    ring.push(1);
    ring.push(2);
    ring.push(3);
    ring.shift();
    ring.shift();

    for (let item = 4; item <= 12; item += 1) {
      ring.push(item);
    }

    assert.deepEqual([...ring], [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('forgets everything when it is cleared', () => {
    const ring = new Ring<number>(4);
    ring.push(1);

    ring.clear();

    assert.equal(ring.size, 0);
    assert.equal(ring.shift(), undefined);
  });

  it('gives its memory back after a burst', () => {
    const ring = new Ring<number>(4);
    for (let item = 0; item < 10_000; item += 1) {
      ring.push(item);
    }
    assert.ok(ring.capacity >= 10_000);

    while (ring.size > 0) {
      ring.shift();
    }

    assert.equal(ring.capacity, 4);
  });
});
