// Writing DER (ITU-T X.690): the other half of `runtime/security/der-reader.ts`.

export const WRITE_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  nothing: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` around other elements. */
export const explicitTag = (number: number): number => 0xa0 | number;
/** `[n]` in place of a primitive tag. */
export const implicitTag = (number: number): number => 0x80 | number;

/** One element: its tag, and the parts of its content one behind the other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthBytes(content.length)), content]);
}

export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(WRITE_TAG.sequence, ...parts);
}

/** A number that is not negative, from its bytes, most significant first; leading zeros do not matter. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return der(WRITE_TAG.integer, sign, digits);
}

/** An object identifier from its dotted form. */
export function derObject(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(base128);
  return der(WRITE_TAG.objectIdentifier, Uint8Array.from(bytes));
}

/** Whole bytes as a string of bits. */
export function derBits(bytes: Uint8Array): Uint8Array {
  return der(WRITE_TAG.bitString, Uint8Array.of(0), bytes);
}

export function derText(tag: number, text: string): Uint8Array {
  return der(tag, Buffer.from(text));
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) {
    return [length];
  }
  const digits = digitsOf(length, 256);
  return [0x80 | digits.length, ...digits];
}

function base128(arc: number): readonly number[] {
  const digits = digitsOf(arc, 128);
  return digits.map((digit, at) => (at === digits.length - 1 ? digit : digit | 0x80));
}

function digitsOf(value: number, base: number): readonly number[] {
  const digits = [value % base];
  for (let rest = Math.floor(value / base); rest > 0; rest = Math.floor(rest / base)) {
    digits.unshift(rest % base);
  }
  return digits;
}
