import { describe, RuntimeError } from '../errors.js';
import { ABI_VERSION, type EngineExports, NUMBERS } from './abi.js';
import type { EngineHost, SigningKey } from './engine.js';
import { engineImports } from './imports.js';
import { engineModule } from './module.js';
import { instantiate } from './web-assembly.js';

/** Characters kept of what a panic prints: its message and its place, not more. */
const PRINTED_MAX = 2_000;

/** Somebody who lives in an instance and must hear when it breaks. */
export interface Tenant {
  /** The instance is dead. Called once, in the middle of somebody's call: only note it. */
  instanceFailed(reason: string): void;
}

/** Where the engine keeps its areas in its memory. */
interface Areas {
  readonly inputAt: number;
  readonly inputBytes: number;
  readonly outputAt: number;
  readonly outputBytes: number;
  readonly numbersAt: number;
}

/** The engine's memory as arrays. They are replaced when the memory grows, so ask again before each use. */
interface Views {
  readonly buffer: ArrayBuffer;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  readonly numbers: Uint32Array;
}

/**
 * One WebAssembly instance of the engine: its memory, its keys, and the mark that it is dead.
 *
 * A panic in the engine traps, and leaves its state half changed. A later call would not necessarily throw, but work on
 * that state. Therefore *any* throw out of the engine marks the instance dead, and no call enters it again.
 */
export class EngineInstance {
  readonly host: EngineHost;
  readonly #tenants = new Set<Tenant>();
  readonly #keys = new Map<number, SigningKey>();
  readonly #exports: EngineExports;
  readonly #areas: Areas;
  #views: Views;
  #lastKey = 0;
  #printed = '';
  #fault: string | undefined;
  #hostFailures = 0;
  #lastHostFailure: string | undefined;

  constructor(host: EngineHost) {
    this.host = host;
    const { exports } = instantiate(
      engineModule(),
      engineImports({
        host,
        bytes: () => new Uint8Array(this.#exports.memory.buffer),
        key: (id) => this.#keys.get(id),
        printed: (text) => {
          this.#printed = (this.#printed + text).slice(-PRINTED_MAX);
        },
        hostFailed: (thrown) => {
          this.#hostFailures += 1;
          this.#lastHostFailure = describe(thrown);
        },
      }),
    );
    // The border to foreign code: what the file exports is known only by the version that it states.
    this.#exports = exports as unknown as EngineExports;
    if (this.#exports.abi_version() !== ABI_VERSION) {
      throw new RuntimeError('engine-fault', 'The built stream engine does not fit this program; it must be rebuilt');
    }
    this.#areas = findAreas(this.#exports);
    this.#views = mapViews(this.#exports.memory.buffer, this.#areas);
  }

  /** Why the instance is dead; `undefined` while it lives. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Bytes of linear memory. It never shrinks. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Exceptions of keys and of signature checks, each of which failed one handshake; and the text of the last one. */
  get hostFailures(): { readonly count: number; readonly last: string | undefined } {
    return { count: this.#hostFailures, last: this.#lastHostFailure };
  }

  /** Where bytes for the engine are put. */
  get input(): Uint8Array {
    return this.#current().input;
  }

  /** Where bytes of the engine are found. Valid until the next call. */
  get output(): Uint8Array {
    return this.#current().output;
  }

  /** Where numbers of the engine are found. Valid until the next call. */
  get numbers(): Uint32Array {
    return this.#current().numbers;
  }

  /** Runs one or more calls of the engine; `otherwise` when the instance is dead or dies in them. */
  call<T>(work: (exports: EngineExports) => T, otherwise: T): T {
    if (this.#fault !== undefined) {
      return otherwise;
    }
    try {
      return work(this.#exports);
    } catch (thrown) {
      this.#fail(thrown);
      return otherwise;
    }
  }

  /** Makes a key usable by the endpoints of this instance; returns its id. */
  addKey(key: SigningKey): number {
    this.#lastKey += 1;
    this.#keys.set(this.#lastKey, key);
    return this.#lastKey;
  }

  removeKey(id: number): void {
    this.#keys.delete(id);
  }

  admit(tenant: Tenant): void {
    this.#tenants.add(tenant);
  }

  dismiss(tenant: Tenant): void {
    this.#tenants.delete(tenant);
  }

  /** For tests only: makes the engine panic, as a bug in it would. */
  provokeTrap(): void {
    this.call((engine) => engine.provoke_trap(), undefined);
  }

  #fail(thrown: unknown): void {
    const printed = this.#printed.trim();
    this.#fault = printed === '' ? describe(thrown) : `${describe(thrown)}: ${printed}`;
    const tenants = [...this.#tenants];
    this.#tenants.clear();
    for (const tenant of tenants) {
      tenant.instanceFailed(this.#fault);
    }
  }

  #current(): Views {
    const { buffer } = this.#exports.memory;
    if (this.#views.buffer !== buffer) {
      this.#views = mapViews(buffer, this.#areas);
    }
    return this.#views;
  }
}

/** Asked once: the areas never move, and a dead instance must not be asked again. */
function findAreas(engine: EngineExports): Areas {
  return {
    inputAt: engine.input_area(),
    inputBytes: engine.input_capacity(),
    outputAt: engine.output_area(),
    outputBytes: engine.output_capacity(),
    numbersAt: engine.numbers_area(),
  };
}

function mapViews(buffer: ArrayBuffer, areas: Areas): Views {
  return {
    buffer,
    input: new Uint8Array(buffer, areas.inputAt, areas.inputBytes),
    output: new Uint8Array(buffer, areas.outputAt, areas.outputBytes),
    numbers: new Uint32Array(buffer, areas.numbersAt, NUMBERS),
  };
}
