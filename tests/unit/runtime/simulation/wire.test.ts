import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../runtime/random.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { Weather } from '../../../../runtime/simulation/weather.js';
import { SimulatedWire } from '../../../../runtime/simulation/wire.js';

function wire() {
  const clock = new VirtualClock();
  let overs = 0;
  const station = (host: string) => ({ host, isAlive: true, deliver: (task: () => void) => task() });
  const made = new SimulatedWire(new Weather(clock, seededRandom('wire')), {
    dialer: { station: station('a'), name: 'a:1' },
    listener: { station: station('b'), name: 'b:2' },
    onOver: () => {
      overs += 1;
    },
  });
  return { wire: made, overs: () => overs };
}

describe('a wire', () => {
  it('joins two hosts, whichever is named first', () => {
    const { wire: made } = wire();

    assert.ok(made.joins('a', 'b') && made.joins('b', 'a'));
    assert.ok(!made.joins('a', 'a') && !made.joins('a', 'c'));
    assert.deepEqual(
      made.ends.map((end) => `${end.local} ${end.remote}`),
      ['a:1 b:2', 'b:2 a:1'],
    );
  });

  it('is over once both its ends are', () => {
    const { wire: made, overs } = wire();

    made.dialerEnd.close();
    assert.equal(overs(), 0);
    made.listenerEnd.abort();
    made.listenerEnd.abort();

    assert.equal(overs(), 1);
  });

  it('is over when one host vanishes and the other gives up', () => {
    const { wire: made, overs } = wire();

    made.dialerEnd.die({ isSilent: true });
    made.listenerEnd.close();

    assert.equal(overs(), 1);
  });
});
