import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseControlAddress } from '../../../cli/control-address.js';

describe('the address of a control service', () => {
  const cases: readonly (readonly [text: string, address: object])[] = [
    ['/run/a.sock', { transport: 'unix', path: '/run/a.sock' }],
    ['a.sock', { transport: 'unix', path: 'a.sock' }],
    ['unix:/run/a.sock', { transport: 'unix', path: '/run/a.sock' }],
    ['unix:///run/a.sock', { transport: 'unix', path: '/run/a.sock' }],
    ['~/a.sock', { transport: 'unix', path: '/home/u/a.sock' }],
    ['unix:~/a.sock', { transport: 'unix', path: '/home/u/a.sock' }],
    ['tcp:localhost:7', { transport: 'tcp', host: 'localhost', portNumber: 7 }],
    ['tcp://[::1]:7', { transport: 'tcp', host: '::1', portNumber: 7 }],
    ['tcp::7', { transport: 'tcp', host: 'localhost', portNumber: 7 }],
  ];
  for (const [text, address] of cases) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseControlAddress(text, '/home/u'), { ok: true, address });
    });
  }

  it('says what is wrong with it', () => {
    const told = ['tcp:localhost', 'tls:localhost:7', 'unix:', 'http://alpha:7'].map((text) => {
      const parsed = parseControlAddress(text, undefined);
      return parsed.ok ? 'taken' : parsed.text;
    });

    assert.deepEqual(told, [
      'address localhost: missing port in address',
      'tls:localhost:7: TLS to the control service is not built into this version yet',
      'the path of the socket is empty',
      'http://alpha:7 is no address of a control service',
    ]);
  });
});
