import { describe } from 'node:test';
import { check, type Finding, matches, type Rule } from '../support/rule.js';
import { type SourceFile, sourceFiles } from '../support/source-tree.js';

/** Sources without a unit test of their own, each with its reason. Files in which nothing runs need no entry. */
const WITHOUT_UNIT_TEST: ReadonlyMap<string, string> = new Map([]);

/** True for a file that declares types only, or named values only: nothing in it can be called. */
const isInert = ({ code }: SourceFile): boolean =>
  !/\b(const|let|function|class|new)\b/.test(code) || !/=>|\b(function|class)\b/.test(code);

/** True for a face that only passes names on. */
const isFace = ({ path }: SourceFile): boolean => path.endsWith('/index.ts');

const testOf = (path: string): string => `tests/unit/${path.replace(/\.ts$/, '.test.ts')}`;

const isSource = ({ path }: SourceFile): boolean => /^(protocol|runtime|actors|cli)\//.test(path);

const MIRROR: Rule = {
  name: 'every source file has its unit test, or is named with a reason',
  why: 'who changes a file must know where its claims are written down',
  find: (files) => {
    const paths = new Set(files.map(({ path }) => path));
    const missing = files
      .filter((file) => isSource(file) && !isInert(file) && !isFace(file))
      .filter(({ path }) => !WITHOUT_UNIT_TEST.has(path) && !paths.has(testOf(path)));
    return missing.map(({ path }) => ({ path, line: 1, what: `has no ${testOf(path)}` }));
  },
  bad: { 'runtime/x.ts': 'export const a = () => 1;', 'runtime/y.ts': 'export function f(): void {}' },
  good: {
    'runtime/x.ts': 'export interface A { readonly f: () => void }',
    'runtime/y.ts': 'export const WAIT_MS = 10;',
    'actors/index.ts': "export { a } from './a.js';\nconst b = () => 1;",
  },
};

const NO_STALE_REASON: Rule = {
  name: 'no reason for a missing unit test outlives its need',
  why: 'an exception that is not needed any more hides the next one',
  find: (files) => {
    const paths = new Set(files.map(({ path }) => path));
    const isStale = (path: string): boolean => files.length > 1 && (!paths.has(path) || paths.has(testOf(path)));
    return Array.from(WITHOUT_UNIT_TEST.keys())
      .filter(isStale)
      .map((path) => ({ path, line: 1, what: 'is named without need' }));
  },
  bad: {},
  good: {},
};

/** Tests of the real world may wait for it. */
const WAITS = /^tests\/(e2e|interop|bench|soak)\//;

