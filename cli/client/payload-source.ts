import { encodeText } from '../../protocol/text.js';
import { FileError, type FilePort } from '../../runtime/file-port.js';
import { EXIT } from '../exit-code.js';
import { ClientError, usageError } from './client-error.js';
import type { ClientHost } from './host.js';

/** Bytes that are read from a file at a time. */
const PIECE_BYTES = 262_144;

/** What the standard input of a unit is made from; exactly one is given. */
export interface PayloadChoice {
  /** A file, or `-` for standard input. */
  readonly file?: string | undefined;
  /** A text; a newline is put behind it, as receptorctl does. */
  readonly literal?: string | undefined;
  readonly none: boolean;
}

export interface PayloadSource {
  /** Bytes in all, where that is known. */
  readonly size: number | undefined;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Opens what was chosen, before anything is asked of a node: a file that is missing makes no unit. */
export async function openPayload(choice: PayloadChoice, host: ClientHost): Promise<PayloadSource> {
  const { file, literal, none } = choice;
  const given = [file !== undefined, literal !== undefined, none].filter((isGiven) => isGiven).length;
  if (given !== 1) {
    const text = given === 0 ? 'what is the input of the unit?' : 'the input of the unit is given more than once';
    throw usageError(text, 'give one of --payload FILE (- is standard input), --payload-literal TEXT, --no-payload');
  }
  if (none) {
    return { size: 0, chunks: () => listed([]) };
  }
  if (literal !== undefined) {
    const bytes = encodeText(`${literal}\n`);
    return { size: bytes.length, chunks: () => listed([bytes]) };
  }
  return file === '-' || file === undefined
    ? { size: undefined, chunks: () => host.stdin.chunks() }
    : await openFile(file, host.outside.files);
}

async function openFile(path: string, files: FilePort): Promise<PayloadSource> {
  try {
    const file = await files.openRead(path);
    // A directory opens, but does not read: ask for its first byte now.
    await file.readAt(0, new Uint8Array(1));
    return { size: await files.sizeOf(path), chunks: () => pieces(file) };
  } catch (thrown) {
    const why = thrown instanceof FileError ? thrown.message : `${thrown}`;
    throw new ClientError(EXIT.usage, `the payload cannot be read: ${why}`, 'check the name after --payload');
  }
}

async function* pieces(file: Awaited<ReturnType<FilePort['openRead']>>): AsyncIterable<Uint8Array> {
  let position = 0;
  try {
    for (;;) {
      const target = new Uint8Array(PIECE_BYTES);
      const read = await file.readAt(position, target);
      if (read === 0) {
        return;
      }
      position += read;
      yield target.subarray(0, read);
    }
  } finally {
    await file.close();
  }
}

async function* listed(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
