import { PORT_MAX } from '../../actors/option-rules.js';
import { portNumberOf } from './host-port.js';

export interface WebSocketUrl {
  readonly scheme: 'ws' | 'wss';
  /** Without brackets. */
  readonly host: string;
  readonly portNumber: number;
  /** With the query, if there is one; begins with a slash. */
  readonly path: string;
}

export type WebSocketUrlResult =
  | { readonly ok: true; readonly value: WebSocketUrl }
  | { readonly ok: false; readonly text: string };

const PORTS = { ws: 80, wss: 443 } as const;

/** `ws://alpha:8080/mesh`, `wss://[::1]/`. A user name belongs to proxies, a fragment to pages: both are refused. */
export function webSocketUrlOf(text: string): WebSocketUrlResult {
  const refused = (why: string): WebSocketUrlResult => ({ ok: false, text: `address ${text}: ${why}` });
  const match = /^(ws|wss):\/\/(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^/?#@[\]:\s]+)(?::(\d*))?([/?][!-"$-~]*)?$/i.exec(text);
  if (match === null) {
    return refused(/^wss?:\/\//i.test(text) ? 'malformed URL' : 'the scheme is neither ws nor wss');
  }
  const scheme = match[1]?.toLowerCase() === 'wss' ? 'wss' : 'ws';
  const port = match[3] ?? '';
  const portNumber = port === '' ? PORTS[scheme] : portNumberOf(port);
  if (portNumber === undefined || portNumber === 0) {
    return refused(`the port is a number from 1 to ${PORT_MAX}`);
  }
  const rest = match[4] ?? '/';
  const host = (match[2] ?? '').replace(/^\[(.*)\]$/, '$1');
  return { ok: true, value: { scheme, host, portNumber, path: rest.startsWith('/') ? rest : `/${rest}` } };
}
