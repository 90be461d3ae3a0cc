import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webSocketUrlOf } from '../../../../cli/config/web-socket-url.js';

describe('the URL of a WebSocket', () => {
  const GOOD: Readonly<Record<string, readonly [scheme: string, host: string, portNumber: number, path: string]>> = {
    'ws://alpha': ['ws', 'alpha', 80, '/'],
    'wss://alpha': ['wss', 'alpha', 443, '/'],
    'ws://alpha:': ['ws', 'alpha', 80, '/'],
    'WSS://Alpha.example.org:8443/mesh/a': ['wss', 'Alpha.example.org', 8_443, '/mesh/a'],
    'ws://alpha:8080/mesh?x=1&y=%20': ['ws', 'alpha', 8_080, '/mesh?x=1&y=%20'],
    'ws://alpha?x=1': ['ws', 'alpha', 80, '/?x=1'],
    'ws://[::1]:8080/': ['ws', '::1', 8_080, '/'],
    'wss://[fe80::1%eth0]': ['wss', 'fe80::1%eth0', 443, '/'],
    'ws://127.0.0.1/': ['ws', '127.0.0.1', 80, '/'],
  };

  for (const [text, [scheme, host, portNumber, path]] of Object.entries(GOOD)) {
    it(`is read: ${text}`, () => {
      assert.deepEqual(webSocketUrlOf(text), { ok: true, value: { scheme, host, portNumber, path } });
    });
  }

  const BAD: Readonly<Record<string, string>> = {
    alpha: 'the scheme is neither ws nor wss',
    'http://alpha': 'the scheme is neither ws nor wss',
    'xws://alpha': 'the scheme is neither ws nor wss',
    'ws://': 'malformed URL',
    'ws://user@alpha': 'malformed URL',
    'ws://user:word@alpha': 'malformed URL',
    'ws://alpha#top': 'malformed URL',
    'ws://alpha/a#top': 'malformed URL',
    'ws://alpha/a b': 'malformed URL',
    'ws://alpha/\u0001': 'malformed URL',
    'ws://alpha/\u4e00': 'malformed URL',
    'ws://::1': 'malformed URL',
    'ws://alpha:x/': 'malformed URL',
    'ws://alpha:0': 'the port is a number from 1 to 65535',
    'ws://alpha:65536/': 'the port is a number from 1 to 65535',
  };

  for (const [text, why] of Object.entries(BAD)) {
    it(`is refused: ${text}`, () => {
      assert.deepEqual(webSocketUrlOf(text), { ok: false, text: `address ${text}: ${why}` });
    });
  }
});
