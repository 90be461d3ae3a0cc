// What the values of a node's options must be, however they were spelled. The library's face and the command line judge
// by the same rules; each has words of its own.
import { textByteLength } from '../protocol/text.js';

export const PORT_MAX = 65_535;
/** Bytes. What Linux has room for in the address of a Unix socket, less the closing zero byte. */
export const SOCKET_PATH_BYTES_MAX = 107;
/** The least that the reference takes, and its default: two of its updates and a second (mesh-protocol 2.5). */
export const IDLE_LIMIT_MS = 21_000;

const MODE_MAX = 0o777;

/** The reference also takes `inf` and `nan`, which no route computation survives. */
export function isCost(cost: number): boolean {
  return cost > 0 && Number.isFinite(cost);
}

/** 0 takes any free port; nobody can be dialled there. */
export function isPortNumber(portNumber: number, { least }: { readonly least: 0 | 1 }): boolean {
  return Number.isInteger(portNumber) && portNumber >= least && portNumber <= PORT_MAX;
}

export function isSocketPath(path: string): boolean {
  return path !== '' && textByteLength(path) <= SOCKET_PATH_BYTES_MAX && !path.includes('\0');
}

export function isFileMode(mode: number): boolean {
  return Number.isInteger(mode) && mode >= 0 && mode <= MODE_MAX;
}

export function isIdleLimit(ms: number): boolean {
  return Number.isFinite(ms) && ms >= IDLE_LIMIT_MS;
}

/** A place for clients: a control service without any would start nothing, and never be ready. */
export function takesClients(control: { readonly service?: unknown; readonly sockets?: readonly unknown[] }): boolean {
  return control.service !== undefined || (control.sockets ?? []).length > 0;
}

/** The first two items of one name. Items without a name (`undefined`) may be many. */
export function firstRepeated<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string | undefined,
): { readonly name: string; readonly earlier: Item; readonly later: Item } | undefined {
  const seen = new Map<string, Item>();
  for (const later of items) {
    const name = nameOf(later);
    const earlier = name === undefined ? undefined : seen.get(name);
    if (name !== undefined && earlier !== undefined) {
      return { name, earlier, later };
    }
    if (name !== undefined) {
      seen.set(name, later);
    }
  }
  return undefined;
}
