import assert from 'node:assert/strict';
import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { dialUnix, listenUnix } from '../../../../runtime/io/unix-sockets.js';
import type { Session } from '../../../../runtime/ports.js';
import { realStage, until } from './real-stage.js';

async function stage(t: TestContext) {
  const { root, dispose } = await realStage();
  t.after(dispose);
  const news: string[] = [];
  const sessions: Session[] = [];
  t.after(() => {
    for (const session of sessions) {
      session.abort();
    }
  });
  const handlerOf = (who: string) => ({
    opened: (opened: unknown) => {
      news.push(`${who} opened`);
      if (who === 'dial') {
        sessions.push(opened as Session); // a dial is told its session
      }
    },
    accepted: (session: Session) => void sessions.push(session),
    failed: ({ code }: { readonly code: string }) => void news.push(`${who} failed ${code}`),
  });
  return { path: join(root, 'socket'), news, sessions, handlerOf };
}

describe('sessions over socket files', () => {
  it('bear the path as the name of both ends', async (t) => {
    const { path, news, sessions, handlerOf } = await stage(t);
    const close = listenUnix(path, {}, handlerOf('place'));
    await until(() => news.length === 1);
    dialUnix(path, handlerOf('dial'));
    await until(() => sessions.length === 2);
    close(() => void news.push('done'));

    assert.deepEqual(news, ['place opened', 'dial opened', 'done']);
    assert.deepEqual(
      sessions.map(({ local, remote, kind }) => [local, remote, kind]),
      [
        [path, path, 'stream'],
        [path, path, 'stream'],
      ],
    );
  });

  it('have a file for the owner alone, unless another mode was asked for', async (t) => {
    const { path, news, handlerOf } = await stage(t);
    const closers = [
      listenUnix(path, {}, handlerOf('a')),
      listenUnix(`${path}-shared`, { mode: 0o666 }, handlerOf('b')),
    ];
    await until(() => news.length === 2);

    assert.deepEqual([lstatSync(path).mode & 0o777, lstatSync(`${path}-shared`).mode & 0o777], [0o600, 0o666]);
    for (const close of closers) {
      close(() => undefined);
    }
  });

  it('fail where there is no file, and where nobody listens', async (t) => {
    const { path, news, handlerOf } = await stage(t);
    dialUnix(path, handlerOf('missing'));
    await until(() => news.length === 1);
    writeFileSync(path, '');
    dialUnix(path, handlerOf('plain'));
    await until(() => news.length === 2);

    assert.deepEqual(news, ['missing failed ENOENT', 'plain failed ECONNREFUSED']);
  });

  it('that are given up are heard of no more', async (t) => {
    const { path, news, sessions, handlerOf } = await stage(t);
    dialUnix(path, handlerOf('given up'))();
    dialUnix(path, handlerOf('other'));
    await until(() => news.length > 0);

    assert.deepEqual([news, sessions], [['other failed ENOENT'], []]);
  });
});
