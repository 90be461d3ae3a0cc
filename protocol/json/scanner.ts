// Finds the fields of a JSON document: where each name and each value begins and ends. It checks the frame of the
// document and the strings that it passes; what stands inside other values is left to whoever reads them.

/** Levels. Known fields need three; deeper unknown ones would only cost time. */
export const JSON_DEPTH_MAX = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Why the scanner gave up: no JSON, no object, or an object nested too deep. */
export type ScanProblem = 'syntax' | 'no-object' | 'depth';

/**
 * What makes a string need a closer look: a backslash, or what comes before the blank. Most documents hold none of it,
 * and their strings end at the next quote.
 */
const ESCAPE_OR_CONTROL = /[^ -[\]-\uffff]/;

/**
 * Steps through the fields of one object. Between two steps the public fields tell where the name and the value stand,
 * quotes included; plain is a string without escapes.
 */
export class FieldScanner {
  nameStart = 0;
  nameEnd = 0;
  namePlain = false;
  valueStart = 0;
  valueEnd = 0;
  valuePlain = false;
  problem: ScanProblem | undefined;
  readonly #text: string;
  readonly #simple: boolean;
  #at = 0;
  #started = false;
  #escaped = false;

  constructor(text: string) {
    this.#text = text;
    this.#simple = !ESCAPE_OR_CONTROL.test(text);
  }

  /** Offset in characters up to which the text has been passed. */
  get offset(): number {
    return this.#at;
  }

  /** Goes to the next field; false at the end of the document or at a problem. */
  next(): boolean {
    const more = this.#started ? this.#afterField() : this.#openDocument();
    return more && this.#passName() && this.#passValue();
  }

  #openDocument(): boolean {
    this.#started = true;
    this.#skipSpace();
    if (this.#here() !== OPEN_OBJECT) return this.#give('no-object');
    this.#at++;
    this.#skipSpace();
    return this.#here() !== CLOSE_OBJECT || this.#closeDocument();
  }

  #afterField(): boolean {
    this.#skipSpace();
    const next = this.#here();
    if (next === CLOSE_OBJECT) return this.#closeDocument();
    if (next !== COMMA) return this.#give('syntax');
    this.#at++;
    this.#skipSpace();
    return true;
  }

  #closeDocument(): false {
    this.#at++;
    this.#skipSpace();
    if (this.#at < this.#text.length) this.problem = 'syntax';
    return false;
  }

  #passName(): boolean {
    const start = this.#at;
    if (this.#here() !== QUOTE || !this.#passString()) return this.#give('syntax');
    this.nameStart = start;
    this.nameEnd = this.#at;
    this.namePlain = !this.#escaped;
    this.#skipSpace();
    if (this.#here() !== COLON) return this.#give('syntax');
    this.#at++;
    this.#skipSpace();
    return true;
  }

  #passValue(): boolean {
    const first = this.#here();
    this.valueStart = this.#at;
    this.valuePlain = false;
    if (first === QUOTE) {
      if (!this.#passString()) return this.#give('syntax');
      this.valuePlain = !this.#escaped;
    } else if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) this.#passScalar();
    else if (!this.#passNested()) return false;
    this.valueEnd = this.#at;
    return true;
  }

  #passScalar(): void {
    const text = this.#text;
    let at = this.#at;
    while (at < text.length && !endsScalar(text.charCodeAt(at))) at++;
    this.#at = at;
  }

  #passNested(): boolean {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const unit = this.#here();
      if (unit === QUOTE) {
        if (!this.#passString()) return this.#give('syntax');
        continue;
      }
      this.#at++;
      if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) depth++;
      else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) depth--;
      if (depth === 0) return true;
      if (depth > JSON_DEPTH_MAX) return this.#give('depth');
    }
    return this.#give('syntax');
  }

  /** From the first quote of a string to behind its last; false if it does not end or holds a control character. */
  #passString(): boolean {
    const text = this.#text;
    this.#escaped = false;
    if (this.#simple) {
      const end = text.indexOf('"', this.#at + 1);
      this.#at = end + 1;
      return end >= 0;
    }
    for (let at = this.#at + 1; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return true;
      }
      if (unit < 0x20) return false;
      if (unit === BACKSLASH) {
        this.#escaped = true;
        at++;
      }
    }
    return false;
  }

  #skipSpace(): void {
    while (isSpace(this.#here())) this.#at++;
  }

  #here(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #give(problem: ScanProblem): false {
    this.problem = problem;
    return false;
  }
}

/** Does a text open more objects and lists in one another than that? Good JSON or not: strings are passed over. */
export function nestsDeeper(text: string, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) depth++;
    else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) depth--;
    if (depth > depthMax) return true;
  }
  return false;
}

/** Offset of the last quote of the string that starts here, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function endsScalar(unit: number): boolean {
  return unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_ARRAY || isSpace(unit);
}
