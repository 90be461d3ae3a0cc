import { describe } from 'node:test';
import { check, type Finding, matches, type Rule } from '../support/rule.js';
import { lineAt } from '../support/source-text.js';
import { type SourceFile, sourceFiles } from '../support/source-tree.js';

const isActor = ({ path }: SourceFile): boolean => path.startsWith('actors/') && path.endsWith('.actor.ts');

/** Files in which contexts are declared: an actor's own, and its vocabulary. */
const hasContext = (file: SourceFile): boolean =>
  isActor(file) || (file.path.startsWith('actors/') && /-vocabulary\.ts$/.test(file.path));

/** A rule about what must not stand in an actor's file. */
function ban(name: string, why: string, pattern: RegExp, samples: Pick<Rule, 'bad' | 'good'>): Rule {
  return {
    name,
    why,
    find: (files) =>
      files.filter(isActor).flatMap((file) => matches(file, file.code, pattern, ([text]) => `has \`${text.trim()}\``)),
    ...samples,
  };
}

const NO_DELAYS = ban(
  'a machine has no delays of its own',
  '`after` fires past the mailbox, and never again after a snapshot is restored; a timer is a wish (arm-timer)',
  /(?<![\w$.])(after|delays)\s*:\s*\{|\bdelay\s*:(?!\s*number)/g,
  {
    bad: {
      'actors/x.actor.ts': 'states: { a: { after: { 100: "b" } } }',
      'actors/y.actor.ts': 'raise(e, { delay: 5 })',
    },
    good: { 'actors/x.actor.ts': 'const a = { hereafter: { b: 1 }, delayMs: 5 };', 'actors/x.ts': 'after: { 1: 2 }' },
  },
);

const NO_INVOKE = ban(
  'a machine invokes and spawns nothing',
  'every child has an address, a bounded mailbox and a supervisor: children are raised by an effect, through the bus',
  /(?<![\w$.])invoke\s*:|\b(spawn|spawnChild|fromPromise|fromCallback|fromObservable|sendTo|sendParent|stopChild)\s*\(/g,
  {
    bad: {
      'actors/x.actor.ts': 'a: { invoke: { src: "x" } }',
      'actors/y.actor.ts': 'assign({ a: ({ spawn }) => spawn("x") })',
    },
    good: { 'actors/x.actor.ts': 'self.raise(child, "x", {});' },
  },
);

const PURE = ban(
  'a machine and its effects await nothing',
  'asynchronous work ends by sending the actor a message (self.attempt); an awaiting effect outlives its step unseen',
  /\bawait\b|\basync\b/g,
  {
    bad: { 'actors/x.actor.ts': 'effects: () => ({ dial: async () => { await a; } })' },
    good: { 'actors/x.actor.ts': 'self.attempt(work, done, failed);' },
  },
);

/** The bodies of context types: `context: {} as { … }` and `interface LinkContext { … }`. */
const CONTEXT = /context\s*:\s*\{\s*\}\s*as\s*\{|\b(?:interface|type)\s+\w*Context\b[^{;]*\{/g;

function contextFlags(file: SourceFile): readonly Finding[] {
  return Array.from(file.code.matchAll(CONTEXT)).flatMap((match) => {
    const start = (match.index ?? 0) + match[0].length;
    const fields = Array.from(bodyFrom(file.code, start).matchAll(/\b((?:is|has)[A-Z]\w*)\??\s*:/g));
    return fields.map((field) => ({
      path: file.path,
      line: lineAt(file.code, start + (field.index ?? 0)),
      what: `has the context field ${field[1]}`,
    }));
  });
}

function bodyFrom(code: string, start: number): string {
  let depth = 1;
  let at = start;
  for (; at < code.length && depth > 0; at += 1) {
    depth += code.charAt(at) === '{' ? 1 : code.charAt(at) === '}' ? -1 : 0;
  }
  return code.slice(start, at);
}

const NO_FLAGS: Rule = {
  name: 'no context holds a flag',
  why: 'a field isX or hasX is a state that was missed: what is true belongs into the name of a state',
  find: (files) => files.filter(hasContext).flatMap(contextFlags),
  bad: {
    'actors/x.actor.ts': 'types: { context: {} as { readonly a: number; readonly isOpen: boolean } }',
    'actors/link-vocabulary.ts':
      'export interface LinkContext {\n  readonly a: { readonly b: 1 };\n  hasPeer?: true;\n}',
  },
  good: {
    'actors/x.actor.ts': 'types: { context: {} as { readonly a: number }, events: {} as { readonly isLast: boolean } }',
    'actors/x.ts': 'interface AContext { isOpen: boolean }',
  },
};

const ONE_EACH: Rule = {
  name: 'an actor file has exactly one machine and one definition, and no other file has either',
  why: 'so a folder listing shows what is alive',
  find: (files) =>
    files
      .filter(({ path }) => path.startsWith('actors/'))
      .flatMap((file): readonly Finding[] => {
        const machines = count(file.code, /\.createMachine\s*\(/g);
        const wanted = isActor(file) ? 1 : 0;
        return machines === wanted ? [] : [{ path: file.path, line: 1, what: `has ${machines} machines` }];
      }),
  bad: {
    'actors/x.ts': 'const m = setup({}).createMachine({});',
    'actors/x.actor.ts': 'setup({}).createMachine({}); setup({}).createMachine({});',
    'actors/y.actor.ts': 'const a = 1;',
  },
  good: { 'actors/x.actor.ts': 'const m = setup({}).createMachine({});' },
};

function count(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length;
}

describe('actor files', () => {
  const files = sourceFiles(['actors']);
  for (const rule of [NO_DELAYS, NO_INVOKE, PURE, NO_FLAGS, ONE_EACH]) {
    check(rule, files);
  }
});
