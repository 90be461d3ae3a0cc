/** Bytes of a number. */
const WORD_BYTES = 4;

/** Bytes of which each four tell where they belong: what is missing, or came twice, is seen and can be named. */
export function numberedBytes(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / WORD_BYTES));
  for (let at = 0; at < words.length; at += 1) {
    words[at] = at;
  }
  return Buffer.from(words.buffer, 0, length);
}

/** Where two texts of bytes part, in words; `none` when they are the same. */
export function differenceOf(actual: Buffer, wanted: Buffer): string {
  if (actual.equals(wanted)) {
    return 'none';
  }
  let at = 0;
  while (at < actual.length && actual[at] === wanted[at]) {
    at += 1;
  }
  const start = at - (at % WORD_BYTES);
  const found =
    start + WORD_BYTES <= actual.length ? `the bytes of ${actual.readUInt32LE(start) * WORD_BYTES}` : 'nothing';
  return `${actual.length} bytes instead of ${wanted.length}; at ${start} stands ${found}`;
}
