import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialBirth } from '../../../../actors/streams/dial-birth.js';
import type { BirthEvents, StreamBirth } from '../../../../actors/streams/stream-birth.js';
import { streamCrypto } from '../../../../actors/streams/stream-crypto.js';
import { StreamPath } from '../../../../actors/streams/stream-path.js';
import { destinationService, hopsToLive, sourceService } from '../../../../protocol/netceptor/datagram.js';
import { seededRandom } from '../../../../runtime/random.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { ManualHost } from '../../../support/manual-host.js';
import { FAR, HERE, NEAR, NodeParts, nodeId, serviceName } from '../node-parts.js';

const X = serviceName('x');

class Bench {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly near = this.parts.neighbour(NEAR);
  readonly faults: string[] = [];
  readonly events: BirthEvents = {
    event: () => undefined,
    pumped: () => undefined,
    unreachable: ({ code, text }) => void this.faults.push(`${code}: ${text}`),
  };

  constructor() {
    this.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
  }

  birth(node = FAR): StreamBirth {
    return dialBirth(this.parts.streamKit, { node, service: X }, { opened: () => undefined, failed: () => undefined });
  }

  begun(): { readonly birth: StreamBirth; readonly path: StreamPath; readonly service: string } {
    const birth = this.birth();
    const path = birth.begin(this.events);
    assert.ok(path instanceof StreamPath);
    return { birth, path, service: birth.names.local.split(':')[1] ?? '' };
  }

  notice(fromService: string, said: { toNode?: typeof FAR; toService?: string; problem?: string } = {}): void {
    const { toNode = FAR, toService = 'x', problem = 'service unknown' } = said;
    const notice = { fromNode: HERE, fromService, toNode, toService, problem };
    this.parts.forwarder.services.tellUnreachable(notice, FAR);
  }
}

describe('the birth of a dialled stream', () => {
  it('has an ephemeral service of its own, from which its first packet leaves', () => {
    const at = new Bench();
    const { birth, path, service } = at.begun();
    assert.match(birth.names.local, /^here:\w{8}$/);
    assert.equal(birth.names.remote, 'far:x');
    path.mark();
    at.host.run();

    const [frame] = at.near.sends.flat();
    assert.ok(frame !== undefined);
    assert.equal(frame.length, 2 + 36 + 1_200, 'a client’s first datagram is full');
    assert.deepEqual([sourceService(frame, 2), destinationService(frame, 2), hopsToLive(frame, 2)], [service, 'x', 29]);
    path.abandon();
    birth.end();
    assert.deepEqual(at.parts.leftOpen(), [`lane to ${NEAR}`]);
  });

  it('fails at once without a route, and where this node itself has no such service', () => {
    const at = new Bench();
    assert.deepEqual(at.birth(nodeId('nowhere')).begin(at.events), { code: 'no-route', text: 'no route to node' });
    assert.deepEqual(at.birth(HERE).begin(at.events), { code: 'service-unknown', text: 'service unknown' });
    assert.equal(at.parts.forwarder.services.size, 0);
  });

  it('hears that its service is unknown, and of nothing else that may pass', () => {
    const at = new Bench();
    const { service } = at.begun();
    at.notice(service, { problem: 'message expired' });
    at.notice(service, { toNode: NEAR });
    at.notice(service, { toService: 'y' });
    assert.deepEqual(at.faults, []);
    at.notice(service);
    assert.deepEqual(at.faults, ['service-unknown: context canceled']);
  });

  it('trusts the self-made certificate of services without a profile, and no other', () => {
    const birth = new Bench().birth();
    const crypto = streamCrypto(new VirtualClock(), seededRandom('x'));
    assert.equal(birth.refusalOf(crypto.identity('netceptor-insecure-common-name').chain), undefined);
    assert.notEqual(birth.refusalOf(crypto.identity('another').chain), undefined);
  });
});
