import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LISTEN, Place, type Program, portOf, until } from '../e2e/daemon-process.js';
import { bytesPerMinute, liveBytes, type MemorySample } from './memory-course.js';
import { setting } from './settings.js';

const IDLE_MINUTES = setting('RECEPTOR_IDLE_MINUTES', 10);
/** Until the engine has compiled what it will compile, and caches have their size. */
const WARM_UP_MINUTES = setting('RECEPTOR_IDLE_WARM_UP_MINUTES', 2);
const MINUTE_MS = 60_000;
const SAMPLE_EVERY_MS = 10_000;
/** What may be added in each ten minutes, or part of them. */
const GROWTH_BYTES_MAX = 1_048_576;
const GROWTH_MINUTES = 10;

const LINKS_EACH = 2;

const REPORTER = new URL('./memory-reporter.js', import.meta.url).href;

/** A daemon that can be asked for its memory. */
interface Watched {
  readonly id: string;
  readonly program: Program;
  readonly memorySocket: string;
}

async function watched(place: Place, id: string, ...args: readonly string[]): Promise<Watched> {
  const memorySocket = place.path(`${id}-memory.sock`);
  const env = { NODE_OPTIONS: `--import ${REPORTER}`, RECEPTOR_MEMORY_SOCKET: memorySocket };
  const program = await place.nodeIn(env, id, '--log-level', 'info', ...args);
  return { id, program, memorySocket };
}

/** A triangle: each daemon has a link to each other. */
async function triangle(place: Place): Promise<readonly Watched[]> {
  const a = await watched(place, 'a', ...LISTEN);
  const toA = ['--tcp-peer', `127.0.0.1:${await portOf(a.program)}`];
  const b = await watched(place, 'b', ...LISTEN, ...toA);
  const c = await watched(place, 'c', ...toA, '--tcp-peer', `127.0.0.1:${await portOf(b.program)}`);
  for (const [from, to] of [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ] as const) {
    await until(
      () => place.ask(from, 'ping', to, '--count', '1'),
      ({ code }) => code === 0,
    );
  }
  return [a, b, c];
}

function sample({ memorySocket }: Watched): Promise<MemorySample> {
  return new Promise((resolve, reject) => {
    let text = '';
    connect(memorySocket)
      .on('error', reject)
      .on('data', (chunk) => {
        text += chunk;
      })
      .on('end', () => resolve({ atMs: performance.now(), ...JSON.parse(text) }));
  });
}

/** What a daemon has said of itself and its links; an idle one has nothing more to say. */
function saidBy({ program }: Watched): string {
  return program.out + program.err;
}

/** The kernel's numbers of the TCP connections of a daemon; a new connection has a new number. Linux only. */
function connectionsOf({ program }: Watched): readonly string[] {
  const folder = `/proc/${program.process.pid}`;
  if (!existsSync(folder)) {
    return [];
  }
  const own = new Set(readdirSync(`${folder}/fd`).map((name) => socketNumber(`${folder}/fd/${name}`)));
  const rows = readFileSync(`${folder}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, , , state]) => state === ESTABLISHED)
    .map((row) => row[INODE_COLUMN] ?? '')
    .filter((number) => own.has(number))
    .sort();
}

/** In `/proc/net/tcp`. */
const ESTABLISHED = '01';
const INODE_COLUMN = 9;

function socketNumber(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined; // it was closed while we looked
  }
}

async function idle(daemons: readonly Watched[], minutes: number): Promise<ReadonlyMap<string, MemorySample[]>> {
  const course = new Map<string, MemorySample[]>(daemons.map(({ id }) => [id, []]));
  const endMs = performance.now() + minutes * MINUTE_MS;
  while (performance.now() < endMs) {
    await pause(Math.min(SAMPLE_EVERY_MS, Math.max(1, endMs - performance.now())));
    for (const daemon of daemons) {
      course.get(daemon.id)?.push(await sample(daemon));
    }
  }
  return course;
}

function report(t: TestContext, id: string, samples: readonly MemorySample[]): void {
  const kib = (bytes: number): string => (bytes / 1_024).toFixed(0);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first !== undefined && last !== undefined) {
    const perTen = (bytesOf: (of: MemorySample) => number): string => kib(bytesPerMinute(samples, bytesOf) * 10);
    t.diagnostic(
      `${id}: ${samples.length} samples, live ${kib(liveBytes(first))} to ${kib(liveBytes(last))} KiB, ` +
        `${perTen(liveBytes)} KiB in 10 minutes; rss ${kib(first.rss)} to ${kib(last.rss)} KiB, ` +
        `${perTen(({ rss }) => rss)} KiB in 10 minutes`,
    );
  }
}

describe('an idle mesh', () => {
  it(`keeps its links and its memory for ${IDLE_MINUTES} minutes`, async (t) => {
    const place = new Place(t);
    const daemons = await triangle(place);
    await idle(daemons, WARM_UP_MINUTES);
    const said = daemons.map(saidBy);
    const connections = daemons.map(connectionsOf);

    const course = await idle(daemons, IDLE_MINUTES);

    for (const text of said) {
      assert.equal(text.match(/Connection established with/g)?.length, LINKS_EACH);
    }
    assert.deepEqual(daemons.map(saidBy), said, 'an idle daemon had something to say');
    assert.deepEqual(daemons.map(connectionsOf), connections, 'a connection is not the same any more');
    if (process.platform === 'linux') {
      assert.deepEqual(
        connections.map(({ length }) => length),
        daemons.map(() => LINKS_EACH),
      );
    }
    for (const [id, samples] of course) {
      report(t, id, samples);
      const growth = bytesPerMinute(samples, liveBytes) * IDLE_MINUTES;
      const allowed = GROWTH_BYTES_MAX * Math.ceil(IDLE_MINUTES / GROWTH_MINUTES);
      assert.ok(growth <= allowed, `${id} has grown by ${growth.toFixed(0)} bytes`);
    }
  });
});
