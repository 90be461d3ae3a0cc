// Says where and why a text is no JSON, in the words of the JSON engine that Receptor 1.6.9 is built with (Go 1.27).
// Only asked after a faster reader has already refused the text: its answer goes into error lines and logs.
import { type Faulty, faulty } from '../decoded.js';
import { isPrintable, quoteBytes, quoteCharacterAt } from '../go-quote.js';
import { decodeText } from '../text.js';

/** Levels of nesting that Go follows; deeper texts are refused there too. */
const GO_DEPTH_MAX = 10_000;

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPABLE = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));
const LITERALS: ReadonlyMap<number, string> = new Map([
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null'],
]);

type Container = 'object' | 'array';
type Expecting = 'value' | 'first-element' | 'key' | 'first-key' | 'more';

/** The first place where the bytes stop being one JSON text, or undefined if they are one. */
export function jsonSyntaxFault(bytes: Uint8Array): Faulty | undefined {
  return new SyntaxScanner(bytes).scan();
}

class SyntaxScanner {
  readonly #bytes: Uint8Array;
  readonly #open: Container[] = [];
  #at = 0;
  #expecting: Expecting = 'value';

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  scan(): Faulty | undefined {
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.#bytes.length) {
        return this.#expecting === 'more' && this.#open.length === 0 ? undefined : this.#ended();
      }
      const fault = this.#step();
      if (fault !== undefined) return fault;
      if (this.#open.length > GO_DEPTH_MAX) return faulty('json-depth', this.#at, 'exceeded max depth');
    }
  }

  #step(): Faulty | undefined {
    switch (this.#expecting) {
      case 'value':
        return this.#value();
      case 'first-element':
        return this.#byte() === 0x5d ? this.#close() : this.#value();
      case 'key':
        return this.#key();
      case 'first-key':
        return this.#byte() === 0x7d ? this.#close() : this.#key();
      case 'more':
        return this.#more();
    }
  }

  #value(): Faulty | undefined {
    const first = this.#byte();
    const literal = LITERALS.get(first);
    this.#expecting = 'more';
    if (first === 0x7b) return this.#enter('object', 'first-key');
    if (first === 0x5b) return this.#enter('array', 'first-element');
    if (first === QUOTE) return this.#string();
    if (literal !== undefined) return this.#literal(literal);
    if (first === 0x2d || isDigit(first)) return this.#number();
    return this.#unexpected('looking for beginning of value');
  }

  #key(): Faulty | undefined {
    if (this.#byte() !== QUOTE) return this.#unexpected('looking for beginning of object key string');
    const fault = this.#string();
    if (fault !== undefined) return fault;
    this.#skipSpace();
    if (this.#at >= this.#bytes.length) return this.#ended();
    if (this.#byte() !== 0x3a) return this.#unexpected('after object key');
    this.#at++;
    this.#expecting = 'value';
    return undefined;
  }

  #more(): Faulty | undefined {
    const container = this.#open.at(-1);
    if (container === undefined) return this.#unexpected('after top-level value');
    const next = this.#byte();
    if (next === (container === 'object' ? 0x7d : 0x5d)) return this.#close();
    if (next !== 0x2c) {
      return this.#unexpected(container === 'object' ? 'after object key:value pair' : 'after array element');
    }
    this.#at++;
    this.#expecting = container === 'object' ? 'key' : 'value';
    return undefined;
  }

  #enter(container: Container, expecting: Expecting): undefined {
    this.#open.push(container);
    this.#expecting = expecting;
    this.#at++;
  }

  #close(): undefined {
    this.#open.pop();
    this.#expecting = 'more';
    this.#at++;
  }

  #string(): Faulty | undefined {
    this.#at++;
    while (this.#at < this.#bytes.length) {
      const byte = this.#byte();
      if (byte < 0x20) return this.#unexpected('in string');
      if (byte === BACKSLASH) {
        const fault = this.#escape();
        if (fault !== undefined) return fault;
        continue;
      }
      this.#at++;
      if (byte === QUOTE) return undefined;
    }
    return this.#ended();
  }

  #escape(): Faulty | undefined {
    const left = this.#bytes.length - this.#at;
    if (left < 2) return this.#ended();
    const kind = this.#bytes[this.#at + 1] ?? 0;
    if (ESCAPABLE.has(kind)) {
      this.#at += 2;
      return undefined;
    }
    if (kind !== 0x75) return this.#badEscape(2);
    const digits = this.#bytes.subarray(this.#at + 2, this.#at + 6);
    if (!digits.every(isHexDigit)) return this.#badEscape(6);
    if (digits.length < 4) return this.#ended();
    this.#at += 6;
    return undefined;
  }

  #number(): Faulty | undefined {
    if (this.#byte() === 0x2d) this.#at++;
    if (this.#byte() === 0x30) this.#at++;
    else {
      const fault = this.#digits();
      if (fault !== undefined) return fault;
    }
    if (this.#byte() === 0x2e) {
      this.#at++;
      const fault = this.#digits();
      if (fault !== undefined) return fault;
    }
    if (this.#byte() !== 0x65 && this.#byte() !== 0x45) return undefined;
    this.#at++;
    if (this.#byte() === 0x2b || this.#byte() === 0x2d) this.#at++;
    return this.#digits();
  }

  #digits(): Faulty | undefined {
    if (this.#at >= this.#bytes.length) return this.#ended();
    if (!isDigit(this.#byte())) return this.#unexpected('in numeric literal');
    while (isDigit(this.#byte())) this.#at++;
    return undefined;
  }

  #literal(word: string): Faulty | undefined {
    for (const letter of word) {
      if (this.#at >= this.#bytes.length) return this.#ended();
      if (this.#byte() !== letter.charCodeAt(0)) return this.#unexpected(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
    return undefined;
  }

  #skipSpace(): void {
    while (WHITE_SPACE.has(this.#byte())) this.#at++;
  }

  /** The byte here; -1 at the end, which is none of those that are compared with. */
  #byte(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  #ended(): Faulty {
    return faulty('json-syntax', this.#bytes.length, 'unexpected end of JSON input');
  }

  #unexpected(where: string): Faulty {
    return faulty('json-syntax', this.#at, `invalid character ${quoteCharacterAt(this.#bytes, this.#at)} ${where}`);
  }

  #badEscape(length: number): Faulty {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    const text = decodeText(bytes);
    const plain = [...text].every((letter) => isPrintable(letter) && !' `\ufffd'.includes(letter));
    return faulty(
      'json-syntax',
      this.#at,
      `invalid escape sequence ${plain ? `\`${text}\`` : quoteBytes(bytes)} in string`,
    );
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
