import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import process, { getuid } from 'node:process';
import { describe, it, type TestContext } from 'node:test';
import { listenOnSocketFile, socketPathFault } from '../../../../runtime/io/socket-file.js';
import { realStage, until } from './real-stage.js';

/** A server that wants a socket file, and what it said. */
class Wish {
  readonly server = createServer();
  readonly news: string[] = [];
  readonly path: string;
  isWanted = true;
  readonly #remove: () => void;

  constructor(t: TestContext, path: string, mode = 0o600) {
    t.after(() => this.close());
    this.path = path;
    this.server.on('listening', () => this.news.push('listening'));
    this.server.on('error', (error: NodeJS.ErrnoException) => this.news.push(`${error.code}`));
    this.#remove = listenOnSocketFile(this.server, { path, mode, isWanted: () => this.isWanted });
    assert.deepEqual(this.news, [], 'nothing is said at once');
  }

  /** As a place does it. */
  close(): void {
    this.#remove();
    this.server.close();
  }

  async outcome(): Promise<readonly string[]> {
    await until(() => this.news.length > 0);
    return this.news;
  }
}

async function folderOf(t: TestContext): Promise<string> {
  const { root, dispose } = await realStage();
  t.after(dispose);
  return root;
}

/** Somebody who listens at a path. */
async function ownerOf(t: TestContext, path: string, backlog?: number): Promise<Server> {
  const owner = createServer((socket) => socket.destroy());
  owner.listen(backlog === undefined ? { path } : { path, backlog });
  t.after(() => owner.close());
  await once(owner, 'listening');
  return owner;
}

/** A socket file that nobody listens at, as a killed node leaves it. */
async function leftOver(t: TestContext, path: string): Promise<void> {
  const owner = await ownerOf(t, `${path}.was`);
  renameSync(`${path}.was`, path);
  owner.close();
  await once(owner, 'close');
}

