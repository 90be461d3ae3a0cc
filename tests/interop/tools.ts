// The programs of others that we are tested against. Who runs the tests names them in the environment; a test without
// its program is skipped, with the reason.
import { execFileSync } from 'node:child_process';

/** A program of others, or why there is none. */
export interface Tool {
  readonly file: string;
  /** As it calls itself, for the names of tests. */
  readonly name: string;
  /** For the options of a test. */
  readonly test: { readonly skip: string } | Record<string, never>;
}

/** The real receptorctl. */
export const RECEPTORCTL = toolOf('RECEPTORCTL', 'receptorctl', () => 'receptorctl');

/** The real Go Receptor. */
export const REFERENCE = toolOf('RECEPTOR_REF', 'Go', (file) => {
  const version = execFileSync(file, ['--version'], { encoding: 'utf8' }).trim();
  return /^\d/.test(version) ? `Go ${version}` : 'Go without a version';
});

function toolOf(variable: string, name: string, nameOf: (file: string) => string): Tool {
  const file = process.env[variable] ?? '';
  return file === ''
    ? { file, name, test: { skip: `${variable} names no program` } }
    : { file, name: nameOf(file), test: {} };
}
