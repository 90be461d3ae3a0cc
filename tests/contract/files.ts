import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileError, type FileFaultCode, type FilePort, joinPath } from '../../runtime/file-port.js';

/** One implementation of files under test, with a folder of its own. */
export interface FilesStage {
  readonly files: FilePort;
  readonly root: string;
  /** Waits for a promise, by letting time pass where time has to be moved. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Waits until it holds; fails when it does not within a few seconds. */
  until(holds: () => boolean): Promise<void>;
  /** Nothing of it is left. */
  dispose(): Promise<void>;
}

/** What every implementation of `FilePort` must do. */
export function filesContract(name: string, open: () => Promise<FilesStage>): void {
  const staged = (title: string, test: (stage: FilesStage) => Promise<void>): void => {
    it(title, async () => {
      const stage = await open();
      try {
        await test(stage);
      } finally {
        await stage.dispose();
      }
    });
  };
  describe(`${name}: folders`, () => folders(staged));
  describe(`${name}: whole files`, () => wholeFiles(staged));
  describe(`${name}: files that grow`, () => growingFiles(staged));
  describe(`${name}: watches`, () => watches(staged));
}

type Staged = (title: string, test: (stage: FilesStage) => Promise<void>) => void;

function folders(staged: Staged): void {
  staged('are made with those above them, and may be there already', async ({ files, root, wait }) => {
    const deep = joinPath(joinPath(root, 'a'), 'b');
    await wait(files.makeFolder(deep));
    await wait(files.makeFolder(deep));

    assert.deepEqual(await wait(files.folders(joinPath(root, 'a'))), ['b']);
  });

  staged('are new when they are asked to be', async ({ files, root, wait }) => {
    const folder = joinPath(root, 'new');
    await wait(files.makeNewFolder(folder));

    await fails(wait(files.makeNewFolder(folder)), 'exists');
    await fails(wait(files.makeNewFolder(joinPath(joinPath(root, 'nowhere'), 'new'))), 'not-found');
  });

  staged('are listed without files, and without what is in them', async ({ files, root, wait }) => {
    await wait(files.makeFolder(joinPath(joinPath(root, 'one'), 'inner')));
    await wait(files.makeFolder(joinPath(root, 'two')));
    await wait(files.create(joinPath(root, 'file'), bytes('x')));

    assert.deepEqual(Array.from(await wait(files.folders(root))).sort(), ['one', 'two']);
    assert.deepEqual(await wait(files.folders(joinPath(root, 'nowhere'))), []);
  });

  staged('are removed with everything in them, once or twice', async ({ files, root, wait }) => {
    const folder = joinPath(root, 'gone');
    await wait(files.makeFolder(joinPath(folder, 'inner')));
    await wait(files.create(joinPath(folder, 'file'), bytes('x')));

    await wait(files.remove(folder));
    await wait(files.remove(folder));

    assert.deepEqual(await wait(files.folders(root)), []);
    assert.equal(await wait(files.sizeOf(joinPath(folder, 'file'))), undefined);
  });
}

function wholeFiles(staged: Staged): void {
  staged('are made once', async ({ files, root, wait }) => {
    const path = joinPath(root, 'once');
    await wait(files.create(path, bytes('first')));

    await fails(wait(files.create(path, bytes('second'))), 'exists');
    assert.equal(text(await wait(files.read(path, 100))), 'first');
  });

  staged('are replaced, whether they were there or not', async ({ files, root, wait }) => {
    const path = joinPath(root, 'status');
    await wait(files.replace(path, bytes('a long first content')));
    await wait(files.replace(path, bytes('short')));

    assert.equal(text(await wait(files.read(path, 100))), 'short');
    assert.equal(await wait(files.sizeOf(path)), 5);
  });

  staged('are read up to a limit', async ({ files, root, wait }) => {
    const path = joinPath(root, 'limited');
    await wait(files.create(path, bytes('12345')));

    assert.equal(text(await wait(files.read(path, 5))), '12345');
    await fails(wait(files.read(path, 4)), 'too-large');
    await fails(wait(files.read(joinPath(root, 'nowhere'), 4)), 'not-found');
  });

  staged('may be empty', async ({ files, root, wait }) => {
    const path = joinPath(root, 'empty');
    await wait(files.create(path, bytes('')));

    assert.equal((await wait(files.read(path, 0))).length, 0);
    assert.equal(await wait(files.sizeOf(path)), 0);
  });
}

