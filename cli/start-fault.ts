import type { NodeEnd } from '../actors/node.actor.js';
import type { SessionAddress, SessionFault } from '../runtime/ports.js';
import { ConfigError } from './config/config-error.js';
import type { ConfigItem } from './config/config-item.js';
import type { Plan } from './config/plan.js';
import { listenText, showAddress } from './log/network-text.js';

type StartFailed = Extract<NodeEnd, { readonly type: 'start-failed' }>;

/** Why the node did not start, as a fault of the item that asked for the part that failed. */
export function startFault(end: StartFailed, parts: Plan['parts']): ConfigError {
  const { address, fault } = end;
  const item = parts.get(end.part);
  const text = address === undefined ? `${end.part}: ${fault.text}` : startText(address, fault, item);
  const cure = address === undefined ? '' : cureFor(address, fault);
  return new ConfigError(text, { place: item?.place() ?? '', cure });
}

/** The reference's prefixes; it finds its sockets in use by a lock file beside them. */
function startText(address: SessionAddress, fault: SessionFault, item: ConfigItem | undefined): string {
  if (address.transport !== 'unix') {
    const text = listenText(address, fault);
    return item?.entity.name === 'control-service' ? `error listening on TCP socket: ${text}` : text;
  }
  const why = SOCKET_WORDS.get(fault.code) ?? fault.text;
  return `error opening Unix socket: could not acquire lock on socket file: ${why}`;
}

const SOCKET_WORDS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'fslock is already locked'],
  ['EEXIST', 'the file exists and is no socket'],
  ['ENOENT', 'no such file or directory'],
  ['ENOTDIR', 'not a directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'read-only file system'],
]);

function cureFor(address: SessionAddress, { code }: SessionFault): string {
  const shown = showAddress(address);
  if (address.transport === 'unix') {
    return socketCure(shown, code);
  }
  switch (code) {
    case 'EADDRINUSE':
      return `another process listens there: choose another port, or end that process ("ss -ltnp" shows it)`;
    case 'EACCES':
      return 'ports below 1024 need the right to use them: choose one above';
    case 'EADDRNOTAVAIL':
      return `${address.host} is no address of this machine ("ip addr" shows them)`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'give an address of this machine';
    default:
      return '';
  }
}

function socketCure(path: string, code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `another process takes clients at ${path}: choose another file name, or end that process`;
    case 'EEXIST':
      return `choose another file name, or remove ${path}`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `make the directory of ${path} first`;
    case 'EACCES':
    case 'EROFS':
      return `this user may not make ${path}: choose another directory, or change its rights`;
    default:
      return '';
  }
}
