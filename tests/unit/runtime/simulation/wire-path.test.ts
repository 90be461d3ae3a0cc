import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../runtime/random.js';
import { CALM, STORMY } from '../../../../runtime/simulation/faults.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { Weather } from '../../../../runtime/simulation/weather.js';
import { WirePath } from '../../../../runtime/simulation/wire-path.js';
import { bytesOf, textOf } from '../../../support/recording-session.js';

function path(faults = CALM) {
  const clock = new VirtualClock();
  const weather = new Weather(clock, seededRandom('path'));
  weather.setFaults(faults);
  const arrived: string[] = [];
  const made = new WirePath(weather, { from: 'a', to: 'b' }, (parcel) => {
    const what = parcel.type === 'bytes' ? textOf(parcel.bytes) : parcel.type;
    arrived.push(`${clock.monotonicMs()} ${what}`);
  });
  const advance = (limitMs: number) => {
    for (let isLeft = true; isLeft; ) {
      isLeft = clock.fireNext(limitMs);
    }
    clock.moveTo(limitMs);
  };
  return { path: made, weather, arrived, advance };
}

describe('one direction of a stream', () => {
  it('takes its time', () => {
    const { path: made, arrived, advance } = path({ ...CALM, delayMs: 7 });
    made.send({ type: 'bytes', bytes: bytesOf('x') });
    made.send({ type: 'ended' });

    advance(100);

    assert.deepEqual(arrived, ['7 x', '7 ended']);
  });

  it('sends what is lost again, and nothing overtakes it', () => {
    const { path: made, weather, arrived, advance } = path({ ...CALM, loss: 1 });
    made.send({ type: 'bytes', bytes: bytesOf('late') });
    weather.setFaults(CALM);
    made.send({ type: 'bytes', bytes: bytesOf('early') });

    advance(1_000);

    assert.deepEqual(arrived, ['201 late', '201 early']);
  });

  it('keeps what is sent while the way is cut', () => {
    const { path: made, weather, arrived, advance } = path();
    made.send({ type: 'bytes', bytes: bytesOf('before') });
    weather.cut('a', 'b');
    made.send({ type: 'bytes', bytes: bytesOf('held') });
    made.send({ type: 'reset' });
    advance(100);
    assert.deepEqual(arrived, ['1 before']);

    weather.heal('a', 'b');
    advance(200);

    assert.deepEqual(arrived, ['1 before', '101 held', '101 reset']);
  });

  it('tells who reads the traffic of everything once, when it leaves', () => {
    const { path: made, weather } = path(STORMY);
    const noted: string[] = [];
    weather.readers.add((from, to, bytes, fate) => void noted.push(`${from}>${to} ${fate} ${textOf(bytes)}`));
    weather.cut('a', 'b');
    made.send({ type: 'bytes', bytes: bytesOf('x') });
    assert.deepEqual(noted, []);

    weather.heal('a', 'b');

    assert.deepEqual(noted, ['a>b stream x']);
  });
});
