import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialText, listenText, showAddress } from '../../../../cli/log/network-text.js';
import type { SessionAddress } from '../../../../runtime/ports.js';

const TCP: SessionAddress = { transport: 'tcp', host: '127.0.0.1', portNumber: 2222 };
const SIX: SessionAddress = { transport: 'tcp', host: '::1', portNumber: 2222 };
const NAME: SessionAddress = { transport: 'tcp', host: 'nowhere', portNumber: 2222 };
const UNIX: SessionAddress = { transport: 'unix', path: '/run/a.sock' };

describe('a fault of the network', () => {
  const cases: readonly (readonly [said: string, expected: string])[] = [
    [dialText(TCP, { code: 'ECONNREFUSED', text: 'x' }), 'dial tcp 127.0.0.1:2222: connect: connection refused'],
    [dialText(SIX, { code: 'ENETUNREACH', text: 'x' }), 'dial tcp [::1]:2222: connect: network is unreachable'],
    [dialText(NAME, { code: 'ENOTFOUND', text: 'x' }), 'dial tcp: lookup nowhere: no such host'],
    [dialText(UNIX, { code: 'ENOENT', text: 'x' }), 'dial unix /run/a.sock: connect: no such file or directory'],
    [dialText(TCP, { code: 'EODD', text: 'something odd' }), 'dial tcp 127.0.0.1:2222: something odd'],
    [listenText(TCP, { code: 'EADDRINUSE', text: 'x' }), 'listen tcp 127.0.0.1:2222: bind: address already in use'],
    [listenText(TCP, { code: 'EACCES', text: 'x' }), 'listen tcp 127.0.0.1:2222: bind: permission denied'],
    [listenText(NAME, { code: 'ENOTFOUND', text: 'x' }), 'listen tcp: lookup nowhere: no such host'],
  ];
  for (const [said, expected] of cases) {
    it(`is told as Go tells it: ${expected}`, () => {
      assert.equal(said, expected);
    });
  }

  it('names a place as a user would', () => {
    assert.deepEqual([TCP, SIX, UNIX].map(showAddress), ['127.0.0.1:2222', '[::1]:2222', '/run/a.sock']);
  });
});
