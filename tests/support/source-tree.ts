import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, withoutComments } from './source-text.js';

/** One file of the tree, as the structure tests read it. */
export interface SourceFile {
  /** From the project's top, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Without comments and without the insides of literals. */
  readonly code: string;
  /** Without comments. */
  readonly bare: string;
}

/** The project's top folder; the compiled tests lie in `dist/tests/support`. */
const TOP = fileURLToPath(new URL('../../../', import.meta.url));

/** Where our sources are; tests and fixtures are looked at apart. */
export const SOURCE_FOLDERS: readonly string[] = ['protocol', 'runtime', 'actors', 'cli'];

/** Every TypeScript file in these folders. */
export function sourceFiles(folders: readonly string[] = SOURCE_FOLDERS): readonly SourceFile[] {
  return folders.flatMap(pathsIn).map((path) => sourceFile(path, readFileSync(join(TOP, path), 'utf8')));
}

/** A file that need not exist: for the self-tests of the rules. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, code: codeOf(text), bare: withoutComments(text) };
}

function pathsIn(folder: string): readonly string[] {
  const entries = readdirSync(join(TOP, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) =>
      relative(TOP, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}
