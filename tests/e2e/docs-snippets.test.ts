import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkedOptions } from '../../actors/checked-options.js';
import { MeshNode } from '../../actors/mesh-node.js';
import { listening } from '../../actors/topics.js';
import { systemPorts } from '../../runtime/io/system-ports.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs/guide')).map((name) => `docs/guide/${name}`)];

/** Far above what anything here takes. */
const PATIENCE_MS = 120_000;

interface Snippet {
  /** `README.md, line 70`. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

interface Finished {
  readonly code: number;
  readonly text: string;
}

/** The blocks of a page that call themselves TypeScript. */
function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), (match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const file = `${page.replace(/\W/g, '-')}-${line}`;
    return { name: `${page}, line ${line}`, file, text: match[1] ?? '' };
  });
}

function run(program: string, args: readonly string[], cwd: string): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd, timeout: PATIENCE_MS }, (error, out, err) => {
      resolve({ code: error === null ? 0 : 1, text: `${out}${err}` });
    });
  });
}

/** A user's project, which has the package installed; in it nothing of our own settings counts. */
function projectOf(snippets: readonly Snippet[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'snippets-'));
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules', 'receptor-mesh'));
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'], outDir: 'built' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  for (const { file, text } of snippets) {
    writeFileSync(join(folder, `${file}.ts`), text);
  }
  return folder;
}

describe('the programs in the documentation', () => {
  const snippets = PAGES.flatMap(snippetsOf);
  const project = projectOf(snippets);
  const compiled = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], project);
  let stop = (): Promise<void> => Promise.resolve();
  let portNumber = 0;

  /** The node `a` of the pages, at a port that nobody else has. */
  before(async () => {
    const listeners = [{ address: { transport: 'tcp', host: '127.0.0.1', portNumber: 0 } }] as const;
    const options = checkedOptions({ id: 'a', dataDir: join(project, 'data'), listeners });
    const node = new MeshNode(options, systemPorts);
    stop = () => node.stop();
    node.system.hear(listening, ({ address }) => {
      portNumber = address.transport === 'tcp' ? address.portNumber : 0;
    });
    await node.started;
    assert.ok(portNumber > 0);
  });

  after(async () => {
    await stop();
    rmSync(project, { recursive: true, force: true });
  });

  it('are there', () => {
    assert.ok(snippets.length >= 4, `${snippets.length}`);
    assert.ok(snippets.some(({ name }) => name.startsWith('README.md')));
  });

  it('compile in a project of a user, who checks the types of libraries, too', async () => {
    const { code, text } = await compiled;

    assert.equal(code, 0, text);
  });

  for (const { name, file } of snippets) {
    it(`do what they say: ${name}`, async () => {
      await compiled;
      const built = join(project, 'built', `${file}.js`);
      const program = readFileSync(built, 'utf8')
        .replaceAll('/tmp/mesh', join(project, 'data'))
        .replace(/host: '127\.0\.0\.1', portNumber: \d+/g, `host: '127.0.0.1', portNumber: ${portNumber}`)
        .replace(/host: '0\.0\.0\.0', portNumber: \d+/g, `host: '127.0.0.1', portNumber: 0`);
      writeFileSync(built, program);

      const { code, text } = await run(process.execPath, [built], project);

      assert.equal(code, 0, text);
    });
  }
});
