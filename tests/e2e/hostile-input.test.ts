import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type Random, seededRandom } from '../../runtime/random.js';
import { seeds } from '../support/seeds.js';
import { Attack, type Farewell, write } from './attack.js';
import { LISTEN, Place, type Program, portOf, until } from './daemon-process.js';
import { HostileClient, HostilePeer, updateFrame } from './hostile-bytes.js';

/** Inputs of each kind in each of the two rounds: 10,000 in all. */
const RAW_INPUTS = 800;
const LINK_INPUTS = 1_700;
const CONTROL_INPUTS = 2_500;

const FRAMES_PER_LINK = 25;
const LINES_PER_CLIENT = 5;
const IDLE_CONNECTIONS = 200;

/** The longest line that a node may hold. */
const LINE_BYTES = 8 * 1024 * 1024;

/** In each round: kept, they would be 160 MiB. */
const LONG_LINES = 20;

/**
 * Memory that the second round may add to what the first, which is as long, has left. The garbage of the long lines
 * alone makes a difference of 60 MB, as it happens; 27 kB kept of each input would be too much.
 */
const GROWTH_BYTES_MAX = 128 * 1024 * 1024;

const LIMIT = { timeout: 180_000 };

interface Stage {
  readonly place: Place;
  readonly target: Program;
  readonly friend: Program;
  readonly port: number;
  readonly random: Random;
  /** Pings the friend through the target without a pause. */
  readonly ping: Program;
}

/** A node, and a neighbour that is linked to it and answers pings all the time. */
async function stage(t: TestContext): Promise<Stage> {
  const [seed = '1'] = seeds();
  t.diagnostic(`RECEPTOR_SEED=${seed}`);
  const place = new Place(t);
  const work = ['--work-command', 'worktype=cat', 'command=cat'];
  const target = await place.node('target', ...LISTEN, '--log-level', 'debug', ...work);
  const port = Number(await portOf(target));
  const friend = await place.node('friend', '--tcp-peer', `127.0.0.1:${port}`);
  await until(
    () => place.ask('target', 'ping', 'friend', '--count', '1'),
    ({ code }) => code === 0,
  );
  const words = ['ping', 'friend', '--count', '1000000', '--delay', '0.02'];
  const ping = place.start(...words, '--socket', place.path('target.sock'));
  return { place, target, friend, port, ping, random: seededRandom(seed) };
}

