// The process of a client, as `ClientHost` wants it.
import { type FileHandle, open } from 'node:fs/promises';
import process from 'node:process';
import { codeOf, describe } from '../../runtime/errors.js';
import { FileError, type FileFaultCode } from '../../runtime/file-port.js';
import { systemPorts } from '../../runtime/io/system-ports.js';
import { EXIT } from '../exit-code.js';
import type { ByteInput, ByteOutput, ClientHost, FileOutput } from './host.js';

const FILE_MODE = 0o666;
/** Of a terminal that does not say, or says 0, and of what is no terminal. */
const COLUMNS_DEFAULT = 80;

const FAULTS: ReadonlyMap<string, FileFaultCode> = new Map([
  ['ENOENT', 'not-found'],
  ['ENOTDIR', 'not-found'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['ENOSPC', 'full'],
]);

/** The host of this process. From now on a closed standard output ends it, without a word. */
export function processHost(): ClientHost {
  // What is written to a pipe that nobody reads any more (`receptor status | head -1`) is lost; so are all later words.
  process.stdout.on('error', () => process.exit(EXIT.brokenPipe));
  process.stderr.on('error', () => undefined);
  return {
    outside: systemPorts,
    environment: process.env,
    stdin: new ProcessInput(),
    stdout: new ProcessOutput(process.stdout),
    stderr: new ProcessOutput(process.stderr),
    openOutput,
    onInterrupt: (heard) => {
      process.on('SIGINT', heard);
      return () => void process.off('SIGINT', heard);
    },
  };
}

class ProcessOutput implements ByteOutput {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns > 0 ? this.#stream.columns : COLUMNS_DEFAULT;
  }

  write(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
}

class ProcessInput implements ByteInput {
  get isTerminal(): boolean {
    return process.stdin.isTTY === true;
  }

  chunks(): AsyncIterable<Uint8Array> {
    return process.stdin;
  }

  makeRaw(): () => void {
    if (!this.isTerminal) {
      return () => undefined;
    }
    process.stdin.setRawMode(true);
    return () => void process.stdin.setRawMode(false);
  }
}

async function openOutput(path: string, options: { readonly append: boolean }): Promise<FileOutput> {
  try {
    const handle = await open(path, options.append ? 'a' : 'w', FILE_MODE);
    return new HandleOutput(handle, (await handle.stat()).size);
  } catch (thrown) {
    throw new FileError(FAULTS.get(codeOf(thrown)) ?? 'failed', path, describe(thrown), codeOf(thrown));
  }
}

class HandleOutput implements FileOutput {
  readonly isTerminal = false;
  readonly columns = COLUMNS_DEFAULT;
  readonly sizeBefore: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, sizeBefore: number) {
    this.#handle = handle;
    this.sizeBefore = sizeBefore;
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    await this.#handle.writeFile(bytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
