import type { HostPorts } from '../../runtime/host-ports.js';

/** Where a client writes: standard output or standard error, or a file. */
export interface ByteOutput {
  /** True when a person looks at it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  /** Settles when there is room for more; rejects when nobody reads any more. */
  write(bytes: Uint8Array | string): Promise<void>;
}

/** Where a client reads: standard input. */
export interface ByteInput {
  readonly isTerminal: boolean;
  /** Pieces until the end. */
  chunks(): AsyncIterable<Uint8Array>;
  /** A terminal hands over each key as it comes, also Ctrl-C; returns what undoes that. */
  makeRaw(): () => void;
}

/** What a client needs of its process. */
export interface ClientHost {
  readonly outside: HostPorts;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: ByteInput;
  readonly stdout: ByteOutput;
  readonly stderr: ByteOutput;
  /** Opens a file to be written; `append` goes on at its end. Rejects with a `FileError`. */
  openOutput(path: string, options: { readonly append: boolean }): Promise<FileOutput>;
  /** Hears Ctrl-C instead of ending; returns what undoes that. */
  onInterrupt(heard: () => void): () => void;
}

export interface FileOutput extends ByteOutput {
  /** Bytes that were there when it was opened. */
  readonly sizeBefore: number;
  close(): Promise<void>;
}
