import type { SessionAddress } from '../runtime/ports.js';
import { splitHostPort } from './config/host-port.js';

export type ControlAddress =
  | { readonly ok: true; readonly address: SessionAddress }
  | { readonly ok: false; readonly text: string };

/**
 * Where a control service is, in the forms of receptorctl: `PATH`, `unix:PATH`, `unix://PATH`, `tcp:HOST:PORT`,
 * `tcp://HOST:PORT`. A `~/` at the start of a path is the home directory.
 */
export function parseControlAddress(text: string, home: string | undefined): ControlAddress {
  const [, scheme = '', rest = text] = /^(unix|tcp|tls):(?:\/\/)?(.*)$/.exec(text) ?? [];
  switch (scheme) {
    case 'tls':
      return { ok: false, text: `${text}: TLS to the control service is not built into this version yet` };
    case 'tcp': {
      const split = splitHostPort(rest);
      if (!split.ok) {
        return { ok: false, text: split.text };
      }
      const { host, portNumber } = split.value;
      return { ok: true, address: { transport: 'tcp', host: host === '' ? 'localhost' : host, portNumber } };
    }
    default: {
      if (FOREIGN.test(rest)) {
        return { ok: false, text: `${text} is no address of a control service` };
      }
      const path = rest.startsWith('~/') && home !== undefined ? `${home}${rest.slice(1)}` : rest;
      return path === '' ? { ok: false, text: 'the path of the socket is empty' } : unix(path);
    }
  }
}

/** `http://alpha:2222` is no file that anybody means. */
const FOREIGN = /^[a-z][a-z0-9+.-]*:\/\//i;

function unix(path: string): ControlAddress {
  return { ok: true, address: { transport: 'unix', path } };
}
