import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portNumberOf, showHostPort, splitHostPort } from '../../../../cli/config/host-port.js';

describe('an address', () => {
  const good: readonly (readonly [text: string, host: string, portNumber: number])[] = [
    ['alpha.example.org:2222', 'alpha.example.org', 2222],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['[::1]:65535', '::1', 65_535],
    [':2222', '', 2222],
  ];
  for (const [text, host, portNumber] of good) {
    it(`splits ${text}`, () => {
      assert.deepEqual(splitHostPort(text), { ok: true, value: { host, portNumber } });
    });
  }

  const bad: readonly (readonly [text: string, complaint: string])[] = [
    ['', 'missing port in address'],
    ['localhost', 'address localhost: missing port in address'],
    ['[::1]', 'address [::1]: missing port in address'],
    ['::1:5', 'address ::1:5: too many colons in address'],
    ['[::1:5', 'address [::1:5: unexpected bracket in address'],
    ['localhost:x', 'address localhost:x: lookup tcp/x: unknown port'],
    ['localhost:', 'address localhost:: lookup tcp/: unknown port'],
    ['localhost:65536', 'address localhost:65536: invalid port'],
    ['localhost:-1', 'address localhost:-1: lookup tcp/-1: unknown port'],
  ];
  for (const [text, complaint] of bad) {
    it(`complains of "${text}" as Go does`, () => {
      const split = splitHostPort(text);

      assert.equal(!split.ok && split.text, complaint);
    });
  }

  it('is shown as Go shows it', () => {
    assert.equal(showHostPort('127.0.0.1', 80), '127.0.0.1:80');
    assert.equal(showHostPort('::1', 80), '[::1]:80');
  });
});

describe('a port', () => {
  it('is a number that fits 16 bits, and no name', () => {
    assert.equal(portNumberOf('65535'), 65_535);
    assert.deepEqual(['65536', 'http', '', '-1', '+1', '1 '].map(portNumberOf), Array(6).fill(undefined));
  });
});
