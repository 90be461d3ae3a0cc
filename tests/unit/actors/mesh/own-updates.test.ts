import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnUpdates } from '../../../../actors/mesh/own-updates.js';
import type { NodeId } from '../../../../protocol/names.js';
import { KIN_FIELD } from '../../../../protocol/netceptor/link-probe.js';
import { decodeRouteUpdate, type RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import { FRAME_BYTES_MAX } from '../../../../protocol/netceptor/stream-framing.js';
import { seededRandom } from '../../../../runtime/random.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { FAR, HERE, NEAR, nodeId } from '../node-parts.js';

function made(seed = 'x'): OwnUpdates {
  return new OwnUpdates(HERE, new VirtualClock(), seededRandom(seed));
}

function next(updates: OwnUpdates, suspectedDuplicate?: bigint): RouteUpdate {
  const decoded = decodeRouteUpdate(updates.next(suspectedDuplicate));
  assert.ok(decoded.ok);
  return decoded.value;
}

describe('own updates', () => {
  it('are from us, count up from 1, and have an id of their own each', () => {
    const updates = made();
    const [first, second] = [next(updates), next(updates)];

    assert.deepEqual([first.nodeId, first.forwardingNode], [HERE, HERE]);
    assert.deepEqual([first.updateSequence, second.updateSequence], [1n, 2n]);
    assert.match(first.updateId, /^[0-9a-zA-Z]{8}$/);
    assert.notEqual(first.updateId, second.updateId);
    assert.equal(first.suspectedDuplicate, 0n);
  });

  it('tell when this life began: seconds and chance, above what a number can hold', () => {
    const updates = made();
    const seconds = updates.epoch >> 24n;

    assert.equal(seconds, BigInt(new VirtualClock().wallMs() / 1_000));
    assert.ok(updates.epoch > 2n ** 53n);
    assert.equal(next(updates).updateEpoch, updates.epoch);
    assert.notEqual(made('y').epoch, updates.epoch);
  });

  it('tell the links that they were told of last, and name a node that claims our id', () => {
    const updates = made();
    updates.setConnections(new Map([[NEAR, 1]]));
    updates.setConnections(
      new Map([
        [NEAR, 1],
        [FAR, 2.5],
      ]),
    );
    const update = next(updates, 77n);

    assert.deepEqual(Array.from(update.connections), [
      [FAR, 2.5],
      [NEAR, 1],
    ]);
    assert.equal(update.suspectedDuplicate, 77n);
  });

  it('show a neighbour of our kind that we are of its kind', () => {
    assert.equal(next(made()).extensions.has(KIN_FIELD), true);
  });

  it('always fit into a frame: the newest links are left out where there are too many', () => {
    const updates = made();
    const links = new Map<NodeId, number>();
    for (let at = 0; at < 1_000; at += 1) {
      // Each letter is written as six.
      links.set(nodeId(`${at}`.padEnd(255, '<')), 1);
    }
    updates.setConnections(links);

    assert.ok(updates.next().length <= FRAME_BYTES_MAX);
    const told = next(updates).connections;
    const oldest = Array.from(links.keys()).slice(0, told.size);
    assert.ok(told.size > 20);
    assert.deepEqual(new Set(told.keys()), new Set(oldest));
  });
});
