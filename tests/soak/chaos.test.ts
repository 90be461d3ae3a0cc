import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seededRandom } from '../../runtime/random.js';
import { freePorts } from '../bench/daemon.js';
import { type Finished, Place, type Program } from '../e2e/daemon-process.js';
import { setting } from './settings.js';

const MINUTES = setting('RECEPTOR_CHAOS_MINUTES', 5);
const SEED = process.env['RECEPTOR_SEED'] ?? '1';
const MINUTE_MS = 60_000;
/** Between two deaths: long enough that work gets on. */
const CALM_MS = 1_000;
const CALM_JITTER_MS = 4_000;
/** Units that are under way at once. */
const UNITS_AT_ONCE = 4;
/** After the last death: the pauses between attempts to reach an executor are up to a minute. */
const ENDED_WITHIN_MS = 5 * MINUTE_MS;

const IDS = ['a', 'b', 'c'] as const;
type Id = (typeof IDS)[number];

/** Writes its marker into a log of all runs, then so many lines, one each half second. */
const SCRIPT = 'echo "$0" >> runs.log; n=0; while [ $n -lt 10 ]; do echo "$0 line $n"; n=$((n+1)); sleep 0.5; done';

function outputOf(marker: string): string {
  return Array.from({ length: 10 }, (_, at) => `${marker} line ${at}\n`).join('');
}

interface Order {
  readonly marker: string;
  readonly to: Id;
  /** Undefined when the client was not told that it has begun: a node on the way had died. */
  readonly unitId: string | undefined;
}

/** A line of three daemons with fixed places, so that each finds the others again after its death. */
class Line {
  readonly place: Place;
  readonly #ports: readonly number[];
  readonly #running = new Map<Id, Program>();

  constructor(place: Place, ports: readonly number[]) {
    this.place = place;
    this.#ports = ports;
  }

  async start(id: Id): Promise<void> {
    const at = IDS.indexOf(id);
    const before = at === 0 ? [] : ['--tcp-peer', `127.0.0.1:${this.#ports[at - 1]}`];
    const program = await this.place.node(
      id,
      ...['--tcp-listener', `port=${this.#ports[at]}`, 'bindaddr=127.0.0.1', ...before],
      ...['--work-command', 'worktype=lines', 'command=sh', `params=-c '${SCRIPT}'`, 'allowruntimeparams=true'],
    );
    this.#running.set(id, program);
  }

  /** As a machine that kills by `kill -9` does. */
  async kill(id: Id): Promise<void> {
    await this.#running.get(id)?.kill();
  }

  ask(id: Id, ...args: readonly string[]): Promise<Finished> {
    return this.place.ask(id, ...args);
  }
}

async function submit(line: Line, marker: string, random: Random): Promise<Order> {
  const to = IDS[random.below(IDS.length)] ?? 'a';
  const { code, out } = await line.ask('a', 'work', 'submit', 'lines', '--node', to, '--no-payload', '--', marker);
  const [, unitId] = /Job Started\nUnit ID: (\S+)\n/.exec(out) ?? [];
  return { marker, to, unitId: code === 0 ? unitId : undefined };
}

/** Keeps units under way until the time is over. */
async function keepWorking(line: Line, endMs: number, orders: Order[]): Promise<void> {
  const random = seededRandom(`chaos orders ${SEED}`);
  const work = async (lane: number): Promise<void> => {
    for (let at = 0; performance.now() < endMs; at += 1) {
      orders.push(await submit(line, `unit-${lane}-${at}`, random));
      await pause(CALM_MS);
    }
  };
  await Promise.all(Array.from({ length: UNITS_AT_ONCE }, (_, lane) => work(lane)));
}

/** Kills one after the other, and starts each again. */
async function keepKilling(line: Line, endMs: number): Promise<number> {
  const random = seededRandom(`chaos deaths ${SEED}`);
  let deaths = 0;
  while (performance.now() < endMs) {
    await pause(CALM_MS + random.below(CALM_JITTER_MS));
    const id = IDS[random.below(IDS.length)] ?? 'a';
    await line.kill(id);
    await pause(random.below(CALM_JITTER_MS));
    await line.start(id);
    deaths += 1;
  }
  return deaths;
}

/** What is wrong with a unit that the client was told of: it must succeed, with its whole output. */
async function faultOf(line: Line, { marker, to, unitId = '' }: Order): Promise<string | undefined> {
  const late = AbortSignal.timeout(ENDED_WITHIN_MS);
  const results = await Promise.race([
    line.ask('a', 'work', 'results', unitId),
    new Promise<undefined>((resolve) => late.addEventListener('abort', () => resolve(undefined), { once: true })),
  ]);
  if (results === undefined) {
    return `${marker} on ${to} (${unitId}) never ended`;
  }
  const isWhole = results.out === outputOf(marker);
  return results.code === 0 && isWhole
    ? undefined
    : `${marker} on ${to} (${unitId}): status ${results.code}, ${results.out.length} bytes; ${results.err.trim()}`;
}

describe('real daemons that are killed and come back', () => {
  it(`for ${MINUTES} minutes lose no unit that was confirmed, and run none twice`, async (t) => {
    const place = new Place(t);
    const line = new Line(place, await freePorts(IDS.length));
    for (const id of IDS) {
      await line.start(id);
    }
    const endMs = performance.now() + MINUTES * MINUTE_MS;
    const orders: Order[] = [];

    const [deaths] = await Promise.all([keepKilling(line, endMs), keepWorking(line, endMs, orders)]);
    const confirmed = orders.filter(({ unitId }) => unitId !== undefined);
    const faults: string[] = [];
    for (const order of confirmed) {
      const fault = await faultOf(line, order);
      faults.push(...(fault === undefined ? [] : [fault]));
    }

    t.diagnostic(`${deaths} deaths, ${orders.length} units ordered, ${confirmed.length} confirmed`);
    assert.deepEqual(faults, []);
    assert.ok(confirmed.length > 0, 'nothing was ever confirmed');
    const log = place.path('runs.log');
    const runs = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    assert.deepEqual(
      runs.filter((marker, at) => runs.indexOf(marker) !== at),
      [],
      'a command ran twice',
    );
  });
});