/** Two rounds that are alike; afterwards nothing of them may be seen. */
async function endure(on: Stage, round: (random: Random) => Promise<void>): Promise<void> {
  const { place, target, friend, ping, random } = on;
  await round(random.split('first'));
  await answers(ping);
  const before = target.rssBytes();
  await round(random.split('second'));
  await answers(ping);
  const grown = target.rssBytes() - before;
  ping.signal('SIGINT');
  const pinged = await ping.finished;
  const status = await place.ask('target', 'status');

  assert.match(pinged.out, /^(Reply from friend in \S+\n)+$/);
  assert.equal(status.code, 0);
  assert.equal(target.err, '');
  assert.equal(target.out.match(/Connection established with friend\n/g)?.length, 1);
  assert.equal(friend.out.match(/Connection established with target\n/g)?.length, 1);
  assert.doesNotMatch(friend.out, /Connection to target|Backend connection exited/);
  assert.deepEqual(strangeLines(target.out), []);
  assert.doesNotMatch(target.out, / failed \(|has no answer to|is started again/);
  assert.ok(grown < GROWTH_BYTES_MAX, `it grew by ${grown} bytes from ${before}`);
}

/** Settles when the ping, which has been running, is answered once more. */
async function answers(ping: Program): Promise<void> {
  const { length } = ping.out;
  await until(async () => ping.out.length > length || ping.process.exitCode !== null);
}

/** Lines that are not the node's own: whatever is told of others stands cleaned in one line. */
function strangeLines(log: string): readonly string[] {
  const isFit = (line: string): boolean =>
    /^(DEBUG|INFO|WARNING|ERROR) \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \P{Control}*$/u.test(line) &&
    !line.includes('\u202e');
  return log
    .split('\n')
    .slice(0, -1)
    .filter((line) => !isFit(line));
}

const FAREWELLS: readonly Farewell[] = ['end', 'reset', 'stay'];

function farewell(random: Random): Farewell {
  return FAREWELLS[random.below(FAREWELLS.length)] ?? 'end';
}

/** Bytes before any greeting. */
async function attackPort(attack: Attack, random: Random): Promise<void> {
  const peer = new HostilePeer(random, { name: 'stranger', target: 'target' });
  for (let sent = 0; sent < RAW_INPUTS; sent += 1) {
    await attack.send([peer.raw()], farewell(random));
  }
}

/** Frames behind a greeting that is in order; the link is made anew as often as it is refused. */
async function attackLinks(attack: Attack, random: Random): Promise<void> {
  for (let sent = 0; sent < LINK_INPUTS; ) {
    const name = `hostile-${random.below(1_000_000)}`;
    const peer = new HostilePeer(random, { name, target: 'target' });
    const frames = sent === 0 ? peer.known() : Array.from({ length: FRAMES_PER_LINK }, () => peer.frame());
    const socket = await greeted(attack, name);
    sent += await writeAll(socket, frames);
    attack.leave(socket, farewell(random));
  }
}

/** As many as are taken before the link is refused. */
async function writeAll(socket: Socket, frames: readonly Uint8Array[]): Promise<number> {
  let taken = 0;
  for (const frame of frames) {
    if (!(await write(socket, frame))) {
      break;
    }
    taken += 1;
  }
  return taken;
}

/** A link that is established on both sides. */
async function greeted(attack: Attack, name: string): Promise<Socket> {
  const socket = await attack.connect();
  const welcome = new Promise<void>((resolve) => {
    socket.once('data', () => resolve());
    socket.once('close', () => resolve());
  });
  await write(socket, updateFrame(name, name));
  await welcome;
  await write(socket, updateFrame(name, name, { target: 1 }));
  return socket;
}

async function attackControl(attack: Attack, random: Random): Promise<void> {
  const client = new HostileClient(random);
  for (let sent = 0; sent < CONTROL_INPUTS; sent += LINES_PER_CLIENT) {
    const lines = Array.from({ length: LINES_PER_CLIENT }, () => client.line());
    await attack.send(lines, farewell(random));
  }
  for (let at = 0; at < LONG_LINES; at += 1) {
    const excess = at % 2 === 0 ? -1 : 1_000;
    await attack.send([new Uint8Array(LINE_BYTES + excess).fill(0x61)], 'end');
  }
}

describe('a node that is sent nonsense', () => {
  it('goes on when it comes to its port for links, before a greeting and after one', LIMIT, async (t) => {
    const on = await stage(t);
    const attack = new Attack({ host: '127.0.0.1', port: on.port });
    t.after(() => attack.close());

    await endure(on, async (random) => {
      await attackPort(attack, random);
      await attackLinks(attack, random);
    });

    // It was told of, and cleaned.
    const { out } = on.target;
    assert.ok(out.includes('rejected the connection: \\x1b[2J\\x1b]0;x\\x07\\x0d\\x0aERROR 2026'));
  });

  it('goes on when it comes to its control socket, beside many clients that say nothing', LIMIT, async (t) => {
    const on = await stage(t);
    const attack = new Attack({ path: on.place.path('target.sock') });
    const idle = new Attack({ path: on.place.path('target.sock') });
    t.after(() => attack.close());
    t.after(() => idle.close());
    await Promise.all(Array.from({ length: IDLE_CONNECTIONS }, () => idle.connect()));

    await endure(on, (random) => attackControl(attack, random));
  });
});
