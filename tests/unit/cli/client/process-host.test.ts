import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { processHost } from '../../../../cli/client/process-host.js';
import { FileError } from '../../../../runtime/file-port.js';

const folder = mkdtempSync(join(tmpdir(), 'process-host-'));
after(() => rmSync(folder, { recursive: true }));

describe('the process of a client', () => {
  const host = processHost();

  it('writes a file anew, or goes on with it', async () => {
    const path = join(folder, 'out');
    writeFileSync(path, 'something old');

    const anew = await host.openOutput(path, { append: false });
    await anew.write('abc');
    await anew.close();
    const more = await host.openOutput(path, { append: true });
    await more.write(Buffer.from('def'));
    await more.close();

    assert.deepEqual([anew.sizeBefore, more.sizeBefore], [0, 3]);
    assert.equal(readFileSync(path, 'utf8'), 'abcdef');
  });

  it('says with a code why a file cannot be written', async () => {
    await assert.rejects(
      host.openOutput(join(folder, 'no', 'such', 'file'), { append: false }),
      (thrown) => thrown instanceof FileError && thrown.code === 'not-found',
    );
    await assert.rejects(
      host.openOutput(folder, { append: false }),
      (thrown) => thrown instanceof FileError && thrown.systemCode === 'EISDIR',
    );
  });

  it('hears Ctrl-C while it is asked to, and no longer', () => {
    const before = process.listenerCount('SIGINT');

    const unhear = host.onInterrupt(() => undefined);
    assert.equal(process.listenerCount('SIGINT'), before + 1);
    unhear();

    assert.equal(process.listenerCount('SIGINT'), before);
  });

  it('does not make anything raw that is no terminal', () => {
    if (!host.stdin.isTerminal) {
      assert.doesNotThrow(host.stdin.makeRaw());
    }
    assert.equal(typeof host.stdin.isTerminal, 'boolean');
  });
});
