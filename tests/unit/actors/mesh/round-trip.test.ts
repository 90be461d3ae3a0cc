import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RoundTrip } from '../../../../actors/mesh/round-trip.js';
import { encodeLinkProbe } from '../../../../protocol/netceptor/link-probe.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';

describe('a round trip', () => {
  it('is measured from a question to its answer', () => {
    const clock = new VirtualClock();
    const [here, there] = [new RoundTrip(clock), new RoundTrip(clock)];
    assert.equal(here.lastMs, undefined);

    const answer = there.take(here.ask());
    clock.moveTo(40);

    assert.ok(answer instanceof Uint8Array);
    assert.equal(here.take(answer), true);
    assert.equal(here.lastMs, 40);
    assert.equal(there.lastMs, undefined, 'who only answers has measured nothing');
  });

  it('is not measured by the answer to an older question', () => {
    const clock = new VirtualClock();
    const here = new RoundTrip(clock);
    here.ask();
    const late = encodeLinkProbe({ type: 'answer', token: 1 });
    here.ask();
    clock.moveTo(10);

    assert.equal(here.take(late), true);
    assert.equal(here.lastMs, undefined);
  });

  it('takes no other message', () => {
    const here = new RoundTrip(new VirtualClock());
    assert.equal(here.take(new Uint8Array([0x50])), false);
    assert.equal(here.take(new Uint8Array([4, 0, 0, 0, 0])), false);
    assert.equal(here.take(new Uint8Array(0)), false);
  });
});
