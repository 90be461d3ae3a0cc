import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startFault } from '../../../cli/start-fault.js';
import type { SessionAddress } from '../../../runtime/ports.js';
import { plan } from './config/plan-of.js';

const TCP: SessionAddress = { transport: 'tcp', host: '127.0.0.1', portNumber: 80 };
const UNIX: SessionAddress = { transport: 'unix', path: '/run/a.sock' };

async function line(part: string, address: SessionAddress | undefined, code: string): Promise<string> {
  const { parts } = await plan('--tcp-listener', '80', '--control-service', 'filename=/run/a.sock');
  return startFault({ type: 'start-failed', part, address, fault: { code, text: 'something odd' } }, parts).line;
}

describe('a start that failed', () => {
  const cases: readonly (readonly [part: string, address: SessionAddress | undefined, code: string, line: string])[] = [
    [
      'listener-1',
      TCP,
      'EADDRINUSE',
      'listen tcp 127.0.0.1:80: bind: address already in use (at argument 1, --tcp-listener; another process listens there: choose another port, or end that process ("ss -ltnp" shows it))',
    ],
    [
      'listener-1',
      TCP,
      'EACCES',
      'listen tcp 127.0.0.1:80: bind: permission denied (at argument 1, --tcp-listener; ports below 1024 need the right to use them: choose one above)',
    ],
    [
      'listener-1',
      TCP,
      'EADDRNOTAVAIL',
      'listen tcp 127.0.0.1:80: bind: cannot assign requested address (at argument 1, --tcp-listener; 127.0.0.1 is no address of this machine ("ip addr" shows them))',
    ],
    [
      'listener-1',
      TCP,
      'ENOTFOUND',
      'listen tcp: lookup 127.0.0.1: no such host (at argument 1, --tcp-listener; give an address of this machine)',
    ],
    ['listener-1', TCP, 'EODD', 'listen tcp 127.0.0.1:80: something odd (at argument 1, --tcp-listener)'],
    [
      'control-1',
      TCP,
      'EADDRINUSE',
      'error listening on TCP socket: listen tcp 127.0.0.1:80: bind: address already in use (at argument 3, --control-service; another process listens there: choose another port, or end that process ("ss -ltnp" shows it))',
    ],
    [
      'control-1',
      UNIX,
      'EADDRINUSE',
      'error opening Unix socket: could not acquire lock on socket file: fslock is already locked (at argument 3, --control-service; another process takes clients at /run/a.sock: choose another file name, or end that process)',
    ],
    [
      'control-1',
      UNIX,
      'EEXIST',
      'error opening Unix socket: could not acquire lock on socket file: the file exists and is no socket (at argument 3, --control-service; choose another file name, or remove /run/a.sock)',
    ],
    [
      'control-1',
      UNIX,
      'ENOENT',
      'error opening Unix socket: could not acquire lock on socket file: no such file or directory (at argument 3, --control-service; make the directory of /run/a.sock first)',
    ],
    [
      'control-1',
      UNIX,
      'EACCES',
      'error opening Unix socket: could not acquire lock on socket file: permission denied (at argument 3, --control-service; this user may not make /run/a.sock: choose another directory, or change its rights)',
    ],
    [
      'control-1',
      UNIX,
      'EODD',
      'error opening Unix socket: could not acquire lock on socket file: something odd (at argument 3, --control-service)',
    ],
    ['streams', undefined, 'x', 'streams: something odd'],
  ];
  for (const [part, address, code, expected] of cases) {
    it(`tells what and where and what to do: ${code} of ${part}`, async () => {
      assert.equal(await line(part, address, code), `Error: ${expected}`);
    });
  }
});
