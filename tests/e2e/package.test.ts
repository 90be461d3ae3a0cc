import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** Far above what anything here takes, so that a slow machine fails no test. */
const PATIENCE_MS = 300_000;

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Manifest;

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The package as a user gets it: packed, and installed with what it depends on in a folder that was empty. */
class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'package-'));
  readonly app = join(this.folder, 'app');
  /** Files of the package, as it was packed. */
  files: readonly string[] = [];

  /** Nothing is fetched: what the manifest names is packed from our own copies, and nothing else is there. */
  async install(): Promise<void> {
    mkdirSync(this.app);
    this.write('package.json', '{ "name": "app", "private": true, "type": "module" }');
    // Compiled already; what `prepack` does would take `dist` away from the tests that run now.
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', this.folder];
    const { out } = await this.#must('npm', pack, PROJECT);
    const [packed] = JSON.parse(out) as { readonly filename: string; readonly files: readonly { path: string }[] }[];
    assert.ok(packed !== undefined);
    this.files = packed.files.map(({ path }) => path);
    const names = Object.keys(manifest.dependencies);
    const others = await Promise.all(
      names.map(async (name) => {
        const { out: text } = await this.#must('npm', [...pack, join(PROJECT, 'node_modules', name)], this.folder);
        return (JSON.parse(text) as { readonly filename: string }[])[0]?.filename ?? assert.fail(name);
      }),
    );
    const archives = [packed.filename, ...others].map((name) => join(this.folder, name));
    await this.#must('npm', ['install', '--offline', '--no-audit', '--no-fund', ...archives], this.app);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.app, name), text);
  }

  run(command: string, args: readonly string[], cwd = this.app): Promise<Finished> {
    // `npm test` tells its children about this project; a user's npm knows nothing of it.
    const own = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^RECEPTORCTL_/i.test(name));
    const npm = { npm_config_cache: join(this.folder, 'cache'), npm_config_update_notifier: 'false' };
    const options = { cwd, env: { ...Object.fromEntries(own), ...npm }, timeout: PATIENCE_MS, maxBuffer: 2 ** 26 };
    return new Promise((resolve) => {
      execFile(command, args, options, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, out, err });
      });
    });
  }

  async node(script: string): Promise<Finished> {
    this.write('script.js', script);
    return await this.run(process.execPath, ['script.js']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #must(command: string, args: readonly string[], cwd: string): Promise<Finished> {
    const finished = await this.run(command, args, cwd);
    assert.equal(finished.code, 0, `${command} ${args.join(' ')}:\n${finished.out}${finished.err}`);
    return finished;
  }
}