const NO_SLEEP: Rule = {
  name: 'no test sleeps',
  why: 'a sleep is either too short on a slow machine or too long on every other; virtual time, events and deadlines are neither',
  find: (files) =>
    files
      .filter(({ path }) => path.startsWith('tests/') && !WAITS.test(path) && !path.startsWith('tests/structure/'))
      .flatMap((file) =>
        matches(
          file,
          file.bare,
          /(?<![.\w$])setTimeout\s*\(|['"](node:)?timers\/promises['"]/g,
          ([text]) => `has ${text}`,
        ),
      ),
  bad: {
    'tests/unit/x.test.ts': 'await new Promise((resolve) => setTimeout(resolve, 100));',
    'tests/contract/x.ts': "import { setTimeout } from 'node:timers/promises';",
  },
  good: { 'tests/e2e/x.test.ts': 'setTimeout(resolve, 100);', 'tests/unit/x.test.ts': 'clock.setTimer(100, resolve);' },
};

/** Where tests open real sockets. */
const REAL_SOCKETS = /^tests\/(contract|e2e|interop|soak)\/|^tests\/unit\/runtime\/io\//;

const NO_FIXED_PORT: Rule = {
  name: 'no test listens on a fixed port',
  why: 'two runs at once, or a service of the machine, would make it fail for no reason of ours',
  find: (files) =>
    files
      .filter(({ path }) => REAL_SOCKETS.test(path))
      .flatMap((file) =>
        matches(
          file,
          file.bare,
          /\b(portNumber|port)\s*:\s*[1-9]\d*|\.listen\(\s*[1-9]\d*|(127\.0\.0\.1|localhost|\[::1?\]):[1-9]\d+/g,
          ([text]) => `has ${text}`,
        ),
      ),
  bad: {
    'tests/contract/x.ts': "listen({ transport: 'tcp', portNumber: 4000 });",
    'tests/e2e/x.test.ts': "dial('localhost:2222');",
    'tests/interop/x.test.ts': 'server.listen(8080);',
  },
  good: {
    'tests/contract/x.ts': 'listen({ portNumber: 0 });',
    'tests/e2e/x.test.ts': "dial('localhost', listener.portNumber);",
    'tests/unit/cli/x.test.ts': 'portNumber: 2222',
  },
};

const NOTHING_SET_ASIDE: Rule = {
  name: 'no test is exclusive, postponed, or skipped without a reason',
  why: 'what is not run is not tested; a reason is printed at the end of every run',
  find: (files) =>
    files
      .filter(({ path }) => path.startsWith('tests/') && !path.startsWith('tests/structure/'))
      .flatMap((file) =>
        matches(
          file,
          file.bare,
          /\b(it|test|describe)\.(only|todo|skip)\b|\b(skip|todo|only)\s*:\s*true\b/g,
          ([text]) => `has ${text}`,
        ),
      ),
  bad: {
    'tests/a.test.ts': "it.only('x', f);",
    'tests/b.test.ts': "it('x', { skip: true }, f);",
    'tests/c.test.ts': "describe.skip('x', f);",
  },
  good: { 'tests/a.test.ts': "it('x', { skip: 'no podman on this machine' }, f);" },
};

const WITH_CLAIM: Rule = {
  name: 'every test file makes a claim',
  why: 'a test that cannot fail is a defect',
  find: (files) =>
    files
      .filter(
        ({ path }) => path.startsWith('tests/') && path.endsWith('.test.ts') && !path.startsWith('tests/structure/'),
      )
      .filter(({ code }) => !/\bassert\w*\b|\bexpect\w*\s*\(|\bcheck\w*\s*\(/.test(code))
      .map(({ path }): Finding => ({ path, line: 1, what: 'asserts nothing' })),
  bad: { 'tests/unit/x.test.ts': "it('works', () => { run(); });" },
  good: { 'tests/unit/x.test.ts': "it('works', () => { assert.ok(run()); });" },
};

/** What the test of every actor has to call: its table, its transitions, its faults. */
const OF_EVERY_ACTOR = ['assertExplicit', 'atLeast', 'assertFaultsAreFailures'] as const;

const ACTORS: Rule = {
  name: 'the test of every actor asserts its table, counts its transitions, and makes it fail in every state',
  why: 'explicit means explicit: a state that meets a message which nobody thought of is found by a table, not by luck',
  find: (files) =>
    files
      .filter(({ path }) => /^tests\/unit\/actors\/.*\.actor\.test\.ts$/.test(path))
      .flatMap(({ path, code }) =>
        OF_EVERY_ACTOR.filter((call) => !new RegExp(`\\b${call}\\(`).test(code)).map(
          (call): Finding => ({ path, line: 1, what: `does not call ${call}` }),
        ),
      ),
  bad: { 'tests/unit/actors/mesh/link.actor.test.ts': 'assertExplicit(link);\ndriver.atLeast(1);' },
  good: {
    'tests/unit/actors/mesh/link.actor.test.ts':
      'assertExplicit(link); d.atLeast(1); await assertFaultsAreFailures({});',
    'tests/unit/actors/mesh/link-rules.test.ts': 'assert.ok(true);',
  },
};

describe('tests', () => {
  const files = sourceFiles(['protocol', 'runtime', 'actors', 'cli', 'tests']);
  for (const rule of [MIRROR, NO_STALE_REASON, NO_SLEEP, NO_FIXED_PORT, NOTHING_SET_ASIDE, WITH_CLAIM, ACTORS]) {
    check(rule, files);
  }
});