function growingFiles(staged: Staged): void {
  staged('are made when they are opened, and go on where they ended', async ({ files, root, wait }) => {
    const path = joinPath(root, 'log');
    const first = await wait(files.openAppend(path));
    assert.equal(first.size, 0);
    await wait(first.append(bytes('one ')));
    await wait(first.append(bytes('two ')));
    await wait(first.sync());
    assert.equal(first.size, 8);
    await wait(first.close());

    const second = await wait(files.openAppend(path));
    assert.equal(second.size, 8);
    await wait(second.append(bytes('three')));
    await wait(second.close());
    assert.equal(text(await wait(files.read(path, 100))), 'one two three');
  });

  staged('are read at any place while they grow', async ({ files, root, wait }) => {
    const path = joinPath(root, 'log');
    const writer = await wait(files.openAppend(path));
    await wait(writer.append(bytes('0123456789')));
    const reader = await wait(files.openRead(path));
    const target = new Uint8Array(4);

    assert.equal(await wait(reader.readAt(2, target)), 4);
    assert.equal(text(target), '2345');
    assert.equal(await wait(reader.readAt(8, target)), 2);
    assert.equal(text(target.subarray(0, 2)), '89');
    assert.equal(await wait(reader.readAt(10, target)), 0);
    await wait(writer.append(bytes('ab')));
    assert.equal(await wait(reader.readAt(10, target)), 2);
    await wait(reader.close());
    await wait(writer.close());
  });

  staged('can still be read by who has them open when they are removed', async ({ files, root, wait }) => {
    const path = joinPath(root, 'log');
    await wait(files.create(path, bytes('content')));
    const reader = await wait(files.openRead(path));

    await wait(files.remove(path));

    const target = new Uint8Array(7);
    assert.equal(await wait(reader.readAt(0, target)), 7);
    await wait(reader.close());
    await fails(wait(files.openRead(path)), 'not-found');
  });

  staged('take nothing more once they are closed', async ({ files, root, wait }) => {
    const writer = await wait(files.openAppend(joinPath(root, 'log')));
    await wait(writer.close());

    await fails(wait(writer.append(bytes('late'))), 'failed');
  });
}

function watches(staged: Staged): void {
  staged('tell of files that are made and that grow', async ({ files, root, wait, until }) => {
    let calls = 0;
    const watch = files.watch(root, () => {
      calls += 1;
    });
    const writer = await wait(files.openAppend(joinPath(root, 'log')));
    await until(() => calls > 0);

    calls = 0;
    await wait(writer.append(bytes('more')));
    await until(() => calls > 0);

    watch.close();
    await wait(writer.close());
  });

  staged('call now and then although nothing happens', async ({ files, root, until }) => {
    let calls = 0;
    const watch = files.watch(root, () => {
      calls += 1;
    });

    await until(() => calls > 0);
    watch.close();
  });

  staged('of folders that are not there do no harm', async ({ files, root, until }) => {
    let calls = 0;
    const watch = files.watch(joinPath(root, 'nowhere'), () => {
      calls += 1;
    });

    await until(() => calls > 0);
    watch.close();
  });

  staged('are silent once they are closed', async ({ files, root, wait, until }) => {
    let calls = 0;
    let others = 0;
    const closed = files.watch(root, () => {
      calls += 1;
    });
    const other = files.watch(root, () => {
      others += 1;
    });
    closed.close();
    closed.close();

    await wait(files.create(joinPath(root, 'file'), bytes('x')));
    await until(() => others > 0);

    assert.equal(calls, 0);
    other.close();
  });
}

async function fails(promise: Promise<unknown>, code: FileFaultCode): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof FileError, `${error}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}
