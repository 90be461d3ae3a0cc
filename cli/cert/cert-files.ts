// The files that the certificate commands read and write.
import type { KeyObject, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { FileError, type FilePort } from '../../runtime/file-port.js';
import { CertError, type CertErrorCode } from './cert-error.js';
import { hasPrivateKey, type PemItem, pemItems } from './pem.js';
import type { CertificateRequest } from './request.js';

/** Bytes: the bundle of a whole operating system has a quarter of that. */
const FILE_BYTES_MAX = 1_048_576;

/** A file by the name that a user gave it, and the parameter that did. */
export interface NamedFile {
  readonly path: string;
  readonly parameter: string;
}

/**
 * - `never`: what is there stays. For what cannot be made again: keys, and the certificate of an authority.
 * - `unless-key`: a file that holds a private key stays; anything else is made anew, whole.
 * - `always`: whoever asked for it knows.
 */
export type Overwriting = 'never' | 'unless-key' | 'always';

/** A file that is to be written. */
export interface PlannedFile extends NamedFile {
  readonly overwriting: Overwriting;
}

export interface OutputFile extends PlannedFile {
  readonly text: string;
}

export class CertFiles {
  readonly #files: FilePort;

  constructor(files: FilePort) {
    this.#files = files;
  }

  /** All that a file holds. */
  async items(file: NamedFile): Promise<readonly PemItem[]> {
    const text = new TextDecoder().decode(await this.#bytes(file));
    return within(file, () => pemItems(text));
  }

  /** A file with exactly one certificate, as the reference wants it. */
  async certificate(file: NamedFile): Promise<X509Certificate> {
    const item = only(await this.items(file), file, 'certificate file');
    return item.type === 'certificate' ? item.value : foreign(file, 'certificate');
  }

  /** A file with exactly one request. */
  async request(file: NamedFile): Promise<CertificateRequest> {
    const item = only(await this.items(file), file, 'certificate request file');
    return item.type === 'request' ? item.value : foreign(file, 'certificate request');
  }

  /** A file with exactly one private key. */
  async privateKey(file: NamedFile): Promise<KeyObject> {
    const item = only(await this.items(file), file, 'private key file');
    return item.type === 'private-key' ? item.value : foreign(file, 'private key');
  }

  /**
   * Writes all files, each for the owner alone (0600) and whole, in their order. Throws before the first one is written
   * when one of them must not be.
   */
  async write(outputs: readonly OutputFile[]): Promise<void> {
    await this.demandRoom(outputs);
    for (const output of outputs) {
      await this.#write(output);
    }
  }

  /** Throws for the first file that must not be written: before a key is made, which takes its time. */
  async demandRoom(outputs: readonly PlannedFile[]): Promise<void> {
    const paths = outputs.map(({ path }) => resolve(path));
    const twice = outputs.find((_, at) => paths.indexOf(paths[at] ?? '') !== at);
    if (twice !== undefined) {
      throw fileFault('file-taken', `${twice.path} is given twice`, twice, 'give each output a file of its own');
    }
    for (const output of outputs) {
      await this.#demandRoom(output);
    }
  }

  async #demandRoom(output: PlannedFile): Promise<void> {
    const { path, overwriting } = output;
    const isThere = overwriting !== 'always' && (await this.#sizeOf(output)) !== undefined;
    if (!isThere) {
      return;
    }
    if (overwriting === 'never') {
      throw fileFault('file-taken', `${path} exists and is not overwritten`, output, TAKEN_CURE);
    }
    if (hasPrivateKey(new TextDecoder().decode(await this.#bytes(output)))) {
      throw fileFault('file-taken', `${path} holds a private key and is not overwritten`, output, TAKEN_CURE);
    }
  }

  async #write(output: OutputFile): Promise<void> {
    const { path, text, overwriting } = output;
    const bytes = Buffer.from(text);
    try {
      // Somebody may have made the file since it was looked for: `create` finds that out, too.
      await (overwriting === 'never'
        ? this.#files.create(resolve(path), bytes)
        : this.#files.replace(resolve(path), bytes));
    } catch (thrown) {
      throw readable(thrown, output);
    }
  }

  async #bytes(file: NamedFile): Promise<Uint8Array> {
    try {
      return await this.#files.read(resolve(file.path), FILE_BYTES_MAX);
    } catch (thrown) {
      throw readable(thrown, file);
    }
  }

  async #sizeOf(file: NamedFile): Promise<number | undefined> {
    try {
      return await this.#files.sizeOf(resolve(file.path));
    } catch (thrown) {
      throw readable(thrown, file);
    }
  }
}

const TAKEN_CURE = 'give another file; or force, and what was in it is lost';

function only(items: readonly PemItem[], file: NamedFile, what: string): PemItem {
  const [item] = items;
  if (item === undefined || items.length > 1) {
    throw fileFault(
      'file-content',
      `${what} should contain exactly one item`,
      file,
      `${file.path} has ${items.length}`,
    );
  }
  return item;
}

function foreign(file: NamedFile, wanted: string): never {
  const text = `${wanted} file does not contain ${wanted} data`;
  throw fileFault('file-content', text, file, `receptor cert show ${file.path} tells what is in it`);
}

/** What is wrong with an item is told of the file that it came from. */
function within<T>(file: NamedFile, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof CertError
      ? fileFault(thrown.code, `${file.path}: ${thrown.message}`, file, thrown.cure)
      : thrown;
  }
}

/** Every fault of a file in the words of the reference, as far as it has some. */
function readable(thrown: unknown, file: NamedFile): unknown {
  if (!(thrown instanceof FileError)) {
    return thrown;
  }
  switch (thrown.code) {
    case 'not-found':
      return fileFault('file-missing', `open ${file.path}: no such file or directory`, file, 'check its name');
    case 'denied':
      return fileFault('file-refused', `open ${file.path}: permission denied`, file, 'this user has no right to it');
    case 'exists':
      return fileFault('file-taken', `${file.path} exists and is not overwritten`, file, TAKEN_CURE);
    case 'too-large':
    case 'full':
    case 'failed':
      return fileFault('file-refused', `${file.path}: ${thrown.message}`, file, '');
    default:
      return thrown.code satisfies never;
  }
}

function fileFault(code: CertErrorCode, text: string, { parameter }: NamedFile, cure: string): CertError {
  return new CertError(code, text, { cure, parameter });
}
