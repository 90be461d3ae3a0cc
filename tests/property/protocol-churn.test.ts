// A mesh in which nodes come and go for ever: who is there is known, and the table stays within its limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NodeId } from '../../protocol/names.js';
import { NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import { NODES_MAX, Topology } from '../../protocol/routing/topology.js';

/** Places that are left beside the nodes that stay for ever. */
const ROOM = 6;
const SELF = 'self' as NodeId; // made here, as all names of this test

let updates = 0;

function hear(topology: Topology, node: NodeId, link: NodeId): ReturnType<Topology['consider']> {
  updates += 1;
  const fields = { updateId: `u${updates}`, updateEpoch: 1n, updateSequence: BigInt(updates), suspectedDuplicate: 0n };
  return topology.consider(
    { ...fields, nodeId: node, connections: new Map([[link, 1]]), forwardingNode: node, extensions: NO_EXTENSIONS },
    0,
  );
}

type Step = 'come' | 'leave' | 'refresh';

/** Which of the nodes that are there leaves or speaks again. */
const step = fc.tuple(fc.constantFrom<Step>('come', 'come', 'leave', 'leave', 'refresh'), fc.nat({ max: ROOM - 1 }));

test('newcomers find a place as long as somebody has left, and nobody who is there is forgotten', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const topology = new Topology(SELF, 1n);
      for (let at = 0; at < NODES_MAX - ROOM; at += 1) {
        hear(topology, `stays${at}` as NodeId, 'hub' as NodeId);
      }
      // In the order in which they were last heard of.
      let present: readonly NodeId[] = [];
      let gone: readonly NodeId[] = [];
      for (const [at, [kind, which]] of steps.entries()) {
        const chosen = present[which % Math.max(present.length, 1)];
        if (kind === 'come') {
          const name = `comes${at}` as NodeId;
          const isFull = present.length + gone.length === ROOM;
          const verdict = hear(topology, name, SELF);
          if (isFull && gone.length === 0) {
            assert.deepEqual(verdict, { verdict: 'ignored', reason: 'too-many-nodes' });
          } else {
            topology.linkUp(name, 1);
            assert.equal(verdict.verdict === 'accepted' && verdict.newcomer, true);
            assert.equal(verdict.verdict === 'accepted' ? verdict.forgotten : '', isFull ? gone[0] : undefined);
            gone = isFull ? gone.slice(1) : gone;
            present = [...present, name];
          }
        } else if (chosen !== undefined && kind === 'leave') {
          topology.linkDown(chosen);
          present = present.filter((name) => name !== chosen);
          // Who left is forgotten by when it was heard of, not by when it left.
          gone = [...gone, chosen].sort((a, b) => heardOf(topology, a) - heardOf(topology, b));
        } else if (chosen !== undefined) {
          hear(topology, chosen, SELF);
          present = [...present.filter((name) => name !== chosen), chosen];
        }
        for (const name of [...present, ...gone]) {
          assert.notEqual(topology.record(name), undefined, name);
        }
      }
      assert.equal(topology.record('stays0' as NodeId)?.epoch, 1n);
    }),
    { numRuns: 10 },
  );
});

function heardOf(topology: Topology, node: NodeId): number {
  return Number(topology.record(node)?.sequence);
}
