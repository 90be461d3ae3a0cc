// Addresses as users write them, split by Go's rules and refused in its words (mesh-protocol 9.1).

import { isPortNumber, PORT_MAX } from '../../actors/option-rules.js';

export interface HostPort {
  /** Without brackets; may be empty, which means every address to a listener and this machine to a dialer. */
  readonly host: string;
  readonly portNumber: number;
}

export type SplitAddress =
  | { readonly ok: true; readonly value: HostPort }
  | { readonly ok: false; readonly text: string; readonly cure: string };

const CURE = 'write it as host:port, an IPv6 address in brackets: [::1]:2222';

/** `alpha.example.org:2222`, `[::1]:2222`, `:2222`. */
export function splitHostPort(text: string): SplitAddress {
  const refused = (why: string, cure: string = CURE): SplitAddress => {
    return { ok: false, text: text === '' ? why : `address ${text}: ${why}`, cure };
  };
  const colon = text.lastIndexOf(':');
  if (colon < 0) {
    return refused('missing port in address');
  }
  const bracketed = /^\[([^[\]]*)\]:([^[\]:]*)$/.exec(text);
  if (bracketed === null && /[[\]]/.test(text)) {
    return refused(/^\[[^[\]]*\]$/.test(text) ? 'missing port in address' : 'unexpected bracket in address');
  }
  if (bracketed === null && text.indexOf(':') !== colon) {
    return refused('too many colons in address');
  }
  const host = bracketed?.[1] ?? text.slice(0, colon);
  const port = bracketed?.[2] ?? text.slice(colon + 1);
  const portNumber = portNumberOf(port);
  if (portNumber === undefined) {
    const isNumber = /^[0-9]+$/.test(port);
    const why = isNumber ? 'invalid port' : `lookup tcp/${port}: unknown port`;
    return refused(why, `the port is a number from 0 to ${PORT_MAX}`);
  }
  return { ok: true, value: { host, portNumber } };
}

/** `undefined` for what is no port; names such as `http` are not looked up. */
export function portNumberOf(text: string): number | undefined {
  return /^[0-9]{1,5}$/.test(text) && isPortNumber(Number(text), { least: 0 }) ? Number(text) : undefined;
}

/** As Go prints it: `127.0.0.1:2222`, `[::1]:2222`. */
export function showHostPort(host: string, portNumber: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${portNumber}`;
}
