import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Rig } from '../unit/runtime/quic/rig.js';
import { digest, pattern, Transfer } from '../unit/runtime/quic/transfer.js';

/** Links on which a handshake still succeeds within its 30 seconds. */
const links = fc.record({
  seed: fc.string({ maxLength: 8 }),
  delay: fc.integer({ min: 0, max: 100_000 }),
  jitter: fc.integer({ min: 0, max: 20_000 }),
  loss: fc.double({ min: 0, max: 0.15, noNaN: true }),
  duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
});

const sizes = fc.record({
  up: fc.integer({ min: 0, max: 150_000 }),
  down: fc.integer({ min: 0, max: 150_000 }),
  window: fc.integer({ min: 2_000, max: 200_000 }),
  datagram: fc.constantFrom(1_200, 1_452, 8_192, 16_000),
});

describe('a transfer over any link', () => {
  it('brings every byte in order, then the end, then the acknowledgement of it', () => {
    fc.assert(
      fc.property(links, sizes, (link, { up, down, window, datagram }) => {
        const settings = { streamWindow: window, connectionWindow: window, initialDatagram: datagram };
        const rig = new Rig(link);
        const client = new Transfer({ opens: true, outgoing: pattern(up, 1) });
        const server = new Transfer({ opens: false, outgoing: pattern(down, 2) });
        rig.listen(server.application, settings);
        const dialled = rig.dial(client.application, settings);

        const isDone = rig.run(() => client.hasEnd && server.hasEnd && dialled.has('finished'), 600_000_000);

        assert.ok(isDone, 'it did not end');
        assert.equal(digest(server.received), digest(pattern(up, 1)));
        assert.equal(digest(client.received), digest(pattern(down, 2)));
        assert.ok(!rig.ends.some((end) => end.has('lost')));
      }),
      { numRuns: 100 },
    );
  });
});
