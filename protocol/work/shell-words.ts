// Parameters of a command, one text, to the words of its argument list (control-and-work 3.3): quotations, backslashes
// and comments as a shell reads them, but no variables and no patterns. The words go to the program as they are and
// are never given to a shell.
import { type Decoded, decoded, faulty } from '../decoded.js';

type State = 'between' | 'word' | 'single' | 'double' | 'escape' | 'double-escape' | 'comment';

const BLANKS = ' \t\r\n';

/**
 * Splits at blanks. `'…'` is taken as it stands, in `"…"` and outside a backslash makes the next character a plain
 * one, `#` at the start of a word begins a comment up to the end of the line. The faults have the reference's words.
 * The text came in one control line, which bounds it.
 */
export function splitShellWords(text: string): Decoded<readonly string[]> {
  const splitter = new Splitter();
  for (const character of text) splitter.take(character);
  return splitter.finish(text.length);
}

class Splitter {
  readonly #words: string[] = [];
  #word = '';
  #state: State = 'between';

  take(character: string): void {
    switch (this.#state) {
      case 'between':
      case 'word':
        this.#takeOpen(character);
        break;
      case 'single':
        this.#takeQuoted(character, "'");
        break;
      case 'double':
        if (character === '\\') this.#state = 'double-escape';
        else this.#takeQuoted(character, '"');
        break;
      case 'escape':
        this.#append(character, 'word');
        break;
      case 'double-escape':
        this.#append(character, 'double');
        break;
      case 'comment':
        if (character === '\n') this.#state = 'between';
        break;
    }
  }

  finish(offset: number): Decoded<readonly string[]> {
    const state = this.#state;
    if (state === 'escape' || state === 'double-escape') {
      return faulty('words-unfinished', offset, 'EOF found after escape character');
    }
    if (state === 'single' || state === 'double') {
      return faulty('words-unfinished', offset, 'EOF found when expecting closing quote');
    }
    if (state === 'word') this.#endWord();
    return decoded(this.#words);
  }

  #takeOpen(character: string): void {
    if (BLANKS.includes(character)) {
      if (this.#state === 'word') this.#endWord();
    } else if (character === "'") this.#state = 'single';
    else if (character === '"') this.#state = 'double';
    else if (character === '\\') this.#state = 'escape';
    else if (character === '#' && this.#state === 'between') this.#state = 'comment';
    else this.#append(character, 'word');
  }

  #takeQuoted(character: string, quote: string): void {
    if (character === quote) this.#state = 'word';
    else this.#word += character;
  }

  #append(character: string, next: State): void {
    this.#word += character;
    this.#state = next;
  }

  #endWord(): void {
    this.#words.push(this.#word);
    this.#word = '';
    this.#state = 'between';
  }
}
