import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../runtime/random.js';
import { CALM, LOOPBACK, STORMY } from '../../../../runtime/simulation/faults.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { Weather } from '../../../../runtime/simulation/weather.js';

const weather = () => new Weather(new VirtualClock(), seededRandom('weather'));

describe('the weather', () => {
  it('is calm at first, and within a host always', () => {
    const made = weather();
    assert.equal(made.faultsBetween('a', 'b'), CALM);

    made.setFaults(STORMY);

    assert.equal(made.faultsBetween('a', 'b'), STORMY);
    assert.equal(made.faultsBetween('a', 'a'), LOOPBACK);
    made.setFaultsBetween('a', 'c', CALM);
    assert.equal(made.faultsBetween('a', 'c'), CALM);
    assert.equal(made.faultsBetween('a', 'b'), STORMY);
    assert.equal(made.faultsBetween('a', 'a'), LOOPBACK);
  });

  it('draws delays within their bounds, and nothing when there is nothing to draw', () => {
    const made = weather();
    const first = made.random.unit();
    assert.equal(made.drawDelayMs(CALM), 1);
    assert.equal(made.draw(0), false);
    assert.equal(made.draw(1), true);

    const delays = Array.from({ length: 1_000 }, () => made.drawDelayMs(STORMY));

    assert.ok(delays.every((delay) => delay >= 20 && delay < 50));
    assert.ok(Math.max(...delays) - Math.min(...delays) > 25);
    assert.notEqual(first, made.random.unit());
  });

  it('cuts one direction, and tells who is stranded when it is healed', () => {
    const made = weather();
    const told: string[] = [];
    made.cut('a', 'b');
    made.strand('a', 'b', { healed: () => void told.push('a>b') });
    assert.deepEqual([made.isCut('a', 'b'), made.isCut('b', 'a')], [true, false]);

    made.heal('b', 'a');
    assert.deepEqual(told, []);
    made.heal('a', 'b');
    made.heal('a', 'b');

    assert.deepEqual(told, ['a>b']);
  });

  it('cuts every way to a host that has vanished, until it appears', () => {
    const made = weather();
    const told: string[] = [];
    made.vanish('b');
    made.cut('c', 'b');
    made.strand('a', 'b', { healed: () => void told.push('a>b') });
    made.strand('c', 'b', { healed: () => void told.push('c>b') });
    assert.deepEqual([made.isCut('a', 'b'), made.isCut('b', 'a'), made.isCut('a', 'c')], [true, true, false]);

    made.appear('b');
    assert.deepEqual(told, ['a>b']);
    made.healAll();

    assert.deepEqual(told, ['a>b', 'c>b']);
  });
});
