import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, describe } from '../errors.js';
import { type AppendFile, FileError, type FileFaultCode, type FilePort, type ReadFile } from '../file-port.js';
import { watchFolder } from './folder-watch.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What is being written before it takes the name of the old content. */
const NEW_SUFFIX = '.new';

const FAULT_CODES: ReadonlyMap<string, FileFaultCode> = new Map([
  ['ENOENT', 'not-found'],
  ['ENOTDIR', 'not-found'],
  ['EEXIST', 'exists'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
]);

/** The files of this machine. */
export const systemFiles: FilePort = {
  makeFolder: (path) =>
    named(path, async () => {
      await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    }),
  makeNewFolder: (path) => named(path, () => mkdir(path, { mode: FOLDER_MODE })),
  folders,
  read,
  openRead: (path) =>
    named(path, async () => {
      const handle = await open(path, constants.O_RDONLY | constants.O_NOCTTY);
      return new SystemReadFile(handle, path);
    }),
  openAppend: (path) => named(path, () => openAppend(path)),
  create: (path, bytes) => named(path, () => write(path, 'wx', bytes)),
  replace: (path, bytes) => named(path, () => replace(path, bytes)),
  sizeOf,
  watch: watchFolder,
  remove: (path) => named(path, () => rm(path, { recursive: true, force: true })),
};

async function folders(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    return orElse(path, error, []);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    return orElse(path, error, undefined);
  }
}

function read(path: string, bytesMax: number): Promise<Uint8Array> {
  return named(path, async () => {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOCTTY);
    try {
      return await readUpTo(handle, path, bytesMax);
    } finally {
      await handle.close();
    }
  });
}

/** One byte more than what was announced is asked for: the file may have grown, or lie about its size. */
async function readUpTo(handle: FileHandle, path: string, bytesMax: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(bytesMax, (await handle.stat()).size) + 1);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0) {
      return bytes.subarray(0, filled);
    }
    if (filled > bytesMax) {
      throw new FileError('too-large', path, `${path} has more than ${bytesMax} bytes`);
    }
    if (filled === bytes.length) {
      const larger = new Uint8Array(Math.min(bytesMax + 1, 2 * bytes.length));
      larger.set(bytes);
      bytes = larger;
    }
  }
}

async function openAppend(path: string): Promise<AppendFile> {
  const handle = await open(path, 'a', FILE_MODE);
  try {
    return new SystemAppendFile(handle, path, (await handle.stat()).size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = path + NEW_SUFFIX;
  await write(fresh, 'w', bytes);
  await rename(fresh, path);
  // The name is in the folder: without this the old content may be back after a power cut.
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function write(path: string, flags: 'w' | 'wx', bytes: Uint8Array): Promise<void> {
  const handle = await open(path, flags, FILE_MODE);
  try {
    await writeAll(handle, bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The system may take less than it is given, when the disk is nearly full. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}

class SystemReadFile implements ReadFile {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  async readAt(position: number, target: Uint8Array): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(target, 0, target.length, position);
      return bytesRead;
    } catch (error) {
      throw faultFrom(this.#path, error);
    }
  }

  close(): Promise<void> {
    return named(this.#path, () => this.#handle.close());
  }
}

class SystemAppendFile implements AppendFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  #size: number;

  constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): Promise<void> {
    return named(this.#path, async () => {
      await writeAll(this.#handle, bytes);
      this.#size += bytes.length;
    });
  }

  sync(): Promise<void> {
    return named(this.#path, () => this.#handle.datasync());
  }

  close(): Promise<void> {
    return named(this.#path, () => this.#handle.close());
  }
}

/** Does it, and turns what the system says into a fault with a code of ours. */
async function named<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw faultFrom(path, error);
  }
}

/** `fallback` for what is not there; any other fault is thrown. */
function orElse<T>(path: string, error: unknown, fallback: T): T {
  const fault = faultFrom(path, error);
  if (fault.code === 'not-found') {
    return fallback;
  }
  throw fault;
}

function faultFrom(path: string, error: unknown): FileError {
  if (error instanceof FileError) {
    return error;
  }
  const systemCode = codeOf(error);
  return new FileError(FAULT_CODES.get(systemCode) ?? 'failed', path, describe(error), systemCode);
}
