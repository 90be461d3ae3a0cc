import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NODE } from '../../../../actors/addresses.js';
import { RouterBook } from '../../../../actors/mesh/router-book.js';
import type { MeshView } from '../../../../actors/mesh/router-vocabulary.js';
import type { NodeId } from '../../../../protocol/names.js';
import { decodeRouteUpdate, type RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import { NODES_MAX } from '../../../../protocol/routing/topology.js';
import { childAddress } from '../../../../runtime/address.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { ManualHost } from '../../../support/manual-host.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, nodeId } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { updateOf } from './updates.js';

const OTHER = nodeId('other');
const linkTo = (peer: NodeId): ReturnType<typeof childAddress> => childAddress(NODE, `link-${peer}`);
const replyTo = 1 as ReplyTo;

class Desk {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly self = new RecordingSelf();
  readonly book = new RouterBook(this.parts, this.self.face);
  readonly sessions = new Map<NodeId, RecordingSession>();

  /** A neighbour whose link is established. */
  link(peer: NodeId, cost = 1): RecordingSession {
    const session = this.parts.neighbour(peer);
    this.sessions.set(peer, session);
    this.book.addLink(peer, cost, linkTo(peer));
    return session;
  }

  /** An update as it came over the link to `near`. */
  heard(node: NodeId, links: Readonly<Record<string, number>>, said: Partial<RouteUpdate> = {}): void {
    const connections = new Map(Object.entries(links).map(([peer, cost]) => [nodeId(peer), cost]));
    this.book.consider(updateOf(node, { connections, forwardingNode: NEAR, ...said }));
  }

  /** Updates that a neighbour was sent since the last look, as `node from`. */
  told(peer: NodeId): readonly string[] {
    this.host.run();
    const sends = this.sessions.get(peer)?.sends.splice(0).flat() ?? [];
    return sends
      .flatMap((part) => framesOf(part))
      .map((message) => {
        const update = decodeRouteUpdate(message);
        assert.ok(update.ok);
        return `${update.value.nodeId} from ${update.value.forwardingNode}`;
      });
  }

  view(): MeshView {
    this.book.tellView(replyTo);
    return this.self.replies.at(-1) as MeshView;
  }

  topics(name: string): readonly unknown[] {
    return this.self.topics.filter((topic) => topic.name === name).map(({ payload }) => payload);
  }
}

function framesOf(part: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < part.length; ) {
    const length = (part[at] ?? 0) + 256 * (part[at + 1] ?? 0);
    frames.push(part.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return frames;
}

describe('claims of a router book', () => {
  it('go to the first link of each neighbour, and again to the same', () => {
    const { book, self } = new Desk();
    book.judgeClaim(NEAR, linkTo(NEAR), replyTo);
    book.judgeClaim(NEAR, linkTo(OTHER), replyTo);
    book.judgeClaim(NEAR, linkTo(NEAR), replyTo);
    book.judgeClaim(FAR, linkTo(FAR), replyTo);

    assert.deepEqual(self.replies, ['granted', 'refused', 'granted', 'granted']);
  });

  it('are free again when their link is lost, but not when another is', () => {
    const { book, self } = new Desk();
    book.judgeClaim(NEAR, linkTo(NEAR), replyTo);
    book.dropLink(NEAR, linkTo(OTHER));
    book.judgeClaim(NEAR, linkTo(OTHER), replyTo);
    book.dropLink(NEAR, linkTo(NEAR));
    book.judgeClaim(NEAR, linkTo(OTHER), replyTo);

    assert.deepEqual(self.replies, ['granted', 'refused', 'granted']);
    assert.deepEqual(self.answers, [], 'a link that was never established changes no route');
  });
});

describe('links of a router book', () => {
  it('are told in our updates and lead to routes', () => {
    const desk = new Desk();
    desk.link(NEAR, 2);
    desk.heard(NEAR, { here: 2, far: 1 });
    desk.heard(FAR, { near: 1 });
    desk.book.compute();

    const { connections, routes, knownCosts } = desk.view();
    assert.deepEqual(Array.from(connections), [[NEAR, 2]]);
    assert.deepEqual(
      new Map(routes),
      new Map([
        [NEAR, NEAR],
        [FAR, NEAR],
      ]),
    );
    assert.deepEqual(Array.from(knownCosts.get(NEAR) ?? []), [
      [HERE, 2],
      [FAR, 1],
    ]);
    assert.notEqual(desk.parts.forwarder.laneTo(desk.parts.names.hashOf(FAR)), undefined);
    const sent = decodeRouteUpdate(desk.parts.ownUpdates.next());
    assert.deepEqual(sent.ok && Array.from(sent.value.connections), [[NEAR, 2]]);
  });

  it('are not told and lead nowhere once they are lost', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.book.compute();
    desk.book.dropLink(NEAR, linkTo(NEAR));
    desk.book.compute();

    assert.equal(desk.view().routes.size, 0);
    assert.equal(desk.view().connections.size, 0);
    assert.deepEqual(desk.topics('routes.changed').length, 2);
  });

  it('make the flooder tell the mesh of each change', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.book.dropLink(NEAR, linkTo(NEAR));

    assert.deepEqual(
      desk.self.sent.map(({ message }) => message.type),
      ['flood.wanted', 'flood.wanted'],
    );
  });

  it('teach a new neighbour all that is known of the others at once', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.heard(NEAR, { here: 1 });
    desk.heard(FAR, { near: 1 });
    desk.told(NEAR);
    desk.link(OTHER);

    assert.deepEqual(desk.told(OTHER), ['near from here', 'far from here']);
    assert.deepEqual(desk.told(NEAR), []);
  });
});

