// Text and its UTF-8 bytes, by Go's rules where JavaScript's differ: every byte that is not part of a valid sequence
// becomes one U+FFFD of its own (mesh-protocol 2.7), a byte order mark is text like any other.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Characters. Up to here a plain loop is faster than the platform's encoder, which has a cost per call. */
const SHORT_TEXT = 512;

/** The UTF-8 bytes of a text. A lone surrogate is written as U+FFFD. */
export function encodeText(text: string): Uint8Array {
  if (text.length > SHORT_TEXT) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return encoder.encode(text);
    bytes[i] = unit;
  }
  return bytes;
}

/** The text of UTF-8 bytes. Each invalid byte reads as one U+FFFD, as in Go. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeWithReplacement(bytes);
  }
}

/** How many bytes the text takes in UTF-8. */
export function textByteLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (startsPair(text, i)) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/**
 * The text without its case: two texts whose folds are equal differ in case at most. As in Go, the long s (U+017F)
 * and the Kelvin sign (U+212A) count as `s` and `k`. JSON field names and the word `localhost` are compared so.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's');
}

/** Orders texts as Go orders them: by their UTF-8 bytes, that is, by code point. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Lone surrogates, which JSON escapes can make, become U+FFFD, as Go reads them. */
export function withoutLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** UTF-16 puts surrogates below U+E000..U+FFFF, code point order puts them above. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x10000 : unit;
}

function startsPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

function decodeWithReplacement(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += `${decoder.decode(bytes.subarray(from, at))}\ufffd`;
    at += 1;
    from = at;
  }
  return text + decoder.decode(bytes.subarray(from));
}

/** Length in bytes of the valid UTF-8 sequence that starts here; 0 if none does (Unicode 15, table 3-7). */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  if (second < secondByteMin(first) || second > secondByteMax(first)) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function secondByteMin(first: number): number {
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

function secondByteMax(first: number): number {
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}
