import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { unreachableActor } from '../../../../actors/services/unreachable.actor.js';
import type { NodeId } from '../../../../protocol/names.js';
import { composeDatagram } from '../../../../protocol/netceptor/datagram.js';
import {
  encodeUnreachable,
  UNREACHABLE_SERVICE,
  type Unreachable,
} from '../../../../protocol/netceptor/unreachable.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { utf8 } from '../../../support/wire-vectors.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';

const driver = new MachineDriver(unreachableActor);
const NOTICE: Unreachable = {
  fromNode: HERE,
  toNode: FAR,
  fromService: 'asker',
  toService: 'nosvc',
  problem: 'service unknown',
};

after(() => driver.atLeast(1));

class NoticeStage extends ActorStage {
  readonly told: unknown[] = [];

  constructor() {
    super();
    this.raise(unreachableActor, undefined);
    this.parts.forwarder.services.bind(serviceName('asker'), {
      packet: () => undefined,
      unreachable: (notice, reporter) => this.told.push([notice.problem, reporter]),
    });
  }

  hear(payload: Uint8Array, from: NodeId = NEAR): void {
    const { names, forwarder } = this.parts;
    const ends = { source: names.hashOf(from), destination: names.hashOf(HERE) };
    const services = { sourceService: UNREACHABLE_SERVICE, destinationService: UNREACHABLE_SERVICE };
    const packet = composeDatagram({ hops: 1, ...ends, ...services }, payload);
    forwarder.pass(packet, 0, packet.length, false);
    this.host.run();
  }
}

describe('the machine of the unreachable service', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(unreachableActor);
  });

  it('binds its service and stops', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.wishes, [{ type: 'bind' }]);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('the unreachable service', () => {
  it('tells the mesh of a notice, and the service whose packet it is about', () => {
    const stage = new NoticeStage();
    stage.hear(encodeUnreachable(NOTICE));

    assert.deepEqual(stage.heard('unreachable.received'), [{ from: NEAR, notice: NOTICE }]);
    assert.deepEqual(stage.told, [['service unknown', NEAR]]);
  });

  it('tells none of our services of a packet that was not ours', () => {
    const stage = new NoticeStage();
    stage.hear(encodeUnreachable({ ...NOTICE, fromNode: FAR }));

    assert.equal(stage.heard('unreachable.received').length, 1);
    assert.deepEqual(stage.told, []);
  });

  it('passes over what is no notice', () => {
    const stage = new NoticeStage();
    for (const text of ['', '{', '[]', '{}', '{"FromNode":1}', '{"FromNode":"","ToNode":""}']) {
      stage.hear(utf8(text));
    }
    assert.deepEqual(stage.heard('unreachable.received'), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('fails as an actor, and leaves nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      definition: unreachableActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: { listening: () => undefined },
    });
  });
});
