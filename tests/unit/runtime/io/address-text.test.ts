import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hostAndPort } from '../../../../runtime/io/address-text.js';

it('host and port are written as a peer would write them', () => {
  const written = [
    hostAndPort('127.0.0.1', 1),
    hostAndPort('host.test', 443),
    hostAndPort('fe80::1%eth0', 65_535),
    hostAndPort(undefined, 1),
    hostAndPort('a', undefined),
  ];

  assert.deepEqual(written, ['127.0.0.1:1', 'host.test:443', '[fe80::1%eth0]:65535', '?:1', 'a:?']);
});
