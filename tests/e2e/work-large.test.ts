import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Finished, type Program, until } from './daemon-process.js';
import { Line, submitted } from './line.js';
import { differenceOf, numberedBytes } from './numbered-bytes.js';
import { Tap } from './tap.js';

const WHOLE = numberedBytes(50_000_000);
const HALF = WHOLE.length / 2;
/** Where a reader goes on. */
const OFFSET = 10_000_000;

/** Memory that a relay may need for 100 MB that pass: two lanes of a megabyte, and what waits for the garbage collector. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 50;

/** A transfer that stands still would never end by itself. */
const LIMIT = { timeout: 120_000 };

/** The most memory that a program has had while another ran. */
async function peakWhile(watched: Program, work: Promise<Finished>): Promise<number> {
  let isOver = false;
  work.finally(() => {
    isOver = true;
  });
  let peak = watched.rssBytes();
  while (!isOver) {
    await pause(LOOK_EVERY_MS);
    peak = Math.max(peak, watched.rssBytes());
  }
  return peak;
}

describe('50 MB of work two hops away', () => {
  it('go there and come back with the same checksum, and the relay keeps none of it', LIMIT, async (t) => {
    const line = await Line.start(t, () => ['--work-command', 'worktype=cat', 'command=cat']);
    const { place } = line;
    writeFileSync(place.path('payload'), WHOLE);
    const before = line.node('beta').rssBytes();
    const words = ['work', 'submit', 'cat', '--node', 'gamma', '-p', 'payload', '-o', 'json'];
    const submit = place.start(...words, '--socket', place.path('alpha.sock'));

    const peakIn = await peakWhile(line.node('beta'), submit.finished);
    const { unitid } = JSON.parse((await submit.finished).out);
    const results = line.ask('alpha', 'work', 'results', unitid, '-O', 'out');
    const peakOut = await peakWhile(line.node('beta'), results);

    const { code, err } = await results;
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual([code, err], [0, '']);
    assert.equal(hash(readFileSync(place.path('out'))), hash(WHOLE));
    const grown = Math.max(peakIn, peakOut) - before;
    t.diagnostic(`the relay grew by ${Math.round(grown / 1e6)} MB`);
    assert.ok(grown < GROWTH_BYTES_MAX, `the relay grew by ${grown} bytes from ${before}`);
  });

  it('can be read from an offset while the unit runs', LIMIT, async (t) => {
    const line = await Line.start(t, (place) => [
      ...['--work-command', 'worktype=pour', 'command=cat', `params=${place.path('tap')}`],
    ]);
    const { place } = line;
    const tap = new Tap(t, place.path('tap'));
    const unit = await submitted(place, 'pour', '-n', '--node', 'gamma');
    await tap.pour(WHOLE.subarray(0, HALF));
    writeFileSync(place.path('out'), WHOLE.subarray(0, OFFSET));

    const words = ['work', 'results', unit, '--start', `${OFFSET}`, '-O', 'out'];
    const results = place.start(...words, '--socket', place.path('alpha.sock'));
    await until(
      () => place.sizeOf('out'),
      (size) => size > OFFSET,
    );
    const running = await line.ask('alpha', 'work', 'status', unit, '-o', 'json');
    await tap.pour(WHOLE.subarray(HALF));
    tap.shut();
    const { code, err } = await results.finished;

    assert.equal(JSON.parse(running.out).StateName, 'Running');
    assert.deepEqual([code, err], [0, '']);
    assert.equal(differenceOf(readFileSync(place.path('out')), WHOLE), 'none');
  });
});