describe('a socket file', () => {
  for (const mode of [0o600, 0o660, 0o666, 0o000]) {
    it(`has the mode that was asked for: ${mode.toString(8)}`, async (t) => {
      const path = join(await folderOf(t), 'socket');
      const before = process.umask();
      const wish = new Wish(t, path, mode);

      assert.equal(process.umask(), before);
      assert.deepEqual(await wish.outcome(), ['listening']);
      assert.equal(lstatSync(path).mode & 0o777, mode);
    });
  }

  it('goes away with its server', async (t) => {
    const path = join(await folderOf(t), 'socket');
    const wish = new Wish(t, path);
    await wish.outcome();

    wish.close();

    assert.equal(existsSync(path), false);
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

  it('is taken by one of those that find it left over at the same time', async (t) => {
    const path = join(await folderOf(t), 'socket');
    await leftOver(t, path);

    const wishes = [1, 2, 3, 4].map(() => new Wish(t, path));
    const outcomes = await Promise.all(wishes.map((wish) => wish.outcome()));

    assert.deepEqual(outcomes.flat().sort(), ['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE', 'listening']);
    const { ino } = lstatSync(path);
    for (const wish of wishes.filter(({ news }) => news[0] === 'EADDRINUSE')) {
      wish.close();
    }
    assert.equal(lstatSync(path).ino, ino);
  });

  it('may be called by a number, in the folder where one is', async (t) => {
    const folder = await folderOf(t);
    const before = process.cwd();
    process.chdir(folder);
    t.after(() => process.chdir(before));

    for (const name of ['529754656', '1e3', '7']) {
      assert.deepEqual(await new Wish(t, name).outcome(), ['listening'], name);
      assert.equal(lstatSync(join(folder, name)).isSocket(), true);
    }
  });

  it('can be had again by another server at once', async (t) => {
    const path = join(await folderOf(t), 'socket');
    const first = new Wish(t, path);
    await first.outcome();

    first.close();

    assert.deepEqual(await new Wish(t, path).outcome(), ['listening']);
  });

  it('that somebody else has put in its place is not removed', async (t) => {
    const path = join(await folderOf(t), 'socket');
    const wish = new Wish(t, path);
    await wish.outcome();
    await leftOver(t, path);

    wish.close();

    assert.equal(existsSync(path), true);
  });

  it('that is left over from somebody who is gone is taken over', async (t) => {
    const path = join(await folderOf(t), 'socket');
    await leftOver(t, path);

    const wish = new Wish(t, path);
    assert.deepEqual(await wish.outcome(), ['listening']);
    wish.server.on('connection', (socket) => socket.end('the new one'));
    const [answer] = await once(connect({ path }), 'data');

    assert.equal(`${answer}`, 'the new one');
  });

  it('that is left over is not touched once nobody wants it any more', async (t) => {
    const path = join(await folderOf(t), 'socket');
    await leftOver(t, path);
    const { ino } = lstatSync(path);
    const given = new Wish(t, path);
    given.isWanted = false;
    // The other one, which was asked later, has its answer later too.
    const owner = await ownerOf(t, `${path}.other`);
    assert.deepEqual(await new Wish(t, `${path}.other`).outcome(), ['EADDRINUSE']);

    assert.deepEqual([given.news, lstatSync(path).ino], [[], ino]);
    assert.equal(owner.listening, true);
  });

  it('that somebody answers on is in use', async (t) => {
    const path = join(await folderOf(t), 'socket');
    await ownerOf(t, path);

    assert.deepEqual(await new Wish(t, path).outcome(), ['EADDRINUSE']);
    assert.equal(existsSync(path), true);
  });

  it('whose owner is too busy to answer is in use too', async (t) => {
    const path = join(await folderOf(t), 'socket');
    await ownerOf(t, path, 1);
    const answers: string[] = [];
    // More at once than the owner lets wait: the system answers the others by itself.
    for (let at = 0; at < 5; at += 1) {
      const client = connect({ path });
      client.on('connect', () => answers.push('connected'));
      client.on('error', (error: NodeJS.ErrnoException) => answers.push(`${error.code}`));
      t.after(() => client.destroy());
    }
    const wish = new Wish(t, path);

    assert.deepEqual(await wish.outcome(), ['EADDRINUSE']);
    await until(() => answers.length === 5);
    assert.ok(answers.includes('EAGAIN'), `the owner was not too busy: ${answers}`);
    assert.equal(existsSync(path), true);
  });

  it('that another user may not touch is left alone', {
    skip: getuid?.() === 0 ? 'root may touch everything' : false,
  }, async (t) => {
    const path = join(await folderOf(t), 'socket');
    await ownerOf(t, path);
    chmodSync(path, 0);

    assert.deepEqual(await new Wish(t, path).outcome(), ['EADDRINUSE']);
  });
});

describe('what is no socket file', () => {
  it('is not touched', async (t) => {
    const folder = await folderOf(t);
    writeFileSync(join(folder, 'file'), 'content');
    mkdirSync(join(folder, 'folder'));
    symlinkSync('file', join(folder, 'link'));

    for (const name of ['file', 'folder', 'link']) {
      assert.deepEqual(await new Wish(t, join(folder, name)).outcome(), ['EEXIST'], name);
    }
    assert.equal(readFileSync(join(folder, 'link'), 'utf8'), 'content');
  });

  it('is said once where there is no such directory, and which error it is', async (t) => {
    const folder = await folderOf(t);
    writeFileSync(join(folder, 'file'), '');
    const before = process.umask();
    const [none, file] = [new Wish(t, join(folder, 'none', 'socket')), new Wish(t, join(folder, 'file', 'socket'))];
    // Whatever else would be said of the two is said before this.
    await new Wish(t, join(folder, 'socket')).outcome();

    assert.deepEqual(none.news, ['ENOENT']);
    assert.deepEqual(file.news, ['ENOTDIR']);
    assert.equal(process.umask(), before);
  });

  it('is said of a directory that may not be written to', {
    skip: getuid?.() === 0 ? 'root may write everywhere' : false,
  }, async (t) => {
    const folder = await folderOf(t);
    mkdirSync(join(folder, 'locked'), { mode: 0o500 });

    assert.deepEqual(await new Wish(t, join(folder, 'locked', 'socket')).outcome(), ['EACCES']);
  });
});

describe('the path of a socket file', () => {
  it('has one to 107 bytes, and no zero', () => {
    const code = (path: string): string | undefined => socketPathFault(path)?.code;

    assert.equal(code('a'), undefined);
    assert.equal(code('a'.repeat(107)), undefined);
    assert.equal(code('a'.repeat(108)), 'ENAMETOOLONG');
    assert.equal(code('ü'.repeat(54)), 'ENAMETOOLONG');
    assert.equal(code(''), 'address-invalid');
    assert.equal(code('a\0b'), 'address-invalid');
  });

  it('of 107 bytes is used whole', async (t) => {
    const folder = await folderOf(t);
    const path = join(folder, 'x'.repeat(106 - folder.length));
    assert.equal(path.length, 107);

    assert.deepEqual(await new Wish(t, path).outcome(), ['listening']);
    assert.equal(lstatSync(path).isSocket(), true);
  });
});
