import { existsSync, readFileSync } from 'node:fs';
import { compile, type WasmModule } from './web-assembly.js';

/**
 * Where the built engine is, which is committed beside its sources and is not copied to `dist`: seen from `dist/bin/`,
 * where this file is a part of the program, and from `dist/runtime/quic/`. In this order none is outside of the package.
 */
const ENGINE_FILES = ['../../runtime/quic/engine.wasm', '../../../runtime/quic/engine.wasm'].map(
  (path) => new URL(path, import.meta.url),
);

let compiled: WasmModule | undefined;

/**
 * The compiled engine. Compiles at the first call (about 5 ms) and keeps the result for the process;
 * a node that never opens a stream pays nothing.
 */
export function engineModule(): WasmModule {
  compiled ??= compile(readFileSync(engineFile()));
  return compiled;
}

function engineFile(): URL {
  const found = ENGINE_FILES.find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(
      `the streams' engine is missing: ${ENGINE_FILES.map(({ pathname }) => pathname).join(' or ')}; install the package anew`,
    );
  }
  return found;
}
