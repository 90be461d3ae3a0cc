import { CertError } from './cert-error.js';

/** Bytes of an answer that are looked at: "yes" has three. */
const ANSWER_BYTES_MAX = 1_024;

/** Reads one line; throws a `CertError` in the words of the reference for any other answer than y or yes. */
export async function askYes(input: AsyncIterable<Uint8Array>): Promise<void> {
  const line = await firstLine(input);
  if (line === undefined) {
    throw declined('EOF', 'verify=true signs without asking');
  }
  const words = line.split(/\s+/).filter((word) => word !== '');
  if (words.length !== 1) {
    throw declined(words.length === 0 ? 'unexpected newline' : 'expected newline', 'answer yes or no');
  }
  if (!/^y(es)?$/i.test(words[0] ?? '')) {
    throw declined('user declined', 'nothing was signed');
  }
}

/** Without its newline; `undefined` where nothing comes at all. */
async function firstLine(input: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  let text = '';
  for await (const chunk of input) {
    text += Buffer.from(chunk).toString('latin1');
    const end = text.indexOf('\n');
    if (end >= 0 || text.length > ANSWER_BYTES_MAX) {
      return text.slice(0, end < 0 ? ANSWER_BYTES_MAX : end);
    }
  }
  return text === '' ? undefined : text;
}

function declined(text: string, cure: string): CertError {
  return new CertError('declined', text, { cure });
}
