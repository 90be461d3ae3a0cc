import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { CreateNodeOptions } from '../../../actors/checked-options.js';
import { createNode } from '../../../actors/create-node.js';
import { MeshError } from '../../../actors/errors.js';

const dataDir = mkdtempSync(join(tmpdir(), 'create-node-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

const PEER = { address: { transport: 'tcp', host: 'nowhere.invalid', portNumber: 1 } } as const;

describe('a node in a program of one’s own', () => {
  it('is started when the promise settles, and stopped when asked', async () => {
    const node = await createNode({ id: 'alpha', dataDir, controlServices: [{ service: 'control' }] });

    assert.equal(node.id, 'alpha');
    assert.deepEqual([...(await node.view()).routes], []);
    assert.deepEqual(
      (await node.adverts()).map(({ service }) => `${service}`),
      ['control'],
    );

    await node.stop();
    assert.deepEqual(await node.ended, { type: 'stopped' });
  });

  const refused: readonly (readonly [field: string, options: CreateNodeOptions])[] = [
    ['id', { id: 'a b' }],
    ['controlServices[0]', { id: 'a', controlServices: [{}] }],
    ['listeners[0].address.portNumber', { id: 'a', listeners: [{ address: { ...PEER.address, portNumber: 99_999 } }] }],
    ['dataDir', { id: 'a', dataDir: '/dev/null/units' }],
  ];
  for (const [field, options] of refused) {
    it(`is refused at once where it could not be right, by ${field}`, async () => {
      await assert.rejects(createNode({ dataDir, ...options }), (thrown) => {
        assert.ok(thrown instanceof MeshError);
        assert.equal(thrown.code, 'invalid-configuration');
        assert.equal(thrown.data['field'], field);
        return true;
      });
    });
  }

  it('is refused with the reason where a part cannot be started, and nothing of it is left', async () => {
    const path = join(dataDir, 'missing', 'a.sock');
    const options = {
      id: 'alpha',
      dataDir,
      controlServices: [{ sockets: [{ address: { transport: 'unix', path } }] }],
    };

    await assert.rejects(createNode(options as CreateNodeOptions), (thrown) => {
      assert.ok(thrown instanceof MeshError);
      assert.equal(thrown.code, 'start-failed');
      assert.match(thrown.message, /^control-1: there is no directory /);
      return true;
    });
    await (await createNode({ id: 'alpha', dataDir })).stop();
  });
});
