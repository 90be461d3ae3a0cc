import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ClientError } from '../../../../cli/client/client-error.js';
import { openPayload, type PayloadChoice } from '../../../../cli/client/payload-source.js';
import { ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

function host(): FakeHost {
  return new FakeHost(new ScriptedNode(() => undefined));
}

async function read(choice: Partial<PayloadChoice>, from = host()) {
  const source = await openPayload({ none: false, ...choice }, from);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.chunks()) {
    chunks.push(chunk);
  }
  return { size: source.size, bytes: Buffer.concat(chunks) };
}

describe('the input of a unit', () => {
  it('may be nothing', async () => {
    assert.deepEqual(await read({ none: true }), { size: 0, bytes: Buffer.alloc(0) });
  });

  it('may be a text, with a newline behind it', async () => {
    assert.deepEqual(await read({ literal: 'hé' }), { size: 4, bytes: Buffer.from('hé\n') });
  });

  it('may be standard input, whose size nobody knows', async () => {
    const from = host();
    from.stdin.pieces = ['ab', 'c'];

    assert.deepEqual(await read({ file: '-' }, from), { size: undefined, bytes: Buffer.from('abc') });
  });

  it('may be a file of any size', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'payload-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const content = Buffer.alloc(700_000, 'x');
    writeFileSync(join(folder, 'a'), content);

    const { size, bytes } = await read({ file: join(folder, 'a') });

    assert.equal(size, content.length);
    assert.ok(bytes.equals(content));
  });

  it('is one of these, and only one', async () => {
    for (const choice of [{}, { none: true, literal: 'x' }, { file: 'x', literal: 'y' }]) {
      await assert.rejects(read(choice), (thrown) => thrown instanceof ClientError && thrown.exitCode === 2);
    }
  });

  it('is no file that cannot be read, and no directory', async () => {
    for (const file of ['/does/not/exist', tmpdir()]) {
      await assert.rejects(read({ file }), /the payload cannot be read/);
    }
  });
});
