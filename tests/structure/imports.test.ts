import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, type Finding, type Rule } from '../support/rule.js';
import { importsOf } from '../support/source-imports.js';
import { type SourceFile, sourceFile, sourceFiles } from '../support/source-tree.js';

/** A part of the tree: which files it is, what it may import of ours, and why no more. */
interface Area {
  readonly name: string;
  readonly files: RegExp;
  readonly mayImport: readonly string[];
  /** Areas of which it may import types only. */
  readonly mayImportTypes?: readonly string[];
  readonly why: string;
}

const RUNTIME = 'the actor runtime';
const CERTIFICATES = 'the judges of certificates';
const GROUND = "the actors' ground";
const FLOORS = ['security', 'mesh', 'services', 'streams', 'control', 'work'] as const;

/** Families of actors from the ground up; a family may import those before it that its row names. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  security: [],
  mesh: ['security'],
  services: ['security', 'mesh'],
  streams: ['security', 'mesh', 'services'],
  custody: ['security', 'mesh', 'services', 'streams'],
  control: ['security', 'mesh', 'services', 'streams'],
  directives: ['security', 'mesh', 'services', 'streams', 'custody', 'control'],
  work: ['security', 'mesh', 'services', 'streams', 'custody', 'control'],
  inspector: ['security', 'mesh', 'services', 'streams', 'custody', 'control'],
};

/** The table is the documentation: first match counts. */
const AREAS: readonly Area[] = [
  {
    name: 'protocol',
    files: /^protocol\//,
    mayImport: ['protocol'],
    why: 'bytes, values and decisions must be usable and testable without anything that lives',
  },
  {
    name: 'the simulation',
    files: /^runtime\/simulation\//,
    mayImport: [RUNTIME, 'the simulation'],
    why: 'it pretends an outside for any program; it knows no other',
  },
  {
    name: 'the system side',
    files: /^runtime\/(io|store)\//,
    mayImport: [RUNTIME, CERTIFICATES, 'the system side', 'the stream engine'],
    why: 'it is one outside among others; the runtime must not depend on which one it has',
  },
  {
    name: 'the stream engine',
    files: /^runtime\/quic\//,
    mayImport: [RUNTIME, CERTIFICATES, 'the stream engine'],
    why: 'the engine is the same in production and in the simulation; both give it its clock and its chance',
  },
  {
    name: CERTIFICATES,
    files: /^runtime\/security\//,
    mayImport: [RUNTIME, CERTIFICATES],
    why: 'certificates are judged the same over every transport: nothing here opens a session',
  },
  {
    name: RUNTIME,
    files: /^runtime\/[^/]+\.ts$/,
    mayImport: [RUNTIME],
    mayImportTypes: [CERTIFICATES],
    why: 'the runtime is generic: it has never heard of what runs on it, nor of where it runs',
  },
  ...Object.entries(FAMILIES).map(
    ([family, below]): Area => ({
      name: `actors/${family}`,
      files: new RegExp(`^actors/${family}/`),
      mayImport: [
        'protocol',
        RUNTIME,
        CERTIFICATES,
        'the stream engine',
        GROUND,
        `actors/${family}`,
        ...below.map((name) => `actors/${name}`),
      ],
      why: 'families stand on floors: call and send downward, publish topics upward',
    }),
  ),
  {
    name: GROUND,
    files: /^actors\/(addresses|errors|handover|node-options|ports|topics|version)\.ts$/,
    mayImport: ['protocol', RUNTIME, GROUND],
    mayImportTypes: [CERTIFICATES, 'the stream engine', ...Object.keys(FAMILIES).map((family) => `actors/${family}`)],
    why: 'every family stands on it; it may name what a family needs, but not run it',
  },
  {
    name: 'the face for tests',
    files: /^actors\/testing\//,
    mayImport: ['the simulation', GROUND, "the actors' roof", 'the face for tests'],
    why: 'it puts a node into the pretended world; a node knows no such world',
  },
  {
    name: "the actors' roof",
    files: /^actors\/[^/]+\.ts$/,
    mayImport: [
      'protocol',
      RUNTIME,
      CERTIFICATES,
      'the system side',
      'the stream engine',
      GROUND,
      "the actors' roof",
      ...Object.keys(FAMILIES).map((family) => `actors/${family}`),
    ],
    why: 'it assembles a node; only it may plug the real world in',
  },
  {
    name: 'cli',
    files: /^cli\//,
    mayImport: [
      'protocol',
      RUNTIME,
      CERTIFICATES,
      'the system side',
      'the stream engine',
      GROUND,
      "the actors' roof",
      ...FLOORS.map((family) => `actors/${family}`),
      'cli',
    ],
    why: 'it stands above everything, and nobody may depend on it',
  },
];

