/** One element of DER (ITU-T X.690): its tag byte and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element, header included. */
  readonly whole: Uint8Array;
}

export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  /** `[0]`, primitive and constructed: the forms of implicit and explicit tags. */
  context: 0x80,
  contextConstructed: 0xa0,
} as const;

const LONG_LENGTH = 0x80;
/** Bytes of a length that are read: four are more than any certificate has. */
const LENGTH_BYTES_MAX = 4;

/**
 * The elements that lie in `bytes` one behind the other; `undefined` where they are not well-formed. Nothing is read
 * beyond the bytes, whatever the lengths say.
 */
export function derElements(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (element === undefined) {
      return undefined;
    }
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** The elements inside of a constructed element; none where it is missing or not well-formed. */
export function derChildren(element: DerElement | undefined): readonly DerElement[] {
  return (element === undefined ? undefined : derElements(element.content)) ?? [];
}

function elementAt(bytes: Uint8Array, at: number): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) {
    return undefined;
  }
  let length = first;
  let start = at + 2;
  if (first >= LONG_LENGTH) {
    const digits = first - LONG_LENGTH;
    if (digits === 0 || digits > LENGTH_BYTES_MAX || start + digits > bytes.length) {
      return undefined;
    }
    length = 0;
    for (const digit of bytes.subarray(start, start + digits)) {
      length = length * 256 + digit;
    }
    start += digits;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

/** An object identifier in dotted form, such as `2.5.29.17`. */
export function dotted(content: Uint8Array): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
