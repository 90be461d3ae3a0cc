/** The closed set of things that can be wrong with a file. */
export type FileFaultCode =
  | 'not-found'
  | 'exists'
  /** The operating system does not let us. */
  | 'denied'
  /** No room on the disk, or in the quota. */
  | 'full'
  /** More bytes than the caller reads. */
  | 'too-large'
  | 'failed';

/** Why something could not be done with a file. `systemCode` is the operating system's own word, where it has one. */
export class FileError extends Error {
  readonly code: FileFaultCode;
  readonly path: string;
  readonly systemCode: string | undefined;

  constructor(code: FileFaultCode, path: string, text: string, systemCode?: string) {
    super(text);
    this.name = 'FileError';
    this.code = code;
    this.path = path;
    this.systemCode = systemCode;
  }
}

/** A file that is read at any place. Reads may overlap; close it once. */
export interface ReadFile {
  /** Fills `target` from byte `position` on; returns how many bytes there were, 0 at the end of the file. */
  readAt(position: number, target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** A file that grows at its end. One call at a time. */
export interface AppendFile {
  /** Bytes when it was opened, and what was appended since. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** What was appended survives a power cut from now on. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FolderWatch {
  close(): void;
}

/**
 * The files of this machine. Paths are absolute, with `/` between names. Folders are made for the owner alone (0700),
 * files too (0600). A promise that cannot keep its word rejects with a `FileError`.
 */
export interface FilePort {
  /** Makes the folder and those above it; one that is there already will do. */
  makeFolder(path: string): Promise<void>;
  /** Makes the folder; rejects with `exists` when the name is taken. */
  makeNewFolder(path: string): Promise<void>;
  /** The names of the folders in a folder, in no order; none when it is not there. */
  folders(path: string): Promise<readonly string[]>;
  /** The whole file; rejects with `too-large` when it has more than `bytesMax`. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  openRead(path: string): Promise<ReadFile>;
  /** Makes the file where it is missing. */
  openAppend(path: string): Promise<AppendFile>;
  /** A new file with these bytes; rejects with `exists` when there is one. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * The old content or the new one, never a mixture, whatever happens meanwhile; the new one survives a power cut once
   * the promise has settled. One caller at a time for each path.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Bytes of a file; `undefined` when it is not there. */
  sizeOf(path: string): Promise<number | undefined>;
  /**
   * Calls `changed` soon after a file in the folder was made, renamed or written to. May call when nothing was, several
   * changes may come as one call, and it calls every few seconds in any case: events can be lost.
   */
  watch(folder: string, changed: () => void): FolderWatch;
  /** Removes a file, or a folder with all that is in it; what is not there is removed already. */
  remove(path: string): Promise<void>;
}

/** The folder that a path is in; `undefined` for the topmost, and for a path without `/`. */
export function parentPath(path: string): string | undefined {
  const whole = path.replace(/\/+$/, '');
  const cut = whole.lastIndexOf('/');
  if (whole === '' || cut < 0) {
    return undefined;
  }
  return cut === 0 ? '/' : whole.slice(0, cut);
}

/** The folder and the name in it. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
