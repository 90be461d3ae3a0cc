import { describe } from 'node:test';
import { check, matches, type Rule } from '../support/rule.js';
import { type SourceFile, sourceFiles } from '../support/source-tree.js';

interface Ban {
  readonly name: string;
  readonly why: string;
  /** Must be global. Searched in the code without comments and without the insides of literals. */
  readonly pattern: RegExp;
  /** Where it may stand all the same. */
  readonly allowed?: RegExp;
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

/** A rule that forbids a pattern outside some files. */
function ban({ name, why, pattern, allowed, bad, good }: Ban): Rule {
  const isAllowed = ({ path }: SourceFile): boolean => allowed?.test(path) === true;
  return {
    name,
    why,
    find: (files) =>
      files
        .filter((file) => !isAllowed(file))
        .flatMap((file) => matches(file, file.code, pattern, ([text]) => `has \`${text.trim()}\``)),
    bad: Object.fromEntries(bad.map((text, at) => [`protocol/bad-${at}.ts`, text])),
    good: Object.fromEntries(good.map((text, at) => [`protocol/good-${at}.ts`, text])),
  };
}

const ANY = ban({
  name: 'there is no any',
  why: 'an any switches the compiler off for everything that it touches',
  pattern: /(?<![.\w$])any(?![\w$:])/g,
  bad: ['const a: any = 1;', 'let a = b as any;', 'type T = Map<string, any>;', 'const a: any[] = [];'],
  good: ['await Promise.any(a);', '// any\nconst text = "any";', 'const anyone = 1;', 'const a = { any: 1 };'],
});

const NON_NULL = ban({
  name: 'there is no non-null assertion',
  why: 'it says "trust me" where a check or an early return says why',
  pattern: /[\w$)\]]!(?!=)/g,
  bad: ['a!.b();', 'const c = d[0]!;', 'f(x!)', 'let a!: string;'],
  good: ['if (!a) { b(); }', 'a !== b;', 'const c = !d;', "const text = 'hello!';", 'a != b'],
});

const EMPTY_CATCH = ban({
  name: 'no fault is caught and forgotten',
  why: 'if dropping is right, say so: count it and name the reason; a comment alone counts nothing',
  pattern: /\bcatch\s*(\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/g,
  bad: [
    'try { a(); } catch {}',
    'try { a(); } catch (e) {\n// fine\n}',
    'p.catch(() => {});',
    'p.catch(() => undefined);',
  ],
  good: ['try { a(); } catch { dropped += 1; }', 'p.catch((thrown) => note(thrown));'],
});

const DEFAULT_EXPORT = ban({
  name: 'there is no default export',
  why: 'a thing has one name everywhere, so that it can be searched',
  pattern: /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g,
  bad: ['export default function f() {}', 'export { a as default };'],
  good: ['export const a = 1;'],
});

/** Where time and chance enter; everything else gets them through ports. */
const OUTSIDE = /^runtime\/io\/|^runtime\/(clock|random)\.ts$/;

const GLOBALS = ban({
  name: 'time, chance and the network are reached through ports only',
  why: 'what draws or waits past the ports cannot be simulated, replayed or tested without sleeping',
  pattern:
    /(?<![.\w$])(Date\b|performance\s*\.|setInterval\s*\(|setTimeout\s*\(|setImmediate\s*\(|queueMicrotask\s*\(|fetch\s*\()|\bMath\s*\.\s*random\b|(?<![.\w$])globalThis\b/g,
  // XState asks for a clock whose functions have these names; the types of Node 20 do not know WebAssembly as a global.
  allowed: new RegExp(`${OUTSIDE.source}|^runtime/machine-run\\.ts$|^runtime/quic/web-assembly\\.ts$`),
  bad: [
    'new Date();',
    'Date.now()',
    'const at: Date = x;',
    'setTimeout(f, 1);',
    'Math.random()',
    'fetch(url)',
    'globalThis.x',
  ],
  good: ['clock.setTimeout(f);', 'const setTimeoutMs = 1;', "const text = 'Date';", 'toDate();', 'port.fetch(a);'],
});

/** True where `process` is a name of the file's own. */
const OWN_PROCESS = /\b(const|let)\s+process\b|\bprocess\s*[?:),]/;

const PROCESS: Rule = {
  name: 'the process is reached in cli/ and runtime/io/ only',
  why: 'a library must not read the environment, write to the terminal or end the process of its user',
  find: (files) =>
    files
      .filter(({ path, code }) => !/^cli\//.test(path) && !OUTSIDE.test(path) && !OWN_PROCESS.test(code))
      .flatMap((file) => matches(file, file.code, /(?<![.\w$])process(?=\s*[.[])/g, () => 'has `process`')),
  bad: { 'actors/x.ts': 'process.exit(1);', 'protocol/x.ts': "const a = process['env'];" },
  good: {
    'cli/x.ts': 'process.exit(1);',
    'runtime/simulation/x.ts': 'function f(process: Job) { process.kill(); }',
    'actors/x.ts': 'unit.process.kill(); processes.list();',
  },
};

const PRINT = ban({
  name: 'nothing is printed past the log',
  why: 'log lines are made from records, in one place; the command line writes through its terminal',
  pattern: /(?<![.\w$])console\s*\./g,
  bad: ['console.log(a);'],
  good: ['const consoleWidth = 1;'],
});

const RECEPTOR_WORDS = /receptor|netceptor|workceptor|ansible|kubernetes|\bmesh\b|\bawx\b/gi;

const GENERIC_RUNTIME: Rule = {
  name: 'the runtime knows no word of Receptor, not even in a comment',
  why: 'it is generic: another program could stand on it tomorrow',
  find: (files) =>
    files
      .filter(({ path }) => path.startsWith('runtime/') && !path.startsWith('runtime/quic/native/'))
      .flatMap((file) => matches(file, file.text, RECEPTOR_WORDS, ([word]) => `says "${word}"`)),
  bad: { 'runtime/x.ts': '// as Receptor does\n', 'runtime/y.ts': "const alpn = 'netceptor';\n" },
  good: { 'protocol/x.ts': '// as Receptor does\n', 'runtime/z.ts': '// a program\n' },
};

describe('the words of the sources', () => {
  const files = sourceFiles();
  for (const rule of [ANY, NON_NULL, EMPTY_CATCH, DEFAULT_EXPORT, GLOBALS, PROCESS, PRINT, GENERIC_RUNTIME]) {
    check(rule, files);
  }
});

describe('the words of the tests', () => {
  const files = sourceFiles(['tests']);
  for (const rule of [ANY, NON_NULL, DEFAULT_EXPORT]) {
    check(rule, files);
  }
});