describe('updates in a router book', () => {
  it('are passed on to everybody but who sent them, as sent by us', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.link(OTHER);
    desk.heard(FAR, { near: 1 });

    assert.deepEqual(desk.told(OTHER), ['far from here']);
    assert.deepEqual(desk.told(NEAR), []);
  });

  it('are dropped when they are old or known, and then not passed on', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.link(OTHER);
    desk.heard(FAR, { near: 1 }, { updateSequence: 5n, updateId: 'a' });
    desk.told(OTHER);
    desk.heard(FAR, { near: 1 }, { updateSequence: 6n, updateId: 'a' });
    desk.heard(FAR, { near: 1 }, { updateSequence: 4n });
    desk.heard(HERE, {}, { updateEpoch: desk.parts.ownUpdates.epoch });

    assert.deepEqual(desk.told(OTHER), []);
  });

  it('make their nodes known by name', () => {
    const desk = new Desk();
    desk.heard(FAR, {});
    const { hi, lo } = desk.parts.names.hashOf(FAR);

    assert.equal(desk.parts.names.nameOf(hi, lo), FAR);
    assert.deepEqual(desk.topics('node.appeared'), [{ node: FAR }]);
    assert.ok(desk.self.sent.some(({ message }) => message.type === 'newcomer.seen'));
  });

  it('of a node that has started anew count as its appearance, but not as a newcomer', () => {
    const desk = new Desk();
    desk.heard(FAR, {}, { updateEpoch: 2n ** 54n });
    desk.heard(FAR, {}, { updateEpoch: 2n ** 54n + 1n });

    assert.equal(desk.topics('node.appeared').length, 2);
    assert.equal(desk.self.sent.filter(({ message }) => message.type === 'newcomer.seen').length, 1);
  });

  it('ask for one computation, however many there are before it', () => {
    const desk = new Desk();
    for (let at = 0; at < 100; at += 1) {
      desk.heard(nodeId(`n${at}`), { near: 1 });
    }
    assert.deepEqual(desk.self.answerTypes, ['topology.changed']);

    desk.book.compute();
    desk.heard(FAR, { near: 1 });
    assert.deepEqual(desk.self.answerTypes, ['topology.changed', 'topology.changed']);
  });

  it('are not passed on if written our way they are longer than any frame', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.link(OTHER);
    // As they came they may have fitted: each of these letters is written as six.
    const links = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}`.padEnd(255, '<'), 1]));
    desk.heard(FAR, links);

    assert.deepEqual(desk.told(OTHER), []);
    desk.link(nodeId('late'));
    assert.deepEqual(desk.told(nodeId('late')), []);
    desk.book.compute();
    assert.equal(desk.view().knownCosts.has(FAR), true, 'we ourselves have read it');
  });
});

describe('two nodes with one id', () => {
  it('are told of: the one that started later is to go', () => {
    const desk = new Desk();
    const { epoch } = desk.parts.ownUpdates;
    desk.heard(HERE, {}, { updateEpoch: epoch + 1n });
    assert.deepEqual(desk.topics('node.duplicate'), [{ node: HERE, via: NEAR, weHaveToGo: false }]);
    assert.deepEqual(desk.self.sent.at(-1)?.message, { type: 'duplicate.seen', epoch: epoch + 1n });

    desk.heard(HERE, {}, { updateEpoch: epoch - 1n, suspectedDuplicate: epoch });
    assert.deepEqual(desk.topics('node.duplicate').at(-1), { node: HERE, via: NEAR, weHaveToGo: true });
  });

  it('are no matter of ours when they are others: the suspicion is passed on', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.link(OTHER);
    desk.heard(FAR, { near: 1 }, { updateId: 'suspect', suspectedDuplicate: 5n });

    assert.deepEqual(desk.told(OTHER), ['far from here']);
    assert.deepEqual(desk.topics('node.duplicate-suspected'), [{ node: FAR, updateId: 'suspect', restarted: false }]);
    assert.equal(desk.view().knownCosts.has(FAR), false);
  });
});

describe('a new router book', () => {
  it('says that it begins, and forgets our links until they are told again', () => {
    const desk = new Desk();
    desk.link(NEAR);
    const next = new RouterBook(desk.parts, desk.self.face);
    next.compute();

    assert.equal(desk.topics('router.started').length, 2);
    const sent = decodeRouteUpdate(desk.parts.ownUpdates.next());
    assert.equal(sent.ok && sent.value.connections.size, 0);
  });

  it('publishes routes only when they differ', () => {
    const desk = new Desk();
    desk.link(NEAR);
    desk.book.compute();
    desk.book.compute();
    assert.equal(desk.topics('routes.changed').length, 1);

    desk.heard(NEAR, { here: 1, far: 1 });
    desk.heard(FAR, { near: 1 });
    desk.book.compute();
    desk.heard(FAR, { near: 3 });
    desk.book.compute();
    assert.equal(desk.topics('routes.changed').length, 2, 'another cost, the same next hop');
  });

  it('forgets a node that is gone when a newcomer needs its place: its record, its name, and its last update', () => {
    const desk = new Desk();
    const gone = nodeId('gone');
    desk.heard(gone, {});
    for (let at = 1; at < NODES_MAX; at += 1) {
      desk.heard(nodeId(`n${at}`), { hub: 1 });
    }
    const { hi, lo } = desk.parts.names.hashOf(gone);
    assert.equal(desk.parts.names.nameOf(hi, lo), gone);

    desk.heard(OTHER, { hub: 1 });

    const other = desk.parts.names.hashOf(OTHER);
    assert.equal(desk.parts.names.nameOf(hi, lo), undefined);
    assert.equal(desk.parts.names.nameOf(other.hi, other.lo), OTHER);
    assert.equal(desk.view().knownCosts.has(gone), false);
    desk.link(FAR);
    assert.equal(desk.told(FAR).includes('gone from here'), false);
  });
});