const FALLBACK: Area = {
  name: 'nowhere',
  files: /^/,
  mayImport: [],
  why: 'every source file belongs to an area of the table',
};

const areaOf = (path: string): Area => AREAS.find(({ files }) => files.test(path)) ?? FALLBACK;

/** Findings for each import of each file that `judge` complains about. */
function judging(
  judge: (file: SourceFile, imported: ReturnType<typeof importsOf>[number]) => string | undefined,
): Rule['find'] {
  return (files) =>
    files.flatMap((file) =>
      importsOf(file.path, file.text).flatMap((imported): readonly Finding[] => {
        const what = judge(file, imported);
        return what === undefined ? [] : [{ path: file.path, line: imported.line, what }];
      }),
    );
}

const PAIRS: Rule = {
  name: 'every part imports only those parts of ours that the table allows it',
  why: 'the table at the head of tests/structure/imports.test.ts says why for each part',
  find: judging(({ path }, { target, isTypeOnly }) => {
    if (target === undefined) {
      return undefined;
    }
    const [from, to] = [areaOf(path), areaOf(target)];
    const isAllowed =
      from.mayImport.includes(to.name) || (isTypeOnly && from.mayImportTypes?.includes(to.name) === true);
    return isAllowed ? undefined : `${from.name} may not import ${to.name} (${target}): ${from.why}`;
  }),
  bad: {
    'protocol/x.ts': "import { Ring } from '../runtime/ring.js';",
    'runtime/x.ts': "export { Frame } from '../protocol/frame.js';",
    'runtime/y.ts': "import { World } from './simulation/world.js';",
    'runtime/simulation/x.ts': "const { files } = await import('../io/files.js');",
    'actors/mesh/x.ts': "import type { Stream } from '../streams/stream.js';",
    'actors/security/x.ts': "import { Forwarder } from '../mesh/forwarder.js';",
    'runtime/z.ts': "import { chainRefusal } from './security/chain.js';",
    'runtime/security/x.ts': "import { files } from '../io/files.js';",
    'actors/ports.ts': "import { Forwarder } from './mesh/forwarder.js';",
    'actors/control/x.ts': "import { keep } from '../custody/keeper.actor.js';",
    'actors/mesh/y.ts': "import { files } from '../../runtime/io/files.js';",
    'actors/node.actor.ts': "import '../cli/main.js';",
    'actors/create-node.ts': "import { World } from '../runtime/simulation/world.js';",
    'elsewhere/x.ts': "import { a } from './y.js';",
  },
  good: {
    'protocol/x.ts': "import { a } from './netceptor/y.js';",
    'actors/mesh/y.ts': "import { SecurityProfiles } from '../security/security-profiles.js';",
    'actors/ports.ts': "import type { Forwarder } from './mesh/forwarder.js';",
    'actors/testing/x.ts': "import { World } from '../../runtime/simulation/world.js';",
    'actors/work/x.ts': "import { ask } from '../control/commands.js';\nimport { topics } from '../topics.js';",
    'actors/create-node.ts': "import { systemPorts } from '../runtime/io/system-ports.js';",
    'runtime/y.ts': "import type { ServerProfile } from './security/profile.js';",
    'runtime/io/x.ts': "import { chainRefusal } from '../security/chain.js';",
    'runtime/x.ts': "// import { a } from '../protocol/a.js';\nconst text = \"import { a } from '../protocol/a.js'\";",
  },
};

