/**
 * The part of the WebAssembly API that the engine needs.
 * The library typings that this project compiles against (ES2023, without a browser) do not have it.
 */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A compiled module; it can be instantiated many times. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyFace {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
}

// Every Node has it, unless it was started with its JIT switched off; then the first use says so.
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyFace };

/** Compiles, synchronously. Throws a CompileError on bytes that are no module. */
export function compile(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes);
}

/** Instantiates, synchronously. Throws a LinkError where an import is missing. */
export function instantiate(module: WasmModule, imports: WasmImports): WasmInstance {
  return new WebAssembly.Instance(module, imports);
}
