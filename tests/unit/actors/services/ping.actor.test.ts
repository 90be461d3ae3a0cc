import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { pingActor } from '../../../../actors/services/ping.actor.js';
import type { NodeId } from '../../../../protocol/names.js';
import {
  composeDatagram,
  destinationService,
  hopsToLive,
  sourceService,
} from '../../../../protocol/netceptor/datagram.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';

const driver = new MachineDriver(pingActor);

after(() => driver.atLeast(1));

/** A packet to the ping service, from a service of somebody. */
function question(parts: NodeParts, from: NodeId, fromService: string): Uint8Array {
  const ends = { source: parts.names.hashOf(from), destination: parts.names.hashOf(HERE) };
  const services = { sourceService: serviceName(fromService), destinationService: serviceName('ping') };
  return composeDatagram({ hops: 1, ...ends, ...services }, new Uint8Array([1, 2, 3]));
}

describe('the machine of a ping service', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(pingActor);
  });

  it('binds its service and stops', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.wishes, [{ type: 'bind' }]);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('a ping service', () => {
  it('answers to the service that asked, with an empty packet and all hops', () => {
    const stage = new ActorStage();
    const near = stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[NEAR, NEAR]]));
    stage.raise(pingActor, undefined);
    const packet = question(stage.parts, NEAR, 'asker');
    stage.parts.forwarder.pass(packet, 0, packet.length, false);
    stage.host.run();

    const [answer] = near.sends.flat();
    assert.ok(answer !== undefined);
    assert.equal(answer.length, 2 + 36);
    assert.deepEqual(
      [sourceService(answer, 2), destinationService(answer, 2), hopsToLive(answer, 2)],
      ['ping', 'asker', 29],
    );
  });

  it('never answers another ping service: neither node would ever be silent again', () => {
    const stage = new ActorStage();
    const near = stage.parts.neighbour(NEAR);
    stage.parts.forwarder.setRoutes(new Map([[NEAR, NEAR]]));
    stage.raise(pingActor, undefined);
    for (const from of [NEAR, HERE]) {
      const packet = question(stage.parts, from, 'ping');
      stage.parts.forwarder.pass(packet, 0, packet.length, false);
    }
    stage.host.run();

    assert.deepEqual(near.sends, []);
    assert.equal(stage.parts.forwarder.counters.delivered, 2);
    assert.deepEqual(stage.alarms, []);
  });

  it('is gone when it is stopped', () => {
    const stage = new ActorStage();
    const ping = stage.raise(pingActor, undefined);
    assert.equal(stage.parts.forwarder.services.isBound(serviceName('ping')), true);
    stage.stop(ping);
    assert.equal(stage.parts.forwarder.services.isBound(serviceName('ping')), false);
  });

  it('fails as an actor, and leaves nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      definition: pingActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: { answering: () => undefined },
    });
  });
});