const FACES: Rule = {
  name: 'nobody inside imports an index.ts',
  why: 'an index is the public face for users; inside, each name comes from the file that bears it',
  find: judging((_, { target }) => (target?.endsWith('/index.ts') ? `imports ${target}` : undefined)),
  bad: { 'cli/x.ts': "import { createNode } from '../actors/index.js';" },
  good: { 'cli/x.ts': "import { createNode } from '../actors/create-node.js';" },
};

const XSTATE: Rule = {
  name: 'only actor files, and the three files that define and run them, import xstate',
  why: 'one place where machines meet our world; everything else sees messages and wishes',
  find: judging(({ path }, { from }) => {
    const mayImport = /^runtime\/(definition|define-actor|machine-run)\.ts$|^actors\/.*\.actor\.ts$/.test(path);
    return /^xstate(\/|$)/.test(from) && !mayImport ? 'imports xstate' : undefined;
  }),
  bad: {
    'runtime/cell.ts': "import { createActor } from 'xstate';",
    'actors/mesh/link-rules.ts': "import { assign } from 'xstate';",
  },
  good: {
    'actors/mesh/link.actor.ts': "import { setup } from 'xstate';",
    'runtime/machine-run.ts': "import { createActor } from 'xstate';",
  },
};

/** Who may import which module that is not ours; first match counts. */
const OUTSIDERS: readonly { readonly files: RegExp; readonly modules: RegExp; readonly why: string }[] = [
  { files: /^protocol\//, modules: /^msgpackr$/, why: 'protocol/ is pure; a codec is the only stranger it may know' },
  {
    files: /^runtime\/(io|store)\//,
    modules: /^(node:|ws$|level$|abstract-level$|memory-level$)/,
    why: 'the real world enters here and nowhere else',
  },
  {
    files: /^runtime\/quic\//,
    modules: /^node:(fs|crypto|url)$/,
    why: "the engine's file and the host's keys are all that it needs of Node",
  },
  {
    files: /^runtime\/security\//,
    modules: /^node:crypto$/,
    why: 'certificates, keys and digests are values of Node; nothing else of it is needed to judge them',
  },
  { files: /^runtime\//, modules: /^xstate/, why: 'the runtime gets clock, chance and sessions through its ports' },
  { files: /^actors\/.*\.actor\.ts$/, modules: /^xstate/, why: "an actor's outside are its ports" },
  {
    files: /^actors\/inspector\/page\//,
    modules: /^(preact|elkjs|d3-force)/,
    why: 'the page is bundled and runs in a browser',
  },
  {
    files: /^actors\/pattern\.ts$/,
    modules: /^re2js$/,
    why: 'one place knows whose patterns they are; everything else sees a compiler of patterns',
  },
  { files: /^actors\//, modules: /^$/, why: 'actors get everything through ports' },
  {
    files: /^cli\/demo\//,
    modules: /^node:(child_process|fs|os|path|process|readline)(\/.*)?$/,
    why: 'the demo is a user: it starts the program as others do',
  },
  {
    files: /^cli\/cert\//,
    modules: /^(node:(crypto|fs|net|path|util)(\/.*)?|commander)$/,
    why: 'certificates are keys and signatures; of the network they only know how an address is written',
  },
  {
    files: /^cli\//,
    modules: /^(node:(fs|os|path|process|readline|url|tty)(\/.*)?|commander|yaml|pino)$/,
    why: 'the command line reads files and arguments; sockets and processes are ports',
  },
];

const MODULES: Rule = {
  name: 'modules of Node and of others are imported only where the table allows them',
  why: 'each outward need has one door; the table in tests/structure/imports.test.ts names it',
  find: judging(({ path }, { from, target }) => {
    if (target !== undefined) {
      return undefined;
    }
    const row = OUTSIDERS.find(({ files }) => files.test(path));
    return row?.modules.test(from) === true ? undefined : `imports ${from}: ${row?.why ?? 'not in the table'}`;
  }),
  bad: {
    'protocol/x.ts': "import { createHash } from 'node:crypto';",
    'runtime/x.ts': "import { readFileSync } from 'node:fs';",
    'runtime/simulation/x.ts': "import process from 'node:process';",
    'runtime/quic/x.ts': "import { connect } from 'node:net';",
    'runtime/security/x.ts': "import { connect } from 'node:tls';",
    'runtime/y.ts': "import { WebSocket } from 'ws';",
    'actors/mesh/x.ts': "import { connect } from 'node:net';",
    'actors/mesh/firewall.ts': "import { RE2JS } from 're2js';",
    'actors/security/x.ts': "import type { X509Certificate } from 'node:crypto';",
    'cli/x.ts': "import { spawn } from 'node:child_process';",
  },
  good: {
    'runtime/io/x.ts': "import { connect } from 'node:net';",
    'runtime/quic/x.ts': "import { readFileSync } from 'node:fs';",
    'runtime/security/x.ts': "import { X509Certificate } from 'node:crypto';",
    'actors/pattern.ts': "import { RE2JS } from 're2js';",
    'cli/x.ts': "import { Command } from 'commander';",
    'cli/demo/x.ts': "import { spawn } from 'node:child_process';",
  },
};

/** Files from which one comes back to the file itself by following imports, types included. */
function circlesOf(files: readonly SourceFile[]): readonly Finding[] {
  const graph = new Map(files.map(({ path, text }) => [path, importsOf(path, text)]));
  return files.flatMap(({ path }): readonly Finding[] => {
    const way = wayBack(path, graph);
    // Each circle is told once, at its first file.
    return way === undefined || way.some((step) => step < path)
      ? []
      : [{ path, line: 1, what: [path, ...way].join(' > ') }];
  });
}

function wayBack(
  start: string,
  graph: ReadonlyMap<string, readonly { readonly target: string | undefined }[]>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (const path of waiting) {
    for (const { target } of graph.get(path) ?? []) {
      if (target === start) {
        return trail(path, cameFrom, start);
      }
      if (target !== undefined && !cameFrom.has(target)) {
        cameFrom.set(target, path);
        waiting.push(target);
      }
    }
  }
  return undefined;
}

function trail(end: string, cameFrom: ReadonlyMap<string, string>, start: string): readonly string[] {
  const way = [start];
  for (let path: string | undefined = end; path !== undefined && path !== start; path = cameFrom.get(path)) {
    way.unshift(path);
  }
  return way;
}

const CIRCLES: Rule = {
  name: 'there is no circle of imports, not even of types',
  why: 'two files that need each other are one thing; a circle hides which of them owns what',
  find: circlesOf,
  bad: { 'runtime/x.ts': "import type { X } from './x.js';" },
  good: { 'runtime/x.ts': "import { Ring } from './ring.js';" },
};

it('a circle is told with all its files, once', () => {
  const files = [
    sourceFile('runtime/a.ts', "import { b } from './b.js';"),
    sourceFile('runtime/b.ts', "import type { C } from './c.js';\nimport { d } from './d.js';"),
    sourceFile('runtime/c.ts', "export { a } from './a.js';"),
    sourceFile('runtime/d.ts', ''),
  ];

  assert.deepEqual(
    CIRCLES.find(files).map(({ what }) => what),
    ['runtime/a.ts > runtime/b.ts > runtime/c.ts > runtime/a.ts'],
  );
});

describe('imports', () => {
  const files = sourceFiles();
  for (const rule of [PAIRS, FACES, XSTATE, MODULES, CIRCLES]) {
    check(rule, files);
  }
});
