import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Random, seededRandom } from '../../runtime/random.js';
import { VirtualClock } from '../../runtime/simulation/virtual-clock.js';
import { RestartJudge, type SupervisionPolicy } from '../../runtime/supervisor.js';

type ClockStep =
  | { readonly type: 'arm'; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly pick: number }
  | { readonly type: 'move'; readonly byMs: number };

const clockStep: fc.Arbitrary<ClockStep> = fc.oneof(
  fc.record({
    type: fc.constant('arm' as const),
    delayMs: fc.oneof(fc.nat(20), fc.double({ min: 0, max: 20, noNaN: true })),
  }),
  fc.record({ type: fc.constant('cancel' as const), pick: fc.nat() }),
  fc.record({ type: fc.constant('move' as const), byMs: fc.nat(15) }),
);

describe('the virtual clock', () => {
  it('fires as a sorted list of deadlines would', () => {
    fc.assert(
      fc.property(fc.array(clockStep, { maxLength: 200 }), (steps) => {
        const clock = new VirtualClock();
        const fired: string[] = [];
        const timers: { readonly cancel: () => void }[] = [];
        let model: { readonly name: number; readonly atMs: number }[] = [];
        const expected: string[] = [];
        for (const step of steps) {
          if (step.type === 'arm') {
            const name = timers.length;
            timers.push(clock.setTimer(step.delayMs, () => fired.push(`${name} at ${clock.monotonicMs()}`)));
            model.push({ name, atMs: clock.monotonicMs() + step.delayMs });
          } else if (step.type === 'cancel') {
            const name = timers.length === 0 ? 0 : step.pick % timers.length;
            timers[name]?.cancel();
            model = model.filter((deadline) => deadline.name !== name);
          } else {
            const limitMs = clock.monotonicMs() + step.byMs;
            const due = model.filter(({ atMs }) => atMs <= limitMs).sort((a, b) => a.atMs - b.atMs || a.name - b.name);
            expected.push(...due.map(({ name, atMs }) => `${name} at ${atMs}`));
            model = model.filter(({ atMs }) => atMs > limitMs);
            for (let isLeft = true; isLeft; ) {
              isLeft = clock.fireNext(limitMs);
            }
            clock.moveTo(limitMs);
          }
          assert.equal(clock.armed, model.length);
          assert.equal(clock.nextMs(), model.length === 0 ? undefined : Math.min(...model.map(({ atMs }) => atMs)));
        }
        assert.deepEqual(fired, expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a restart judge', () => {
  it('never restarts more often within the window than it may, and never refuses without need', () => {
    const gaps = fc.array(fc.nat(400), { maxLength: 60 });
    fc.assert(
      fc.property(fc.nat(5), fc.integer({ min: 1, max: 1_000 }), gaps, (restarts, withinMs, gapsMs) => {
        const policy: SupervisionPolicy = {
          onFailure: 'restart',
          backOff: { firstMs: 10, factor: 2, limitMs: 500, jitter: 0.5 },
          intensity: { restarts, withinMs },
          onGiveUp: 'stop',
        };
        const judge = new RestartJudge(policy);
        const random = seededRandom('judge');
        const restartedAt: number[] = [];
        let nowMs = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          const recent = restartedAt.filter((atMs) => nowMs - atMs < withinMs).length;
          const verdict = judge.judge(nowMs, random);
          assert.equal(verdict.type, recent < restarts ? 'restart' : 'stop');
          if (verdict.type === 'restart') {
            const fullMs = Math.min(500, 10 * 2 ** recent);
            assert.ok(verdict.delayMs >= fullMs / 2 && verdict.delayMs <= fullMs);
            restartedAt.push(nowMs);
          }
        }
      }),
    );
  });
});

describe('generators that are split from one seed', () => {
  const draws = (random: Random) => Array.from({ length: 8 }, () => random.below(2 ** 32));

  it('depend on the seed and the label alone, not on what was drawn before, here or there', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.nat(50), (seed, label, drawnBefore) => {
        const fresh = seededRandom(seed);
        const used = seededRandom(seed);
        for (let drawn = 0; drawn < drawnBefore; drawn += 1) {
          used.unit();
          used.split(label).unit();
        }
        assert.deepEqual(draws(used.split(label)), draws(fresh.split(label)));
      }),
    );
  });

  it('have nothing in common when their labels differ', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.string({ maxLength: 6 }), { minLength: 2, maxLength: 6 }),
        (seed, labels) => {
          const random = seededRandom(seed);
          const all = labels.flatMap((label) => draws(random.split(label)));
          // 48 draws of 32 bits: two equal ones by chance are seen once in four million runs.
          assert.equal(new Set(all).size, all.length);
        },
      ),
    );
  });

  it('are evenly spread over their splits: the first draw of many labels is a fair sample', () => {
    const random = seededRandom('labels');
    const bits = new Array<number>(32).fill(0);
    for (let label = 0; label < 10_000; label += 1) {
      const word = random.split(`host ${label}`).below(2 ** 32);
      for (const bit of bits.keys()) {
        bits[bit] = (bits[bit] ?? 0) + ((word >>> bit) & 1);
      }
    }
    // Five standard deviations of 10,000 coin tosses are 250.
    assert.ok(
      bits.every((count) => Math.abs(count - 5_000) < 250),
      bits.join(' '),
    );
  });
});
