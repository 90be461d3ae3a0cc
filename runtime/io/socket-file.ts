import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

/** The longest path of a socket file, less the zero that ends it (Linux `sun_path`); a longer one would be cut off. */
const PATH_BYTES_MAX = 107;

/** How long a living owner of a socket file may take to say so. */
const PROBE_MS = 1_000;

/** Of the name under which a socket is bound before it is moved to its place. */
const PASSING_NAME_CHARACTERS = 12;
const PASSING_NAME_TRIES = 10;
const FIRST_LETTER = 0x61;
const LETTERS = 26;

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
 * Lets a server listen on a socket file. One that nobody answers on is left over from a killed node and is replaced; one
 * that is answered on is in use; anything that is no socket is not touched. What is in the way is an `error` of the
 * server, never at once. Returns what removes the file again, if it still is this server's; call it before the server
 * is closed.
 */
export function listenOnSocketFile(server: Server, wish: SocketFileWish): () => void {
  const { path } = wish;
  let remove = (): void => undefined;
  const fail = (error: unknown): void => {
    unlock();
    queueMicrotask(() => server.emit('error', error));
  };
  const take = (): void => {
    try {
      remove = bind(server, wish);
    } catch (error) {
      fail(error);
    }
  };
  // Two that start at once would both find the same file left over, and the second would take it from the first.
  const unlock = lockPath(path, (isOurs) => {
    if (!wish.isWanted()) {
      return;
    }
    const found = lookAt(path);
    if (!isOurs) {
      fail(inUse(path));
    } else if (found.type === 'fault') {
      fail(found.error);
    } else if (found.type === 'nothing') {
      take();
    } else {
      probe(path, (isLeftOver) => {
        if (wish.isWanted()) {
          (isLeftOver ? take : () => fail(inUse(path)))();
        }
      });
    }
  });
  return () => {
    remove();
    unlock();
  };
}

function inUse(path: string): NodeJS.ErrnoException {
  return fault('EADDRINUSE', `${path} is in use by another process`);
}

/**
 * One process at a time for a path, until it unlocks or is gone: on Linux by an abstract socket, which ends with its
 * process and leaves no file. Elsewhere nobody is kept away, and the probe alone decides.
 */
function lockPath(path: string, answer: (isOurs: boolean) => void): () => void {
  if (process.platform !== 'linux') {
    queueMicrotask(() => answer(true));
    return () => undefined;
  }
  const guard = createServer((socket) => socket.destroy());
  guard.unref();
  guard.once('error', () => answer(false));
  guard.listen({ path: lockName(path) }, () => answer(true));
  return () => guard.close();
}

/** The folder counts by what it is, not by how it is written. */
function lockName(path: string): string {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  const place = `${folder?.dev}:${folder?.ino}:${process.getuid?.()}:${basename(path)}`;
  return `\0socket-file/${createHash('sha256').update(place).digest('hex')}`;
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

/**
 * Binds under another name and moves the file to its place: what was left over is replaced in one step, and nobody finds
 * a file that is not ready. Returns what removes it.
 */
function bind(server: Server, { path, mode }: SocketFileWish): () => void {
  const passing = passingName(path);
  // The file must never be wider than asked for, not even between bind and chmod.
  const before = process.umask(0o777 & ~mode);
  try {
    server.listen({ path: passing });
  } finally {
    process.umask(before);
  }
  // A server that could not be bound is not listening, and says so itself.
  if (!server.listening) {
    return () => undefined;
  }
  chmodSync(passing, mode);
  renameSync(passing, path);
  const { dev, ino } = lstatSync(path);
  return () => {
    const now = lstatSync(path, { throwIfNoEntry: false });
    if (now?.dev === dev && now.ino === ino) {
      rmSync(path, { force: true });
    }
  };
}

/** A name of letters alone: Node takes one that reads as a number for a port. */
function lettersOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => FIRST_LETTER + (byte % LETTERS)));
}

/** In the same folder, and no longer than the name itself: a path that just fits must go on to fit. */
function passingName(path: string): string {
  const length = Math.min(PASSING_NAME_CHARACTERS, Buffer.byteLength(basename(path)));
  for (let tries = 0; ; tries += 1) {
    const name = join(dirname(path), lettersOf(randomBytes(length)));
    if (tries >= PASSING_NAME_TRIES || lstatSync(name, { throwIfNoEntry: false }) === undefined) {
      return name;
    }
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
