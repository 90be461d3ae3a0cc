import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  endText,
  greeted,
  greetingRefusal,
  KIN_SILENT_MS,
  type LinkKnowledge,
  meaningOf,
  PROBE_AFTER_MS,
  SUSPECT_AFTER_MS,
  silenceOf,
  withUpdate,
} from '../../../../actors/mesh/link-rules.js';
import type { LinkEndCode } from '../../../../actors/topics.js';
import { extensionFields, NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import { KIN_FIELD } from '../../../../protocol/netceptor/link-probe.js';
import { FAR, HERE, IDLE_LIMIT_MS, NEAR, nodeId } from '../node-parts.js';
import { updateOf } from './updates.js';

const policy = { cost: 2, nodeCosts: {}, allowedPeers: undefined };
const link: LinkKnowledge = { self: HERE, policy, peer: NEAR, cost: 2, latest: { epoch: 5n, sequence: 5n } };

function own(sequence: bigint, cost?: number, epoch = 5n): ReturnType<typeof updateOf> {
  const connections = cost === undefined ? new Map() : new Map([[HERE, cost]]);
  return updateOf(NEAR, { updateEpoch: epoch, updateSequence: sequence, connections });
}

describe('a greeting', () => {
  it('tells who it is, what the link costs, and of which kind it is', () => {
    const kin = extensionFields([[KIN_FIELD, {}]]);
    assert.ok(kin.ok);
    const latest = { epoch: 5n, sequence: 1n };

    assert.deepEqual(greeted(link, own(1n)), { peer: NEAR, cost: 2, peerKind: 'foreign', latest });
    const fromKin = greeted(link, { ...own(1n), extensions: kin.value });
    assert.equal(fromKin.peerKind, 'kin');
    assert.equal(greeted(link, { ...own(1n), extensions: NO_EXTENSIONS }).peerKind, 'foreign');
  });

  it('is taken for who has passed it on, as Go does', () => {
    assert.equal(greeted(link, updateOf(FAR, { forwardingNode: NEAR })).peer, NEAR);
  });

  it('has the cost of its node where there is one', () => {
    const costs = { ...link, policy: { ...policy, nodeCosts: { [NEAR]: 7 } } };
    assert.equal(greeted(costs, own(1n)).cost, 7);
    assert.equal(greeted(costs, updateOf(FAR)).cost, 2);
  });

  it('has the common cost even if its node is called as every object in the language', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      assert.equal(greeted(link, updateOf(nodeId(name))).cost, 2, name);
    }
  });

  it('is refused when it bears our own id, or one that is not allowed', () => {
    const some = { ...link, policy: { ...policy, allowedPeers: [NEAR] } };
    const none = { ...link, policy: { ...policy, allowedPeers: [] } };

    assert.equal(greetingRefusal(link, updateOf(HERE)), 'refused-own-id');
    assert.equal(greetingRefusal(link, updateOf(FAR)), undefined);
    assert.equal(greetingRefusal(some, updateOf(FAR)), 'refused-not-allowed');
    assert.equal(greetingRefusal(some, updateOf(NEAR)), undefined);
    assert.equal(greetingRefusal(none, updateOf(NEAR)), 'refused-not-allowed', 'an empty list allows nobody');
  });
});

describe('an update over an established link', () => {
  it('means something by who made it, who passed it on, and what it says of us', () => {
    assert.equal(meaningOf(link, own(6n, 2)), 'lists-us');
    assert.equal(meaningOf(link, own(6n)), 'omits-us');
    assert.equal(meaningOf(link, own(6n, 3)), 'cost-differs');
    assert.equal(meaningOf(link, updateOf(FAR, { forwardingNode: NEAR })), 'news');
    assert.equal(meaningOf(link, updateOf(FAR)), 'id-changed');
    assert.equal(meaningOf(link, updateOf(NEAR, { forwardingNode: FAR })), 'id-changed');
  });

  it('is outdated if the neighbour has said something later in the same life', () => {
    assert.equal(meaningOf(link, own(4n)), 'outdated');
    assert.equal(meaningOf(link, own(5n, 2)), 'lists-us', 'the same once more is not older');
    assert.equal(meaningOf(link, own(1n, 2, 6n)), 'lists-us', 'a new life counts anew');
    assert.equal(meaningOf({ ...link, latest: undefined }, own(1n, 2)), 'lists-us');
  });

  it('is remembered by its number if it is the own one of the neighbour', () => {
    assert.deepEqual(withUpdate(link, own(9n)), { latest: { epoch: 5n, sequence: 9n } });
    assert.deepEqual(withUpdate(link, updateOf(FAR)), { latest: link.latest });
  });
});

describe('a silence', () => {
  const silence = (peerKind: 'kin' | 'foreign' | 'unknown', ms: number): string =>
    silenceOf({ peerKind, idleLimitMs: IDLE_LIMIT_MS }, ms);

  it('of a Go node means nothing until the idle limit', () => {
    assert.equal(silence('foreign', IDLE_LIMIT_MS), 'none');
    assert.equal(silence('foreign', IDLE_LIMIT_MS + 1), 'dead');
    assert.equal(silence('unknown', IDLE_LIMIT_MS), 'none');
  });

  it('of a node of our kind means more the longer it lasts', () => {
    assert.equal(silence('kin', PROBE_AFTER_MS), 'none');
    assert.equal(silence('kin', PROBE_AFTER_MS + 1), 'quiet');
    assert.equal(silence('kin', SUSPECT_AFTER_MS), 'quiet');
    assert.equal(silence('kin', SUSPECT_AFTER_MS + 1), 'suspect');
    assert.equal(silence('kin', KIN_SILENT_MS), 'suspect');
    assert.equal(silence('kin', KIN_SILENT_MS + 1), 'dead');
  });
});

describe('the end of a link in words', () => {
  it('names the neighbour, and what is known beyond the code', () => {
    const codes: readonly LinkEndCode[] = [
      'lost',
      'silent',
      'refused-own-id',
      'refused-not-allowed',
      'refused-connected-already',
      'refused-id-changed',
      'refused-not-listed',
      'refused-cost',
      'rejected-by-peer',
      'stopped',
    ];
    for (const code of codes) {
      assert.match(endText(code, link), /near/, code);
    }
    assert.match(endText('no-greeting', { ...link, peer: undefined }), /did not greet within 10 s/);
    assert.match(endText('lost', { ...link, peer: undefined }), /the other node/);
    assert.match(endText('lost', link, 'read ECONNRESET'), /lost: read ECONNRESET/);
    assert.match(endText('refused-cost', link, '3'), /2 here, 3 there/);
    assert.match(endText('rejected-by-peer', link, 'go away'), /go away/);
  });

  it('has the words of the reference where operators match them', () => {
    assert.match(
      endText('refused-own-id', link),
      /it tried to connect using our own node ID|tried to connect using our own node ID/,
    );
    assert.match(endText('refused-not-allowed', link), /is not in the allowed peers list/);
    assert.match(endText('refused-connected-already', link), /connected using a node ID we are already connected to/);
    assert.match(endText('refused-not-listed', link), /no longer lists us as a connection/);
  });
});
