import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NODE } from '../../../../actors/addresses.js';
import { framed } from '../../../../actors/mesh/framed.js';
import { linkActor } from '../../../../actors/mesh/link.actor.js';
import { routerStarted } from '../../../../actors/topics.js';
import { extensionFields, NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import { KIN_FIELD } from '../../../../protocol/netceptor/link-probe.js';
import { decodeRouteUpdate, encodeRouteUpdate, type RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import type { Address } from '../../../../runtime/address.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, HERE, IDLE_LIMIT_MS, NEAR, serviceName } from '../node-parts.js';
import { advertOf } from './adverts.js';
import { updateOf } from './updates.js';

const KIN = extensionFields([[KIN_FIELD, {}]]);
const kin = { extensions: KIN.ok ? KIN.value : NO_EXTENSIONS };

/** One link on a session that the test holds by its other end; the test plays the router. */
class LinkStage extends ActorStage {
  readonly router = this.listener('router', ['link.claim', 'link.established', 'link.lost', 'update.received']);
  readonly directory = this.listener('directory', ['advert.received']);
  readonly session: RecordingSession = this.parts.sessions.session();
  readonly link: Address;

  constructor() {
    super();
    const giver = { own: () => ({ close: () => undefined, release: () => undefined }) };
    const session = this.parts.handover.put(giver, this.session);
    const policy = { cost: 1, nodeCosts: {}, allowedPeers: undefined };
    this.link = this.raise(linkActor, { session, self: HERE, policy, idleLimitMs: IDLE_LIMIT_MS });
  }

  hear(update: RouteUpdate): void {
    this.hearBytes(encodeRouteUpdate(update));
  }

  hearBytes(message: Uint8Array): void {
    this.session.hear(framed(message));
    this.host.run();
  }

  async establish(): Promise<this> {
    this.hear(updateOf(NEAR, kin));
    this.router.answer('link.claim', 'granted');
    await this.host.settle();
    return this;
  }
}

describe('the effects of a link', () => {
  it('greet with our own update', () => {
    const stage = new LinkStage();
    const greeting = decodeRouteUpdate(stage.session.sends.flat()[0]?.subarray(2) ?? new Uint8Array());
    assert.equal(greeting.ok && greeting.value.nodeId, HERE);
    stage.host.advance(3_000);
    assert.equal(stage.session.sends.length, 4);
  });

  it('end a link whose session is gone', () => {
    const stage = new ActorStage();
    const policy = { cost: 1, nodeCosts: {}, allowedPeers: undefined };
    stage.raise(linkActor, { session: 99, self: HERE, policy, idleLimitMs: IDLE_LIMIT_MS });

    assert.equal(stage.outcome('link')?.type, 'done');
    assert.deepEqual(stage.alarms, []);
  });

  it('open the lane, tell the router and the mesh once the claim is granted', async () => {
    const stage = await new LinkStage().establish();

    assert.deepEqual(stage.router.last('link.claim')['peer'], NEAR);
    const established = stage.router.last('link.established');
    assert.deepEqual([established['peer'], established['cost'], established['link']], [NEAR, 1, stage.link]);
    assert.equal(stage.parts.forwarder.lanes.get(NEAR)?.isOpen, true);
    assert.deepEqual(stage.heard('link.established'), [{ peer: NEAR, cost: 1, remote: stage.session.remote }]);
  });

  it('say why, and end, when the claim is refused or the router does not answer', async () => {
    const refused = new LinkStage();
    refused.hear(updateOf(NEAR));
    refused.router.answer('link.claim', 'refused');
    await refused.host.settle();
    assert.ok(refused.session.text.endsWith('\x03["near connected using a node ID we are already connected to"]'));
    assert.equal(refused.session.acts.at(-1), 'close');

    const silent = new LinkStage();
    silent.hear(updateOf(NEAR));
    silent.host.advance(5_000);
    await silent.host.settle();
    assert.equal(silent.state(silent.link), 'gone');
  });

  it('pass updates to the router and adverts to the directory', async () => {
    const stage = await new LinkStage().establish();
    stage.hear(updateOf(FAR, { forwardingNode: NEAR }));
    stage.hearBytes(advertOf(FAR, 'x', 1).raw);

    assert.equal((stage.router.last('update.received')['update'] as RouteUpdate).nodeId, FAR);
    assert.equal(stage.directory.last('advert.received')['via'], NEAR);
  });

  it('pass what is about others to the router alone, and what is about the neighbour by the machine', async () => {
    const stage = await new LinkStage().establish();
    const steps: string[] = [];
    stage.system.hub.read('everything', ({ address, kind, subject }) => {
      if (kind === 'step' && address === stage.link) {
        steps.push(subject);
      }
    });
    stage.hear(updateOf(FAR, { forwardingNode: NEAR }));
    const afterNews = steps.slice();
    stage.hear(updateOf(NEAR, { updateSequence: 2n, connections: new Map([[HERE, 1]]) }));

    assert.deepEqual(afterNews, []);
    assert.equal(stage.router.types.filter((type) => type === 'update.received').length, 2);
    assert.equal(stage.state(stage.link), 'established.confirmed');
    assert.deepEqual(steps, ['update.received']);
  });

  it('show the machine an update that does not come from the neighbour, which ends the link', async () => {
    const stage = await new LinkStage().establish();
    stage.hear(updateOf(FAR, { forwardingNode: FAR }));

    assert.equal((stage.heard('link.closed')[0] as { readonly code: string }).code, 'refused-id-changed');
    assert.equal(stage.router.types.includes('update.received'), false);
  });

  it('tell the router once more when it begins anew', async () => {
    const stage = await new LinkStage().establish();
    stage.system.publish(NODE, routerStarted, {});
    stage.host.run();

    assert.deepEqual(stage.router.types.filter((type) => type === 'link.established').length, 2);
  });

  it('ask a quiet neighbour, suspect it, and give it up, all within six seconds', async () => {
    const stage = await new LinkStage().establish();
    stage.hear(updateOf(NEAR, { updateSequence: 2n, connections: new Map([[HERE, 1]]) }));
    stage.host.advance(2_000);
    assert.ok(stage.session.text.endsWith('\x05\x00P\x00\x00\x00\x01'));
    stage.host.advance(2_000);
    assert.equal(stage.heard('link.suspect').length, 1);
    stage.host.advance(2_000);
    assert.equal(stage.state(stage.link), 'gone');
    assert.deepEqual((stage.heard('link.closed')[0] as { readonly code: string }).code, 'silent');
  });

  it('look at the silence only after what waits to be read was read', async () => {
    const stage = await new LinkStage().establish();
    const { clock } = stage.host;
    // The process is held up: the pulse is due long ago, and the neighbour's words wait in the socket.
    clock.moveTo(clock.monotonicMs() + 5_000);
    clock.fireNext(clock.monotonicMs());
    stage.host.run();
    stage.hear(updateOf(NEAR, { updateSequence: 2n, connections: new Map([[HERE, 1]]) }));
    stage.host.advance(10);

    assert.equal(stage.state(stage.link), 'established.confirmed');
  });

  it('take everything back at the end: the lane, the claim, the session', async () => {
    const stage = await new LinkStage().establish();
    stage.stop(stage.link);

    assert.equal(stage.parts.forwarder.lanes.size, 0);
    assert.equal(stage.router.last('link.lost')['peer'], NEAR);
    assert.equal(stage.session.acts.at(-1), 'close');
    assert.deepEqual((stage.heard('link.closed')[0] as { readonly code: string }).code, 'stopped');
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('make what a packet does to one of our services a failure of the link, not of the process', async () => {
    const stage = await new LinkStage().establish();
    stage.parts.forwarder.services.bind(serviceName('bad'), {
      packet: () => {
        throw new Error('a bug in a service');
      },
    });
    const packet = new Uint8Array(36);
    const { names } = stage.parts;
    const view = new DataView(packet.buffer);
    for (const [at, { hi, lo }] of [[4, names.hashOf(NEAR)] as const, [12, names.hashOf(HERE)] as const]) {
      view.setUint32(at, hi);
      view.setUint32(at + 4, lo);
    }
    packet.set(new TextEncoder().encode('bad'), 28);

    assert.doesNotThrow(() => stage.hearBytes(packet));
    assert.equal(stage.outcome('link')?.type, 'failed');
    assert.deepEqual(stage.parts.leftOpen(), [`1 bound services`]);
  });
});
