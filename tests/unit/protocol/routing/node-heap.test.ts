import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeHeap } from '../../../../protocol/routing/node-heap.js';

test('gives the nodes in the order that it was told', () => {
  const weight = [5, 3, 8, 1, 9, 2];
  const heap = new NodeHeap(weight.length, (a, b) => (weight[a] ?? 0) < (weight[b] ?? 0));
  for (let node = 0; node < weight.length; node++) heap.raise(node);

  const order = weight.map(() => heap.take());

  assert.deepEqual(order, [3, 5, 1, 0, 2, 4]);
  assert.equal(heap.take(), -1);
});

test('a node that got better moves up and is still given once', () => {
  const weight = [5, 6, 7];
  const heap = new NodeHeap(3, (a, b) => (weight[a] ?? 0) < (weight[b] ?? 0));
  for (const node of [0, 1, 2]) heap.raise(node);

  weight[2] = 1;
  heap.raise(2);

  assert.equal(heap.size, 3);
  assert.deepEqual([heap.take(), heap.take(), heap.take(), heap.take()], [2, 0, 1, -1]);
});

test('a node can come back after it was taken', () => {
  const heap = new NodeHeap(2, (a, b) => a < b);
  heap.raise(1);
  assert.equal(heap.take(), 1);

  heap.raise(1);
  heap.raise(0);

  assert.deepEqual([heap.take(), heap.take()], [0, 1]);
});
