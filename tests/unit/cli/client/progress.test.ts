import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Progress, showBytes, showSeconds } from '../../../../cli/client/progress.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { FakeWriter } from './fake-host.js';

function progress(options: { readonly isTerminal?: boolean; readonly total?: number } = {}) {
  const clock = new VirtualClock();
  const output = new FakeWriter();
  output.isTerminal = options.isTerminal ?? true;
  const shown = new Progress({ clock, output, verb: 'Sending', total: options.total });
  /** Lets `ms` pass, then adds bytes; returns what was written. */
  const add = async (ms: number, bytes: number): Promise<string> => {
    output.bytes = Buffer.alloc(0);
    clock.moveTo(clock.monotonicMs() + ms);
    await shown.add(bytes);
    return output.text.replace('\r\u001b[K', '<');
  };
  return { shown, output, add };
}

describe('the progress of a transfer', () => {
  it('is shown after a second: how much, of how much, how fast, how long still', async () => {
    const { add } = progress({ total: 10_000_000 });

    assert.equal(await add(999, 1_000_000), '');
    assert.equal(await add(1, 1_000_000), '<Sending 2.0 MB  of 10.0 MB (20 %)  2.0 MB/s, 0:04 left');
  });

  it('is shown five times a second at most', async () => {
    const { add } = progress();
    await add(1_000, 1);

    assert.equal(await add(199, 1), '');
    assert.notEqual(await add(1, 1), '');
  });

  it('does without a size that is not known, or not true any more', async () => {
    assert.equal(await progress().add(1_000, 5_000), '<Sending 5.0 kB  5.0 kB/s');
    assert.equal(await progress({ total: 10 }).add(1_000, 5_000), '<Sending 5.0 kB  5.0 kB/s');
  });

  it('learns of the size on the way', async () => {
    const { shown, add } = progress();
    shown.expect(10_000);

    assert.equal(await add(1_000, 5_000), '<Sending 5.0 kB  of 10.0 kB (50 %)  5.0 kB/s, 0:01 left');
  });

  it('is not shown where nobody looks', async () => {
    const { shown, output, add } = progress({ isTerminal: false });

    assert.equal(await add(5_000, 1), '');
    await shown.end();
    assert.equal(output.text, '');
  });

  it('clears its line at the end', async () => {
    const { shown, output, add } = progress();
    await add(1_000, 1);
    output.bytes = Buffer.alloc(0);

    await shown.end();
    await shown.end();

    assert.equal(output.text, '\r\u001b[K');
  });

  it('fits its terminal', async () => {
    const { output, add } = progress({ total: 10_000_000 });
    output.columns = 10;

    assert.equal(await add(1_000, 1), '<Sending 1');
  });
});

describe('sizes and times', () => {
  it('are shown as people write them', () => {
    assert.deepEqual([0, 999, 1_000, 1_234_567, 5e9, 5e12, 5e15].map(showBytes), [
      ...['0 B', '999 B', '1.0 kB', '1.2 MB', '5.0 GB', '5.0 TB', '5000.0 TB'],
    ]);
    assert.deepEqual([0, 9.4, 754, 3_723, 1e12].map(showSeconds), ['0:00', '0:09', '12:34', '1:02:03', '99:59:59']);
  });
});
