import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MeshNode } from '../../actors/mesh-node.js';
import { compilePattern } from '../../actors/pattern.js';
import { type CompiledFirewall, compileFirewall } from '../../protocol/firewall.js';
import type { ServiceName } from '../../protocol/names.js';
import type { Session } from '../../runtime/ports.js';
import { MeshWorld } from '../support/mesh-world.js';

function rulesOf(list: readonly object[]): (CompiledFirewall & { readonly ok: true })['rules'] {
  const compiled = compileFirewall(list, compilePattern);
  assert.ok(compiled.ok);
  return compiled.rules;
}

/** A line of three, whose routes are known, with rules on some of its nodes. */
async function lineWith(rules: Readonly<Record<string, readonly object[]>>): Promise<MeshWorld> {
  const links = [
    [0, 1],
    [1, 2],
  ] as const;
  const more = (id: string) => ({ firewall: rulesOf(rules[id] ?? []) });
  const mesh = new MeshWorld({ seed: 'firewall', size: 3, links, more });
  await mesh.world.advance(30_000);
  return mesh;
}

/** What a dial comes to, and after how long. */
async function dialled(mesh: MeshWorld, from: MeshNode, to: MeshNode): Promise<readonly [end: string, ms: number]> {
  const startMs = mesh.world.nowMs;
  const target = { node: to.id, service: 'svc' as ServiceName };
  const end = new Promise<string>((resolve) => {
    from.ports.streams.dial(target, {
      opened: (session: Session) => {
        session.abort();
        resolve('opened');
      },
      failed: ({ code, text }) => resolve(`${code}: ${text}`),
    });
  });
  return [await mesh.world.wait(end, 60_000), mesh.world.nowMs - startMs];
}

function listen(node: MeshNode): void {
  const place = { service: 'svc' as ServiceName, connType: 1, tags: {}, advertise: false };
  const ignore = (): undefined => undefined;
  node.ports.streams.listen(place, { opened: ignore, accepted: (session) => session.abort(), failed: ignore });
}

const PING = { toservice: 'ping' };

describe('a mesh with firewalls', () => {
  for (const at of ['n0', 'n1', 'n2']) {
    it(`tells who pings that ${at} rejects it, at once`, async () => {
      const mesh = await lineWith({ [at]: [{ action: 'reject', ...PING, tonode: 'n2' }] });
      const startMs = mesh.world.nowMs;

      const found = await mesh.world.wait(mesh.node('n0').ping('n2'), 20_000);
      const other = await mesh.world.wait(mesh.node('n0').ping('n1'), 20_000);

      assert.deepEqual([found.problem, found.from], ['blocked by firewall', at]);
      assert.ok(mesh.world.nowMs - startMs < 1_000);
      assert.equal(other.problem, undefined);
      assert.deepEqual(mesh.alarms, []);
    });

    it(`leaves who pings in the dark where ${at} drops it`, async () => {
      const mesh = await lineWith({ [at]: [{ action: 'drop', ...PING, tonode: 'n2' }] });

      const found = await mesh.world.wait(mesh.node('n0').ping('n2'), 20_000);

      assert.equal(found.problem, 'timeout');
      assert.ok(mesh.node(at).ports.forwarder.counters.blocked > 0);
      assert.deepEqual(mesh.alarms, []);
    });

    it(`ends a dial at once where ${at} rejects it`, async () => {
      const mesh = await lineWith({ [at]: [{ action: 'reject', toservice: '/sv.*/' }] });
      listen(mesh.node('n2'));
      await mesh.world.advance(1_000);

      const [end, ms] = await dialled(mesh, mesh.node('n0'), mesh.node('n2'));

      assert.equal(end, 'blocked: blocked by firewall');
      assert.ok(ms < 1_000, `${ms}`);
      assert.deepEqual(mesh.alarms, []);
    });
  }

  it('filters in transit by who sends, and leaves the others alone', async () => {
    const mesh = await lineWith({ n1: [{ action: 'reject', fromnode: '/n[0-1]/', tonode: 'n2', toservice: 'svc' }] });
    listen(mesh.node('n0'));
    listen(mesh.node('n2'));
    await mesh.world.advance(1_000);

    const [there] = await dialled(mesh, mesh.node('n0'), mesh.node('n2'));
    const [back] = await dialled(mesh, mesh.node('n2'), mesh.node('n0'));

    assert.equal(there, 'blocked: blocked by firewall');
    assert.equal(back, 'opened');
  });

  it('keeps its routes, whatever is dropped: routing is not filtered', async () => {
    const mesh = await lineWith({ n0: [{ action: 'drop' }], n1: [{ action: 'drop' }], n2: [{ action: 'drop' }] });
    await mesh.world.advance(120_000);

    const view = await mesh.world.wait(mesh.node('n0').view(), 5_000);

    assert.deepEqual(Array.from(view.routes).sort(), [
      ['n1', 'n1'],
      ['n2', 'n1'],
    ]);
  });
});
