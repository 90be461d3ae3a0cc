import { decodeText } from '../../protocol/text.js';
import { FileError, type FilePort } from '../../runtime/file-port.js';
import { usageError } from './client-error.js';

/** Bytes of a file that a parameter is read from: it goes in one line of the control session. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Fields of a submit that are no parameters of the work. */
const RESERVED = new Set([
  ...['command', 'subcommand', 'node', 'worktype', 'tlsclient', 'ttl', 'signwork', 'signature', 'workUnitID'],
]);

/**
 * `key=value` texts as the parameters of a submit. `key=@file` stands for the text of the file. What follows the work
 * type on the command line is put behind `params`, joined by blanks.
 */
export async function workParams(
  texts: readonly string[],
  words: readonly string[],
  files: FilePort,
): Promise<Readonly<Record<string, string>>> {
  const params = new Map<string, string>();
  for (const text of texts) {
    const cut = text.indexOf('=');
    const name = text.slice(0, cut);
    if (cut < 1) {
      throw usageError(`the parameter "${text}" has no name`, 'write it as --param key=value');
    }
    if (RESERVED.has(name)) {
      throw usageError(
        `${name} is no parameter of the work`,
        'it has an option of its own, see "receptor work submit --help"',
      );
    }
    params.set(name, await valueOfParam(text.slice(cut + 1), files));
  }
  const joined = [params.get('params') ?? '', ...words].filter((word) => word !== '').join(' ');
  if (joined !== '') {
    params.set('params', joined);
  }
  return Object.fromEntries(params);
}

/** `@@` is no file, as for receptorctl. */
async function valueOfParam(value: string, files: FilePort): Promise<string> {
  if (!value.startsWith('@') || value.startsWith('@@')) {
    return value;
  }
  const path = value.slice(1);
  try {
    return decodeText(await files.read(path, FILE_BYTES_MAX));
  } catch (thrown) {
    throw usageError(
      `the file of a parameter cannot be read: ${thrown instanceof FileError ? thrown.message : thrown}`,
      'check the name behind @',
    );
  }
}
