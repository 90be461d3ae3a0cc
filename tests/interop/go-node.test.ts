import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Finished } from '../e2e/daemon-process.js';
import { bigFile, type Client, CTL, digestOf, OURS, submit } from './client.js';
import type { Status } from './control-line.js';
import { isTalking, Line, NAMES, type Name, WORK_TYPES } from './line.js';
import { PLACES, type Way } from './places.js';
import { RECEPTORCTL, REFERENCE } from './tools.js';

/** Where the next hop is, and what the links cost, in a line. */
const ROUTES: Readonly<Record<Name, Readonly<Record<string, string>>>> = {
  alpha: { beta: 'beta', gamma: 'beta' },
  beta: { alpha: 'alpha', gamma: 'gamma' },
  gamma: { alpha: 'beta', beta: 'beta' },
};
const COSTS = { alpha: { beta: 1 }, beta: { alpha: 1, gamma: 1 }, gamma: { beta: 1 } };

/** The links and ways of a node, as status shows them. */
function known({ Connections, RoutingTable, KnownConnectionCosts }: Status) {
  const links = Object.fromEntries(Connections.map(({ NodeID, Cost }) => [NodeID, Cost]));
  return { links, RoutingTable, KnownConnectionCosts };
}

/** What the nodes offer, as status shows it, one line each. */
function offered({ Advertisements }: Status): readonly string[] {
  return Advertisements.map(({ NodeID, Service, ConnType, Tags, WorkCommands }) => {
    const work = WorkCommands?.map(({ WorkType, Secure }) => (Secure ? `${WorkType} signed` : WorkType)).sort();
    return `${NodeID} ${Service} ${ConnType} ${JSON.stringify(Tags)} ${work?.join(' ')}`;
  }).sort();
}

/** Neither client needs the other. */
function options(client: Client): Client['test'] {
  return { ...client.test, ...REFERENCE.test };
}

/** Work of four kinds at once: input, parameters, a failure, and a kind that there is not. */
async function worksAndTells(client: Client, line: Line, [at, node]: Way): Promise<void> {
  const work = (...words: readonly string[]): Promise<Finished> =>
    client.ask(line, at, 'work', 'submit', '--node', node, ...words);

  const [cat, echo, fail, nope] = await Promise.all([
    work('cat', '--payload-literal', 'hello', '--follow'),
    work('echo', '-n', '-f', 'a', 'b'),
    work('fail', '-n', '-f'),
    work('nope', '-n', '-f'),
  ]);

  assert.deepEqual([at, cat.code, cat.out], [at, 0, 'hello\n']);
  assert.deepEqual([at, echo.code, echo.out], [at, 0, 'a b\n']);
  assert.deepEqual([at, fail.code, fail.out], [at, client.failedCode, 'before\n']);
  assert.match(fail.err, /exit status 3/);
  assert.notEqual(nope.code, 0);
  assert.match(nope.err, /unknown work type nope\n/);
}

async function cancelsAndReleases(client: Client, line: Line, [at, node]: Way): Promise<void> {
  const unit = await submit(client, line, at, 'slow', '--node', node, '-n');
  const { ExtraData } = await line.unit(at, unit, isTalking);
  const there = ExtraData?.RemoteUnitID ?? '';

  const cancelled = await client.ask(line, at, 'work', 'cancel', unit);
  const state = await line.unit(at, unit, ({ StateName }) => StateName !== 'Running');
  await line.unit(node, there, ({ StateName }) => StateName === 'Canceled');
  const released = await client.ask(line, at, 'work', 'release', unit);
  await Promise.all([line.gone(at, unit), line.gone(node, there)]);

  assert.deepEqual([at, cancelled.code, cancelled.out], [at, 0, client.said('cancelled', unit)]);
  assert.equal(state.StateName, 'Canceled');
  assert.deepEqual([at, released.code, released.out], [at, 0, client.said('released', unit)]);
}

for (const { name, makes, ways } of PLACES) {
  describe(`${REFERENCE.name} ${name} of three, the others ours`, () => {
    const shared = new Line({ after }, makes);
    const mesh = () => shared.up();

    it('has the same routes, costs and services in every status', REFERENCE.test, async () => {
      const line = await mesh();

      const statuses = await Promise.all(NAMES.map((at) => line.status(at)));

      const types = [...WORK_TYPES].sort().join(' ');
      for (const [index, at] of NAMES.entries()) {
        const status = statuses[index];
        assert.ok(status !== undefined);
        assert.deepEqual(known(status), { links: COSTS[at], RoutingTable: ROUTES[at], KnownConnectionCosts: COSTS });
        assert.deepEqual(
          offered(status),
          NAMES.map((node) => `${node} control 1 {"type":"Control Service"} ${types}`),
        );
      }
    });

    for (const client of [OURS, CTL]) {
      describe(client.name, () => {
        it('pings, traces and connects across', options(client), async () => {
          const line = await mesh();
          const pairs = NAMES.flatMap((from) => NAMES.map((to): Way => [from, to]));

          const pings = await Promise.all(
            pairs.map(([from, to]) => client.ask(line, from, 'ping', to, '--count', '1')),
          );
          const there = await client.ask(line, 'alpha', 'traceroute', 'gamma');
          const back = await client.ask(line, 'gamma', 'traceroute', 'alpha');

          for (const [index, [, to]] of pairs.entries()) {
            assert.match(pings[index]?.out ?? '', new RegExp(`^Reply from ${to} in \\S+\n$`));
          }
          assert.match(there.out, /^0: alpha in \S+\n1: beta in \S+\n2: gamma in \S+\n$/);
          assert.match(back.out, /^0: gamma in \S+\n1: beta in \S+\n2: alpha in \S+\n$/);
        });

        it('connects a terminal to a control service', options(client), async () => {
          const line = await mesh();

          for (const [from, to] of ways) {
            const session = client.connect(line, from, to, 'control');
            session.process.stdin?.write('{"command":"status","requested_fields":["NodeID"]}\n');
            // Not its greeting: receptorctl drops what comes together with the answer to its `connect`.
            await session.said(new RegExp(`\\{"NodeID":"${to}"\\}\r?\n`));
            await session.kill();
          }
        });

        it('has work done in every direction, and is told how it ended', options(client), async () => {
          const line = await mesh();

          await Promise.all(ways.map((way) => worksAndTells(client, line, way)));
        });

        it('cancels and releases work at both ends', options(client), async () => {
          const line = await mesh();

          await Promise.all(ways.map((way) => cancelsAndReleases(client, line, way)));
        });
      });
    }

    for (const [index, [at, node]] of ways.entries()) {
      const client = index % 2 === 0 || RECEPTORCTL.file === '' ? OURS : CTL;
      it(`brings 50 MB from ${at} to ${node} and back unchanged, by ${client.name}`, REFERENCE.test, async () => {
        const line = await mesh();
        const [sent, got] = [line.place.path(`in-${at}-${node}`), line.place.path(`out-${at}-${node}`)];
        const digest = await bigFile(sent);

        const unit = await submit(client, line, at, 'cat', '--node', node, '--payload', sent);
        const { code, err } = await client.askInto(got, line, at, 'work', 'results', unit);

        assert.equal(code, 0, err);
        assert.equal(await digestOf(got), digest);
      });
    }
  });
}
