import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NodeHeap } from '../../protocol/routing/node-heap.js';

test('the heap gives nodes by their weight, whatever was raised and taken before', () => {
  const weights = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 30 });
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: -1, max: 50 })), { maxLength: 60 });
  fc.assert(
    fc.property(weights, changes, (start, list) => {
      const weight = [...start];
      const inside = new Set(weight.keys());
      const heap = new NodeHeap(weight.length, (a, b) => (weight[a] ?? 0) < (weight[b] ?? 0));
      for (const node of inside) heap.raise(node);
      for (const [pick, lower] of list) {
        const node = pick % weight.length;
        if (lower < 0) expectLeast(heap, weight, inside);
        else if (!inside.has(node) || lower < (weight[node] ?? 0)) {
          weight[node] = lower;
          inside.add(node);
          heap.raise(node);
        }
      }
      while (inside.size > 0) expectLeast(heap, weight, inside);
      assert.equal(heap.take(), -1);
    }),
    { numRuns: 3_000 },
  );
});

function expectLeast(heap: NodeHeap, weight: readonly number[], inside: Set<number>): void {
  const least = Math.min(...[...inside].map((node) => weight[node] ?? 0));
  const taken = heap.take();
  if (inside.size > 0) assert.equal(weight[taken], least);
  assert.equal(inside.delete(taken), taken >= 0);
  assert.equal(heap.size, inside.size);
}
