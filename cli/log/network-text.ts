import type { SessionAddress, SessionFault } from '../../runtime/ports.js';
import { showHostPort } from '../config/host-port.js';

/** What Go says for the codes of the operating system; people know these words and search for them. */
const CONNECT_WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connect: connection refused'],
  ['ECONNRESET', 'read: connection reset by peer'],
  ['EHOSTUNREACH', 'connect: no route to host'],
  ['ENETUNREACH', 'connect: network is unreachable'],
  ['ETIMEDOUT', 'connect: connection timed out'],
  ['EACCES', 'connect: permission denied'],
  ['ENOENT', 'connect: no such file or directory'],
]);

const BIND_WORDS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'bind: address already in use'],
  ['EADDRNOTAVAIL', 'bind: cannot assign requested address'],
  ['EACCES', 'bind: permission denied'],
  ['EPERM', 'bind: operation not permitted'],
]);

const LOOKUP_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);

/** `127.0.0.1:2222`, `[::1]:2222`, or the path of a socket. */
export function showAddress(address: SessionAddress): string {
  return address.transport === 'unix' ? address.path : showHostPort(address.host, address.portNumber);
}

/** Why a dial failed: `dial tcp 127.0.0.1:2222: connect: connection refused`. */
export function dialText(address: SessionAddress, fault: SessionFault): string {
  return networkText('dial', address, CONNECT_WORDS, fault);
}

/** Why a place could not be opened: `listen tcp 127.0.0.1:2222: bind: address already in use`. */
export function listenText(address: SessionAddress, fault: SessionFault): string {
  return networkText('listen', address, BIND_WORDS, fault);
}

function networkText(
  verb: 'dial' | 'listen',
  address: SessionAddress,
  words: ReadonlyMap<string, string>,
  { code, text }: SessionFault,
): string {
  if (LOOKUP_CODES.has(code) && address.transport !== 'unix') {
    return `${verb} ${address.transport}: lookup ${address.host}: no such host`;
  }
  return `${verb} ${address.transport} ${showAddress(address)}: ${words.get(code) ?? text}`;
}
