import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Scope } from '../../runtime/scope.js';

interface Thing {
  readonly how: 'at once' | 'later' | 'throws';
  readonly together: 'x' | 'y' | undefined;
  readonly before: 'kept' | 'closed' | 'released';
}

const thing: fc.Arbitrary<Thing> = fc.record({
  how: fc.constantFrom('at once', 'later', 'throws'),
  together: fc.constantFrom('x', 'y', undefined, undefined),
  before: fc.constantFrom('kept', 'kept', 'kept', 'closed', 'released'),
});

/** Neighbours of one word, in the order of opening. */
function batchesOf(keys: readonly number[], things: readonly Thing[]): number[][] {
  const batches: number[][] = [];
  for (const key of keys) {
    const last = batches.at(-1);
    const word = things[key]?.together;
    const lastWord = things[last?.at(-1) ?? -1]?.together;
    if (last !== undefined && word !== undefined && word === lastWord) {
      last.push(key);
    } else {
      batches.push([key]);
    }
  }
  return batches;
}

describe('a scope', () => {
  it('closes each thing exactly once, in reverse, batch after batch, however and whenever each ends', () => {
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 30 }), fc.array(fc.nat()), (things, endOrder) => {
        const closed: number[] = [];
        const faults: string[] = [];
        const pending: { readonly key: number; readonly done: () => void }[] = [];
        const scope = new Scope((label) => faults.push(label));
        const closerOf = (key: number, how: Thing['how']) => {
          if (how === 'later') {
            return (done: () => void) => {
              closed.push(key);
              pending.push({ key, done });
            };
          }
          return () => {
            closed.push(key);
            assert.ok(how !== 'throws', 'on purpose');
          };
        };
        const owned = things.map(({ how, together }, key) =>
          scope.own(`${key}`, closerOf(key, how), together === undefined ? {} : { together }),
        );
        for (const [key, { before }] of things.entries()) {
          if (before === 'closed') {
            owned[key]?.close();
          } else if (before === 'released') {
            owned[key]?.release();
          }
        }
        const early = closed.splice(0);
        const stillEnding = pending.map(({ key }) => key);
        let isDone = false;

        scope.close(() => {
          isDone = true;
        });
        const ends = endOrder[Symbol.iterator]();
        while (pending.length > 0) {
          assert.ok(!isDone, 'done before everything ended');
          const at = (ends.next().value ?? 0) % pending.length;
          pending.splice(at, 1)[0]?.done();
        }

        assert.ok(isDone);
        assert.equal(scope.size, 0);
        const left = [...things.keys()].filter((key) => things[key]?.before === 'kept' || stillEnding.includes(key));
        const batches = batchesOf(left, things).toReversed();
        const kept = batches.flatMap((batch) => batch.filter((key) => !stillEnding.includes(key)));
        assert.deepEqual(closed, kept);
        assert.deepEqual(
          early,
          [...things.keys()].filter((key) => things[key]?.before === 'closed'),
        );
        const threw = [...early, ...closed].filter((key) => things[key]?.how === 'throws');
        assert.deepEqual(faults, threw.map(String));
      }),
      { numRuns: 500 },
    );
  });
});
