import { describe } from 'node:test';
import { check, type Finding, type Rule } from '../support/rule.js';
import { functionsOf } from '../support/source-functions.js';
import { type SourceFile, sourceFiles } from '../support/source-tree.js';

const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 50;
const NESTING_MAX = 3;

/** Files that may be longer: tables that are read by key, not from top to bottom. Each with its reason. */
const LONG_TABLES: ReadonlyMap<string, string> = new Map([]);

/** One finding for each file about which `judge` has something to say. */
const eachFile =
  (judge: (file: SourceFile) => string | undefined): Rule['find'] =>
  (files) =>
    files.flatMap((file): readonly Finding[] => {
      const what = judge(file);
      return what === undefined ? [] : [{ path: file.path, line: 1, what }];
    });

const LENGTH: Rule = {
  name: `a file has at most ${FILE_LINES_MAX} lines`,
  why: 'every admired core grew one giant file where one state meets all events; a limit from day one splits it by concern',
  find: eachFile(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > FILE_LINES_MAX && !LONG_TABLES.has(path) ? `has ${lines} lines` : undefined;
  }),
  bad: { 'runtime/x.ts': 'a();\n'.repeat(251) },
  good: { 'runtime/x.ts': 'a();\n'.repeat(250) },
};

const body = (lines: number): string => '  a();\n'.repeat(lines - 2);
const deep = 'if (a) {\nfor (const b of c) {\nwhile (d) {\ne();\n}\n}\n}\n';

const FUNCTIONS: Rule = {
  name: `a function has at most ${FUNCTION_LINES_MAX} lines`,
  why: 'what does not fit on a screen is not one thought; the configuration of a machine is data and does not count',
  find: (files) =>
    files.flatMap(({ path, text }) =>
      functionsOf(text)
        .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
        .map(({ name, line, lines }) => ({ path, line, what: `${name} has ${lines} lines` })),
    ),
  bad: {
    'runtime/a.ts': `export function f(): void {\n${body(51)}}\n`,
    'runtime/b.ts': `class C {\n  #m(a: string, b = () => 1): Promise<void> {\n${body(51)}  }\n}\n`,
    'runtime/c.ts': `const f = async (a: { b: number }) => {\n${body(51)}};\n`,
    'runtime/d.ts': `const o = {\n  f: () => {\n${body(51)}  },\n};\n`,
    'runtime/e.ts': `function f(): readonly string[] {\n${body(51)}}\n`,
  },
  good: {
    'runtime/a.ts': `export function f(): void {\n${body(50)}}\n`,
    'runtime/b.ts': `class C {\n${'  a(): void {}\n'.repeat(60)}}\n`,
    'runtime/c.ts': `const machine = setup({\n${body(60)}}).createMachine({\n${body(60)}});\n`,
    'runtime/d.ts': `function machine() {\n  return setup({\n${body(60)}}).createMachine({\n${body(60)}  });\n}\n`,
    'runtime/e.ts': `interface I {\n${'  a(): void;\n'.repeat(60)}}\n`,
  },
};

const NESTING: Rule = {
  name: `control blocks lie at most ${NESTING_MAX} deep in each other`,
  why: 'say yes before no: an early return for the odd case leaves the normal case unindented',
  find: (files) =>
    files.flatMap(({ path, text }) =>
      functionsOf(text)
        .filter(({ nesting }) => nesting > NESTING_MAX)
        .map(({ name, line, nesting }) => ({ path, line, what: `${name} nests ${nesting} deep` })),
    ),
  bad: {
    'runtime/a.ts': `function f(): void {\ntry {\n${deep}} catch (e) {\ng(e);\n}\n}\n`,
    'runtime/b.ts': `const f = () => {\nif (z) {\nh();\n} else {\n${deep}}\n};\n`,
  },
  good: {
    'runtime/a.ts': `function f(): void {\n${deep}}\n`,
    'runtime/b.ts': `function f(): void {\n${deep.replace('e();', 'e(() => {\nif (g) {\nh();\n}\n});')}}\n`,
    'runtime/c.ts': `function f(): void {\nif (a) {\nb({ c: { d: { e: { f: 1 } } } });\n}\n}\n`,
  },
};

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.actor)?(\.test|\.bench)?\.ts$/;

const NAMES: Rule = {
  name: 'a file is named by a noun in kebab-case',
  why: 'one concept a file, and the file bears its name; a folder listing shows what there is',
  find: eachFile(({ path }) => (KEBAB.test(path.slice(path.lastIndexOf('/') + 1)) ? undefined : 'is not kebab-case')),
  bad: { 'runtime/cellHost.ts': '', 'runtime/Cell.ts': '', 'runtime/cell_host.ts': '' },
  good: {
    'runtime/cell-host.ts': '',
    'actors/mesh/link.actor.ts': '',
    'tests/unit/link.actor.test.ts': '',
    'runtime/sha-256.ts': '',
  },
};

/** The one exception, by its old name, and its test. */
const MANAGER = 'actors/work/manager.actor.ts';
const MANAGERS: readonly string[] = [MANAGER, 'tests/unit/actors/work/manager.actor.test.ts'];

const NO_BAGS: Rule = {
  name: 'nothing is called utils, helpers, common, misc or manager',
  why: 'such a name says nothing of what belongs there, so everything ends up there',
  find: eachFile(({ path }) => {
    const bag = /(^|[/-])(utils?|helpers?|common|misc|managers?)([-./]|$)/.exec(path);
    return bag !== null && !MANAGERS.includes(path) ? `is called ${bag[2]}` : undefined;
  }),
  bad: {
    'protocol/utils.ts': '',
    'actors/common/x.ts': '',
    'runtime/string-helpers.ts': '',
    'actors/link-manager.ts': '',
  },
  good: { [MANAGER]: '', 'runtime/commonplace.ts': '' },
};

const TABLES_EXIST: Rule = {
  name: 'every file that may be longer still exists and still is',
  why: 'an exception that is not needed any more hides the next one',
  find: (files) =>
    Array.from(LONG_TABLES.keys())
      .filter((path) => (files.find((file) => file.path === path)?.text.split('\n').length ?? 0) <= FILE_LINES_MAX)
      .map((path) => ({ path, line: 1, what: 'needs no exception' })),
  bad: {},
  good: {},
};

describe('the shape of files', () => {
  const files = sourceFiles();
  for (const rule of [LENGTH, FUNCTIONS, NESTING, NAMES, NO_BAGS, TABLES_EXIST]) {
    check(rule, files);
  }
});

describe('the shape of tests', () => {
  const files = sourceFiles(['tests']);
  check(NAMES, files);
  check(NO_BAGS, files);
});
