import type { FilePort } from '../../../../runtime/file-port.js';
import type { ProcessPort } from '../../../../runtime/process-port.js';
import type { ManualHost } from '../../../support/manual-host.js';
import { WorkParts } from './work-parts.js';

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** The ports of work actors over a disk and processes that never answer: what happens is told by messages alone. */
export class FrozenParts extends WorkParts {
  readonly #watches = new Set<object>();
  override readonly files: FilePort;
  override readonly processes: ProcessPort;

  constructor(host: ManualHost) {
    super(host);
    this.files = {
      makeFolder: never,
      makeNewFolder: never,
      folders: never,
      read: never,
      openRead: never,
      openAppend: never,
      create: never,
      replace: never,
      sizeOf: never,
      watch: () => {
        const watch = { close: () => void this.#watches.delete(watch) };
        this.#watches.add(watch);
        return watch;
      },
      remove: never,
    };
    this.processes = { check: never, start: () => undefined, isAlive: never, hasLife: never, signal: never };
  }

  override leftOpen(): readonly string[] {
    const watches = this.#watches.size;
    return [...super.leftOpen(), ...(watches === 0 ? [] : [`${watches} watches`])];
  }
}

/** For the fault matrix of a work actor. */
export function frozenOutside(host: ManualHost): { readonly ports: FrozenParts; leftOpen(): readonly string[] } {
  const ports = new FrozenParts(host);
  return { ports, leftOpen: () => ports.leftOpen() };
}
