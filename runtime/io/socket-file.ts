import { chmodSync, lstatSync, rmSync, statSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import process from 'node:process';

/** The longest path of a socket file, less the zero that ends it (Linux `sun_path`); a longer one would be cut off. */
const PATH_BYTES_MAX = 107;

/** How long a living owner of a socket file may take to say so. */
const PROBE_MS = 1_000;

/** Who asks for a socket file. */
export interface SocketFileWish {
  readonly path: string;
  /** Its mode, such as 0o600. */
  readonly mode: number;
  /** False once nobody wants it any more: then nothing is bound. */
  isWanted(): boolean;
}

/** Why a path can be no socket file at all; `undefined` when it can. */
export function socketPathFault(path: string): NodeJS.ErrnoException | undefined {
  if (path === '' || path.includes('\0')) {
    return fault('address-invalid', `${JSON.stringify(path)} is no path of a socket file`);
  }
  const bytes = Buffer.byteLength(path);
  return bytes > PATH_BYTES_MAX
    ? fault('ENAMETOOLONG', `the path of a socket file has at most ${PATH_BYTES_MAX} bytes, ${path} has ${bytes}`)
    : undefined;
}

/**
 * Lets a server listen on a socket file. One that nobody answers on is left over from a killed node and is removed; one
 * that is answered on is in use; anything that is no socket is not touched. What is in the way is an `error` of the
 * server, never at once.
 */
export function listenOnSocketFile(server: Server, wish: SocketFileWish): void {
  const { path } = wish;
  const fail = (error: unknown): void => {
    queueMicrotask(() => server.emit('error', error));
  };
  const found = lookAt(path);
  switch (found.type) {
    case 'nothing':
      bind(server, wish, fail);
      break;
    case 'socket':
      probe(path, (isLeftOver) => {
        if (!wish.isWanted()) {
          return;
        }
        if (isLeftOver) {
          takeOver(server, wish, fail);
        } else {
          fail(fault('EADDRINUSE', `${path} is in use by another process`));
        }
      });
      break;
    case 'fault':
      fail(found.error);
      break;
    default:
      found satisfies never;
  }
}

type Found =
  | { readonly type: 'nothing' }
  | { readonly type: 'socket' }
  | { readonly type: 'fault'; readonly error: unknown };

/** What is at the path. The system's own answer to a missing folder is a wrong one ("permission denied"). */
function lookAt(path: string): Found {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isSocket() === true) {
      return { type: 'socket' };
    }
    if (stats !== undefined) {
      const text = `${path} exists and is not a socket; choose another file name or remove it`;
      return { type: 'fault', error: fault('EEXIST', text) };
    }
    const folder = statSync(dirname(path), { throwIfNoEntry: false });
    if (folder === undefined) {
      return { type: 'fault', error: fault('ENOENT', `there is no directory ${dirname(path)}`) };
    }
    return { type: 'nothing' };
  } catch (error) {
    return { type: 'fault', error };
  }
}

function takeOver(server: Server, wish: SocketFileWish, fail: (error: unknown) => void): void {
  try {
    rmSync(wish.path, { force: true });
  } catch (error) {
    fail(error);
    return;
  }
  bind(server, wish, fail);
}

function bind(server: Server, { path, mode }: SocketFileWish, fail: (error: unknown) => void): void {
  // The file must never be wider than asked for, not even between bind and chmod.
  const before = process.umask(0o777 & ~mode);
  try {
    server.listen({ path });
    // A server that could not be bound is not listening, and says so itself.
    if (server.listening) {
      chmodSync(path, mode);
    }
  } catch (error) {
    fail(error);
  } finally {
    process.umask(before);
  }
}

/** Only a refusal says that nobody is there: an owner that is busy, or another user's, answers otherwise or not at all. */
function probe(path: string, answer: (isLeftOver: boolean) => void): void {
  const socket = connect({ path });
  const end = (isLeftOver: boolean): void => {
    clearTimeout(timer);
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.destroy();
    answer(isLeftOver);
  };
  const timer = setTimeout(() => end(false), PROBE_MS);
  socket.once('connect', () => end(false));
  socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' || error.code === 'ENOENT'));
}

function fault(code: string, text: string): NodeJS.ErrnoException {
  return Object.assign(new Error(text), { code });
}
