import type { Socket } from 'node:net';
import type { ProxyAddress, SessionFault } from '../ports.js';
import { hostAndPort } from './address-text.js';

/** How long a proxy may think. */
const ANSWER_WITHIN_MS = 15_000;

/** Bytes of an answer's head; more is no answer of a proxy. */
const HEAD_BYTES_MAX = 16_384;

const END_OF_HEAD = '\r\n\r\n';

export interface ProxyHandler {
  opened(): void;
  failed(fault: SessionFault): void;
}

/**
 * Asks the proxy at the other end of `socket` for a way to `target` (RFC 9110, 9.3.6). What the far side said behind
 * the proxy's answer is put back into the socket. Exactly one of the handler's ends is called.
 */
export function askProxy(
  socket: Socket,
  way: { readonly proxy: ProxyAddress; readonly host: string; readonly portNumber: number },
  handler: ProxyHandler,
): void {
  const target = hostAndPort(way.host, way.portNumber);
  const fail = (text: string): void => {
    stop();
    socket.destroy();
    handler.failed({ code: 'proxy', text: `the proxy ${hostAndPort(way.proxy.host, way.proxy.portNumber)} ${text}` });
  };
  let head = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0 && head.length <= HEAD_BYTES_MAX) {
      return;
    }
    const status = /^HTTP\/1\.[01] (\d{3})(?=[ \r]|$)(?: ([\x20-\x7e]{0,100}))?/.exec(
      head.toString('latin1', 0, Math.max(0, end)),
    );
    if (status === null) {
      fail('does not answer as an HTTP proxy does');
    } else if (status[1]?.startsWith('2') !== true) {
      fail(`refuses the way to ${target}: ${status[1]} ${status[2] ?? ''}${CURES.get(status[1] ?? '') ?? ''}`);
    } else {
      stop();
      const rest = head.subarray(end + END_OF_HEAD.length);
      if (rest.length > 0) {
        socket.unshift(rest);
      }
      handler.opened();
    }
  };
  const closed = (): void => fail('closed the connection before it answered');
  const timer = setTimeout(() => fail(`did not answer within ${ANSWER_WITHIN_MS / 1_000} s`), ANSWER_WITHIN_MS);
  const stop = (): void => {
    clearTimeout(timer);
    socket.pause();
    socket.off('data', read);
    socket.off('end', closed);
    socket.off('close', closed);
  };
  socket.on('data', read);
  // A proxy that only sends no more would keep us until the time is up.
  socket.once('end', closed);
  socket.once('close', closed);
  socket.write(requestFor(target, way.proxy));
}

function requestFor(target: string, { credentials }: ProxyAddress): string {
  const basic = credentials === undefined ? undefined : Buffer.from(credentials.reveal()).toString('base64');
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    ...(basic === undefined ? [] : [`Proxy-Authorization: Basic ${basic}`]),
  ];
  return `${lines.join('\r\n')}${END_OF_HEAD}`;
}

const CURES: ReadonlyMap<string, string> = new Map([
  ['407', ' (give user and password in the proxy URL: http://user:password@host:port)'],
]);
