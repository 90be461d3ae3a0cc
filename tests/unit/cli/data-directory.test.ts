import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../cli/config/config-error.js';
import { preparePlannedDirectory } from '../../../cli/data-directory.js';
import { FileError, type FilePort } from '../../../runtime/file-port.js';
import { systemFiles } from '../../../runtime/io/files.js';
import { plan } from './config/plan-of.js';

/** Files of which only folders and one kind of fault exist. */
function files(fault?: FileError, existing: readonly string[] = ['/']) {
  const folders = new Set(existing);
  const acts: string[] = [];
  const port: FilePort = {
    ...systemFiles,
    makeNewFolder: (path) => {
      const parent = path.slice(0, path.lastIndexOf('/')) || '/';
      if (!folders.has(parent)) {
        return Promise.reject(new FileError('not-found', path, 'not found', 'ENOENT'));
      }
      if (folders.has(path)) {
        return Promise.reject(new FileError('exists', path, 'exists', 'EEXIST'));
      }
      folders.add(path);
      acts.push(`folder ${path}`);
      return Promise.resolve();
    },
    create: (path) => {
      acts.push(`create ${path}`);
      return fault === undefined ? Promise.resolve() : Promise.reject(fault);
    },
    remove: (path) => {
      acts.push(`remove ${path}`);
      return Promise.resolve();
    },
  };
  return { port, acts };
}

const NODE = ['--node', 'id=a', 'datadir=/data'];

async function refusal(fault: FileError): Promise<string> {
  try {
    await preparePlannedDirectory(await plan(...NODE), files(fault).port);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

describe('the data directory', () => {
  it('is made, and tried by a file that does not stay', async () => {
    const { port, acts } = files();

    await preparePlannedDirectory(await plan(...NODE), port);

    assert.deepEqual(acts, [
      ...['folder /data', 'folder /data/a'],
      ...['remove /data/a/.write-test', 'create /data/a/.write-test', 'remove /data/a/.write-test'],
    ]);
  });

  it('may be there already', async () => {
    const { port, acts } = files(undefined, ['/', '/data', '/data/a']);

    await preparePlannedDirectory(await plan(...NODE), port);

    assert.equal(
      acts.some((act) => act.startsWith('folder')),
      false,
    );
  });

  it('never tries for ever where no folder can be made', async () => {
    const { port } = files(undefined, []);

    await assert.rejects(preparePlannedDirectory(await plan(...NODE), port), /cannot be used: it cannot be made/);
  });

  const cases: readonly (readonly [fault: FileError, reason: string, cure: string])[] = [
    [
      new FileError('denied', 'x', 'x', 'EACCES'),
      'permission denied',
      'choose a directory that this user may write to',
    ],
    [
      new FileError('denied', 'x', 'x', 'EROFS'),
      'read-only file system',
      'choose a directory that this user may write to',
    ],
    [new FileError('full', 'x', 'x', 'ENOSPC'), 'no space left on device', 'make room, or choose another disk'],
    [new FileError('failed', 'x', 'something odd', 'EODD'), 'something odd', 'choose a directory'],
  ];
  for (const [fault, reason, cure] of cases) {
    it(`cannot be used: ${reason}`, async () => {
      const line = await refusal(fault);

      assert.ok(
        line.startsWith(
          `Error: the data directory /data/a cannot be used: ${reason} (at argument 3, --node, datadir; ${cure}`,
        ),
        line,
      );
    });
  }
});
