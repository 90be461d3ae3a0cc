import { type AppendFile, FileError, type ReadFile } from '../file-port.js';
import type { DiskContent, FileContent } from './disk-content.js';
import type { DiskFault } from './disk-fault.js';
import type { Station } from './station.js';

/** Does something on the disk for a program, in a moment; never for one that has died. */
export type Performer = <T>(station: Station, act: () => T) => Promise<T>;

/** The files that programs have open. A file that is removed lives on for those who have it open. */
export class OpenFiles {
  readonly #content: DiskContent;
  readonly #perform: Performer;
  readonly #open = new Map<number, string>();
  #next = 1;

  constructor(content: DiskContent, perform: Performer) {
    this.#content = content;
    this.#perform = perform;
  }

  paths(): readonly string[] {
    return Array.from(this.#open.values(), (path) => `file ${path}`);
  }

  clear(): void {
    this.#open.clear();
  }

  reader(station: Station, path: string): ReadFile {
    const file = this.#content.get(path);
    const key = this.#enter(path);
    return {
      readAt: (position, target) =>
        this.#perform(station, () => {
          this.#check(key, path);
          const found = file.bytes().subarray(position, position + target.length);
          target.set(found);
          return found.length;
        }),
      close: () => this.#close(station, key),
    };
  }

  appender(station: Station, path: string, fault: DiskFault): AppendFile {
    const file = this.#content.opened(path);
    const key = this.#enter(path);
    let { size } = file;
    return {
      get size() {
        return size;
      },
      append: (bytes) => {
        const copy = bytes.slice();
        return this.#perform(station, () => {
          this.#check(key, path);
          this.#append({ path, file }, copy, fault);
          size += copy.length;
        });
      },
      sync: () =>
        this.#perform(station, () => {
          this.#check(key, path);
          file.sync();
        }),
      close: () => this.#close(station, key),
    };
  }

  #append(target: { path: string; file: FileContent }, bytes: Uint8Array, fault: DiskFault): void {
    const code = fault('append', target.path);
    if (code !== undefined) {
      throw new FileError(code, target.path, `${code}: append '${target.path}'`);
    }
    this.#content.append(target.path, target.file, bytes);
  }

  #enter(path: string): number {
    const key = this.#next;
    this.#next += 1;
    this.#open.set(key, path);
    return key;
  }

  #check(key: number, path: string): void {
    if (!this.#open.has(key)) {
      throw new FileError('failed', path, `EBADF: bad file descriptor, '${path}'`, 'EBADF');
    }
  }

  #close(station: Station, key: number): Promise<void> {
    this.#open.delete(key);
    return this.#perform(station, () => undefined);
  }
}