describe('the package', () => {
  const installed = new Installed();
  before(() => installed.install(), { timeout: PATIENCE_MS });
  after(() => installed.remove());

  it('holds what it needs to run, to be debugged and to be passed on, and nothing else', () => {
    const { files } = installed;
    for (const file of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md', 'runtime/quic/engine.wasm']) {
      assert.ok(files.includes(file), file);
    }
    const strange = files.filter(
      (file) =>
        !/^(dist\/(actors|protocol|runtime)\/.*\.(js|js\.map|d\.ts)|dist\/bin\/[\w-]+\.js(\.map)?)$/.test(file) &&
        !/^(LICENSE|NOTICE|README\.md|CHANGELOG\.md|package\.json|runtime\/quic\/(engine\.wasm|native\/LICENSES\.md))$/.test(
          file,
        ),
    );
    assert.deepEqual(strange, []);
  });

  it('has maps that show the sources, which are not in it', () => {
    const folder = join(installed.app, 'node_modules/receptor-mesh/dist');
    const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'));
    const blind = maps.filter((name) => {
      const map = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { sources: []; sourcesContent?: [] };
      return map.sourcesContent?.length !== map.sources.length;
    });

    assert.ok(maps.length > 100);
    assert.deepEqual(blind, []);
  });

  it('names all that it needs: no more is installed', () => {
    const names = readdirSync(join(installed.app, 'node_modules')).filter((name) => !name.startsWith('.'));

    assert.deepEqual(names.sort(), ['receptor-mesh', ...Object.keys(manifest.dependencies)].sort());
  });

  it('has a program, by its own name and by that of the package', async () => {
    for (const name of ['receptor', 'receptor-mesh']) {
      const { code, out, err } = await installed.run('npx', ['--offline', name, '--version']);

      assert.deepEqual([code, out, err], [0, `${manifest.version}\n`, ''], name);
    }
  });

  it('shows its demo, streams and all, and says how it was called', async () => {
    const { code, out, err } = await installed.run('npx', ['--offline', 'receptor-mesh', 'demo']);

    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /(line [1-5] from gamma\n){5}/);
    assert.match(out, /\n {2}npx receptor-mesh demo --stay /);
  });

  it('runs a node in a program, with streams', async () => {
    const { code, out, err } = await installed.node(`
      import { createNode, MeshError, VERSION } from 'receptor-mesh';
      const node = await createNode({ id: 'alpha', controlServices: [{ service: 'control' }] });
      const { from } = await node.ping('alpha');
      const said = await new Promise((resolve, reject) => {
        node.ports.streams.dial({ node: 'alpha', service: 'control' }, {
          failed: reject,
          opened: (session) => session.attach({
            bytes: (chunk) => { session.abort(); resolve(new TextDecoder().decode(chunk)); },
            ended: () => undefined, drained: () => undefined, closed: reject,
          }),
        });
      });
      const unfit = await node.ping('').catch((error) => error instanceof MeshError && error.code);
      await node.stop();
      const refused = await createNode({ id: 'not a name' }).catch((error) => error instanceof MeshError && error.code);
      console.log(JSON.stringify([VERSION, from, said, refused, unfit]));
    `);

    assert.deepEqual([code, err], [0, '']);
    const [version, from, said, refused, unfit] = JSON.parse(out);
    assert.deepEqual([version, from], [manifest.version, 'alpha']);
    assert.deepEqual([refused, unfit], ['invalid-configuration', 'invalid-argument']);
    assert.match(said, /^Receptor Control, node alpha\n$/);
  });

  it('has the codecs and the simulation as parts of their own, and shows no other', async () => {
    const { code, out, err } = await installed.node(`
      import * as protocol from 'receptor-mesh/protocol';
      import { STORMY, World } from 'receptor-mesh/testing';
      import manifest from 'receptor-mesh/package.json' with { type: 'json' };
      const world = new World({ seed: 1, faults: STORMY });
      await world.advance(1_000);
      const inner = await import('receptor-mesh/dist/actors/create-node.js').catch(({ code }) => code);
      console.log(JSON.stringify([Object.keys(protocol).length > 10, world.nowMs, manifest.version, inner]));
    `);

    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out), [true, 1_000, manifest.version, 'ERR_PACKAGE_PATH_NOT_EXPORTED']);
  });

  it('has types that compile in the strictest way, without those of Node', async () => {
    installed.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...{ strict: true, noUncheckedIndexedAccess: true, noImplicitOverride: true, skipLibCheck: false },
          ...{ module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], types: [], noEmit: true },
        },
        files: ['use.ts'],
      }),
    );
    installed.write(
      'use.ts',
      `import { createNode, type CreateNodeOptions, defineActor, type MeshNode, MeshError, type MeshView, topics } from 'receptor-mesh';
       import * as protocol from 'receptor-mesh/protocol';
       import { type Program, SimulatedHost, World } from 'receptor-mesh/testing';
       const options: CreateNodeOptions = {
         id: 'alpha',
         listeners: [{ address: { transport: 'tcp', host: '0.0.0.0', portNumber: 0 }, cost: 1 }],
       };
       export async function view(): Promise<MeshView> {
         const node: MeshNode = await createNode(options);
         console.log(await node.ping('a'));
         return await node.view();
       }
       const program: Program = { stop: async () => undefined };
       const host: SimulatedHost = new World({ seed: 'a' }).host('a');
       host.start(() => program);
       export const code: 'start-failed' | 'invalid-configuration' | string = new MeshError('start-failed', 'x').code;
       export { defineActor, protocol, topics };
       // @ts-expect-error: an id is a text
       void createNode({ id: 7 });
       // @ts-expect-error: a transport that there is not
       void createNode({ id: 'a', peers: [{ address: { transport: 'carrier pigeon' } }] });
      `,
    );
    const compiler = join(PROJECT, 'node_modules/typescript/bin/tsc');
    assert.ok(existsSync(compiler));

    const { code, out, err } = await installed.run(process.execPath, [compiler, '-p', '.']);

    assert.deepEqual([code, out, err], [0, '', '']);
  });
});
