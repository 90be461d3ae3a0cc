/**
 * A small scanner of TypeScript text: blanks out comments and the insides of literals, so that rules can look for words
 * without being fooled. Positions and lines stay what they were. It knows as much of the language as that needs.
 */

/** The text with comments blanked, and with the insides of strings, templates and regular expressions blanked too. */
export function codeOf(text: string): string {
  return scan(text, { keepsLiterals: false });
}

/** The text with comments blanked and everything else kept. */
export function withoutComments(text: string): string {
  return scan(text, { keepsLiterals: true });
}

/** The line of a position, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

interface ScanOptions {
  readonly keepsLiterals: boolean;
}

/** What begins at a position: where it ends, and whether it is a comment. */
interface Token {
  readonly end: number;
  readonly kind: 'comment' | 'literal' | 'template' | 'code';
}

function scan(text: string, { keepsLiterals }: ScanOptions): string {
  const out: string[] = [];
  /** Depth of braces at which each open template goes on; the innermost last. */
  const templates: number[] = [];
  let depth = 0;
  let significant = '';
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    const isTemplateResumed = char === '}' && templates.at(-1) === depth;
    const token = isTemplateResumed ? templateToken(text, at + 1) : tokenAt(text, at, significant);
    const piece = text.slice(at, token.end);
    const isBlanked = token.kind === 'comment' || (token.kind !== 'code' && !keepsLiterals);
    out.push(isBlanked ? blanked(piece, token.kind) : piece);
    if (isTemplateResumed) {
      templates.pop();
    }
    if (token.kind === 'template' && piece.endsWith('${')) {
      templates.push(depth);
    } else if (token.kind === 'code') {
      depth += char === '{' ? 1 : char === '}' ? -1 : 0;
    }
    if (token.kind !== 'comment' && piece.trim() !== '') {
      significant = `${significant}${token.kind === 'code' ? piece : '"'}`.slice(-12);
    }
    at = token.end;
  }
  return out.join('');
}

function tokenAt(text: string, at: number, significant: string): Token {
  const char = text.charAt(at);
  const next = text.charAt(at + 1);
  if (char === '/' && next === '/') {
    return { end: indexOrEnd(text, '\n', at), kind: 'comment' };
  }
  if (char === '/' && next === '*') {
    return { end: Math.min(text.length, indexOrEnd(text, '*/', at + 2) + 2), kind: 'comment' };
  }
  if (char === "'" || char === '"') {
    return { end: quotedEnd(text, at, char), kind: 'literal' };
  }
  if (char === '`') {
    return templateToken(text, at + 1);
  }
  if (char === '/' && startsRegex(significant)) {
    return { end: regexEnd(text, at), kind: 'literal' };
  }
  return { end: at + 1, kind: 'code' };
}

/** After a value a slash divides; after an operator, an opening bracket or a keyword it begins an expression. */
function startsRegex(significant: string): boolean {
  return significant === '' || /[=(,:;!&|?{}[+\-*<>~^%]$|\b(return|case|typeof|in|of)\s*$/.test(significant);
}

function quotedEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if (char === quote || char === '\n') {
      return at + 1;
    }
  }
  return text.length;
}

/** From inside a template to its end, or to the next `${`. */
function templateToken(text: string, start: number): Token {
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if (char === '`') {
      return { end: at + 1, kind: 'template' };
    } else if (char === '$' && text.charAt(at + 1) === '{') {
      return { end: at + 2, kind: 'template' };
    }
  }
  return { end: text.length, kind: 'template' };
}

function regexEnd(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if (char === '[' || char === ']') {
      isInClass = char === '[';
    } else if (char === '\n' || (char === '/' && !isInClass)) {
      return at + 1;
    }
  }
  return text.length;
}

/** Spaces, but the lines kept; of a literal also the outermost marks, so that it still reads as a value. */
function blanked(piece: string, kind: Token['kind']): string {
  const spaces = piece.replace(/[^\n]/g, ' ');
  const isShort = piece.length < 2 || kind === 'comment';
  return isShort ? spaces : `${piece.charAt(0)}${spaces.slice(1, -1)}${piece.charAt(piece.length - 1)}`;
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}
