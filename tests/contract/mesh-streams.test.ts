import assert from 'node:assert/strict';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { CALM } from '../../runtime/simulation/faults.js';
import { lineOf } from '../simulation/mesh-lines.js';
import { type SessionsStage, type SessionWords, sessionsContract } from './sessions.js';

/** Long enough for whatever a stream waits for by itself, in virtual time. */
const PATIENCE_MS = 120_000;

const WORDS: SessionWords = {
  refused: ['service-unknown'],
  inUse: 'service-in-use',
  aborted: ['closed-by-peer'],
  // The other end closes both directions in order, and so says that it wanted nothing more.
  gone: ['closed'],
  closedPlace: 'they end',
};

/** Streams from one end of a line of nodes to the other. */
async function stageOf(hops: number): Promise<SessionsStage> {
  const mesh = await lineOf(hops, { faults: CALM });
  const target = `n${hops}` as NodeId; // made by lineOf
  const [here, there] = [mesh.node('n0').ports.streams, mesh.node(target).ports.streams];
  return {
    dial: (place, handler) => here.dial({ node: target, service: place as ServiceName }, handler),
    listen: (place, handler) =>
      there.listen({ service: place as ServiceName, connType: 1, tags: {}, advertise: false }, handler),
    until: async (holds) =>
      assert.ok(
        await mesh.world.until(holds, PATIENCE_MS),
        `it did not hold within ${PATIENCE_MS / 1_000} s of virtual time`,
      ),
    dispose: () => mesh.lower(),
  };
}

for (const hops of [0, 1, 2]) {
  sessionsContract(`streams over ${hops} hops`, WORDS, () => stageOf(hops));
}
