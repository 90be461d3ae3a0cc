import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type CreateNodeOptions, createNode } from '../../../actors/create-node.js';
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

  const refused: readonly (readonly [options: CreateNodeOptions, text: RegExp])[] = [
    [{ id: 'a b' }, /node id can only contain/],
    [{ id: 'localhost' }, /reserved/],
    [{ id: 'a', controlServices: [{ service: 'much-too-long' }] }, /service name too long/],
    [{ id: 'a', controlServices: [{}] }, /no listeners specified/],
    [{ id: 'a', controlServices: [{ sockets: [] }] }, /no listeners specified/],
    [{ id: 'a', peers: [{ ...PEER, cost: 0 }] }, /connection cost must be positive/],
    [{ id: 'a', listeners: [{ ...PEER, cost: Number.POSITIVE_INFINITY }] }, /connection cost must be positive/],
  ];
  for (const [options, text] of refused) {
    it(`is not made where it could not be right: ${text.source}`, async () => {
      await assert.rejects(createNode(options), (thrown) => {
        assert.ok(thrown instanceof MeshError);
        assert.equal(thrown.code, 'invalid-configuration');
        assert.match(thrown.message, text);
        return true;
      });
    });
  }
});
