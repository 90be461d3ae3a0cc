import { posix } from 'node:path';
import { lineAt, withoutComments } from './source-text.js';

/** One import or re-export of a file. */
export interface Import {
  readonly line: number;
  /** As written: `./ring.js`, `node:fs`, `xstate`. */
  readonly from: string;
  /** The file it means, when it is one of ours: `runtime/ring.ts`. */
  readonly target: string | undefined;
  /** True when the whole import is of types and is erased. */
  readonly isTypeOnly: boolean;
}

const STATIC = /(?<=^|[;\n}])\s*(import|export)\s+(type\s)?[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/g;
const BARE = /(?<=^|[;\n}])\s*import\s*['"]([^'"]+)['"]/g;
const DYNAMIC = /\bimport\s*\(\s*['"]([^'"]+)['"]/g;

/** All imports of a file, dynamic ones and re-exports included. */
export function importsOf(path: string, text: string): readonly Import[] {
  const code = withoutComments(text);
  const at = (match: RegExpMatchArray): number => lineAt(code, (match.index ?? 0) + match[0].length);
  const found = [
    ...Array.from(code.matchAll(STATIC), (match) => made(path, at(match), match[3] ?? '', match[2] !== undefined)),
    ...Array.from(code.matchAll(BARE), (match) => made(path, at(match), match[1] ?? '', false)),
    ...Array.from(code.matchAll(DYNAMIC), (match) => made(path, at(match), match[1] ?? '', false)),
  ];
  return found.sort((a, b) => a.line - b.line);
}

function made(path: string, line: number, from: string, isTypeOnly: boolean): Import {
  const isOurs = from.startsWith('.');
  const target = isOurs ? posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts') : undefined;
  return { line, from, target, isTypeOnly };
}
