import { FileError } from '../file-port.js';

/** First room of a file's bytes; it doubles from there. */
const FIRST_ROOM = 64;

/** The bytes of a file, and how many of them are safe. */
export class FileContent {
  #bytes = new Uint8Array(FIRST_ROOM);
  #size = 0;
  #safeSize: number | undefined;

  get size(): number {
    return this.#size;
  }

  /** A view, valid until the file grows. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      larger.set(this.bytes());
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#size);
    this.#size = size;
  }

  sync(): void {
    this.#safeSize = this.#size;
  }

  /** False when nothing of the file has ever been safe. */
  losePower(): boolean {
    this.#size = this.#safeSize ?? 0;
    return this.#safeSize !== undefined;
  }
}

/** Folders and files by their paths. */
export class DiskContent {
  /** Hears the path of each file that changes. */
  onChange: (path: string) => void = () => undefined;
  readonly #folders = new Set<string>(['']);
  readonly #files = new Map<string, FileContent>();

  /** Paths of all files, sorted: for tests. */
  paths(): readonly string[] {
    return Array.from(this.#files.keys()).sort();
  }

  find(path: string): FileContent | undefined {
    return this.#files.get(path);
  }

  get(path: string): FileContent {
    const file = this.#files.get(path);
    if (file === undefined) {
      throw missing(path);
    }
    return file;
  }

  makeFolders(path: string): void {
    const names = path.split('/');
    names.forEach((_, at) => {
      this.#folders.add(names.slice(0, at + 1).join('/'));
    });
  }

  makeFolder(path: string): void {
    this.#checkNew(path);
    this.#folders.add(path);
    this.onChange(path);
  }

  folders(path: string): readonly string[] {
    const prefix = `${path}/`;
    const below = Array.from(this.#folders).filter((folder) => folder.startsWith(prefix));
    return below.map((folder) => folder.slice(prefix.length)).filter((name) => !name.includes('/'));
  }

  create(path: string, bytes: Uint8Array): FileContent {
    this.#checkNew(path);
    return this.#put(path, bytes);
  }

  replace(path: string, bytes: Uint8Array): void {
    this.#checkFolder(path);
    this.#put(path, bytes).sync();
  }

  /** The file, made where it is missing. */
  opened(path: string): FileContent {
    return this.#files.get(path) ?? this.create(path, new Uint8Array(0));
  }

  append(path: string, file: FileContent, bytes: Uint8Array): void {
    file.append(bytes);
    this.onChange(path);
  }

  remove(path: string): void {
    const prefix = `${path}/`;
    for (const known of [...this.#files.keys(), ...this.#folders]) {
      if (known === path || known.startsWith(prefix)) {
        this.#files.delete(known);
        this.#folders.delete(known);
      }
    }
    this.onChange(path);
  }

  losePower(): void {
    for (const [path, file] of this.#files) {
      if (!file.losePower()) {
        this.#files.delete(path);
      }
    }
  }

  #put(path: string, bytes: Uint8Array): FileContent {
    const file = new FileContent();
    file.append(bytes);
    this.#files.set(path, file);
    this.onChange(path);
    return file;
  }

  #checkNew(path: string): void {
    this.#checkFolder(path);
    if (this.#files.has(path) || this.#folders.has(path)) {
      throw new FileError('exists', path, `EEXIST: file already exists, '${path}'`, 'EEXIST');
    }
  }

  #checkFolder(path: string): void {
    if (!this.#folders.has(path.slice(0, path.lastIndexOf('/')))) {
      throw missing(path);
    }
  }
}

function missing(path: string): FileError {
  return new FileError('not-found', path, `ENOENT: no such file or directory, '${path}'`, 'ENOENT');
}
