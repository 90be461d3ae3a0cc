import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exchange, openStream, readAll } from './open-stream.js';
import { digest, pattern } from './transfer.js';

describe('flow control', () => {
  for (const direction of ['to the listener', 'to the dialler'] as const) {
    it(`stops the writer ${direction} when the reader stops, and lets it go on`, () => {
      const window = 65_536;
      const settings = { streamWindow: window, connectionWindow: 2 * window, sendWindow: window };
      const open = openStream({ listen: settings, dial: settings });
      const isUp = direction === 'to the listener';
      const [writer, reader] = isUp ? [open.ours, open.theirs] : [open.theirs, open.ours];
      const writing = isUp ? open.dialled : open.accepted;
      const bytes = pattern(1_000_000);
      let written = writer.write(bytes);
      for (let round = 0; round < 5; round += 1) {
        exchange(open);
        written += writer.write(bytes.subarray(written));
      }

      const usedBefore = 1;
      assert.equal(written, window - usedBefore);
      const before = writing.events.length;

      const got = [readAll(reader).bytes];
      exchange(open);
      const types = writing.events.slice(before).map((event) => event.type);
      assert.ok(types.includes('writable'), `${types}`);
      while (written < bytes.length || Buffer.concat(got).length < bytes.length) {
        written += writer.write(bytes.subarray(written));
        exchange(open);
        got.push(readAll(reader).bytes);
        exchange(open);
      }
      assert.equal(digest(Buffer.concat(got)), digest(bytes));
    });
  }

  it('holds no more than the send window while nothing is acknowledged', () => {
    const open = openStream({ dial: { sendWindow: 100_000 } });
    open.rig.link.options = { largest: 0 };

    const written = [1, 2, 3].map(() => {
      const count = open.ours.write(new Uint8Array(80_000));
      exchange(open);
      return count;
    });

    assert.equal(
      written.reduce((sum, count) => sum + count, 0),
      100_000,
    );
  });

  it('keeps the memory of the engine within the windows of readers that do not read', () => {
    const open = openStream();
    const before = open.accepted.instance.memoryBytes;
    for (let round = 0; round < 40; round += 1) {
      open.ours.write(new Uint8Array(200_000));
      exchange(open);
    }

    const grown = open.accepted.instance.memoryBytes - before;

    // The window is 1 MiB; what is kept of each datagram besides, and the allocator's slack, may double it.
    assert.ok(grown < 3 * 1_048_576, `${grown} bytes`);
  });
});
