import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { engineModule } from '../../../../runtime/quic/module.js';

const FOLDER = new URL('../../../../../runtime/quic/', import.meta.url);

interface Record {
  readonly wasm: { readonly file: string; readonly bytes: number; readonly sha256: string };
  readonly sourcesSha256: string;
  readonly sources: Readonly<{ [path: string]: string }>;
}

/** Larger than this, the engine is no longer a small thing to carry in a package. */
const ENGINE_BYTES_MAX = 1_300_000;

const record = JSON.parse(readFileSync(new URL('engine.json', FOLDER), 'utf8')) as Record;

describe('the committed engine', () => {
  it('is the file that the record names', () => {
    const bytes = readFileSync(new URL(record.wasm.file, FOLDER));

    assert.equal(sha256(bytes), record.wasm.sha256);
    assert.equal(bytes.length, record.wasm.bytes);
    assert.ok(bytes.length < ENGINE_BYTES_MAX);
  });

  it('was built from the sources as they are now', () => {
    const now = Object.keys(record.sources).map((path) => [path, sha256(native(path))]);

    assert.deepEqual(
      Object.fromEntries(now),
      record.sources,
      'run runtime/quic/native/build.sh and commit its results',
    );
  });

  it('records every source file', () => {
    const rust = readdirSync(new URL('native/src/', FOLDER)).map((name) => `src/${name}`);
    const recorded = Object.keys(record.sources);

    assert.deepEqual(recorded.filter((path) => path.startsWith('src/')).sort(), rust.sort());
    for (const path of ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'build.sh', '.cargo/config.toml']) {
      assert.ok(recorded.includes(path), path);
    }
  });

  it('has a hash over all sources that follows from their hashes', () => {
    const lines = Object.entries(record.sources).map(([path, hash]) => `${hash}  ${path}\n`);

    assert.equal(sha256(Buffer.from(lines.join(''))), record.sourcesSha256);
  });

  it('holds no path of the machine that built it', () => {
    const text = readFileSync(new URL(record.wasm.file, FOLDER)).toString('latin1');

    assert.equal(/\/(home|root|Users|tmp|work)\//.exec(text), null);
    assert.ok(text.includes('/crates/'), 'paths of crates are mapped, not absent');
  });
});

describe('the list of licences', () => {
  it('names versions that are linked now', () => {
    const table = [
      ...native('LICENSES.md')
        .toString()
        .matchAll(/^\| ([\w-]+) +\| (\d[^ ]*) +\| .+ \|$/gm),
    ];
    const lock = native('Cargo.lock').toString();

    assert.ok(table.length > 20);
    for (const [, name, version] of table) {
      assert.ok(lock.includes(`name = "${name}"\nversion = "${version}"\n`), `${name} ${version}: run licenses.sh`);
    }
  });
});

describe('engineModule', () => {
  it('compiles once', () => {
    assert.equal(engineModule(), engineModule());
  });
});

function native(path: string): Buffer {
  return readFileSync(new URL(`native/${path}`, FOLDER));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
