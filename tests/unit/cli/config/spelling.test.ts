import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest } from '../../../../cli/config/spelling.js';

const KNOWN = ['node', 'tcp-listener', 'tcp-peer', 'log-level'];

describe('the nearest known word', () => {
  const cases: readonly (readonly [wrong: string, meant: string | undefined])[] = [
    ['tcp-listner', 'tcp-listener'],
    ['tcp-listenre', 'tcp-listener'],
    ['TCP-PEER', 'tcp-peer'],
    ['nod', 'node'],
    ['loglevel', 'log-level'],
    ['udp-listener', 'tcp-listener'],
    ['foo', undefined],
    ['', undefined],
    ['x'.repeat(100), undefined],
  ];
  for (const [wrong, meant] of cases) {
    it(`for "${wrong.slice(0, 20)}" is ${meant ?? 'none'}`, () => {
      assert.equal(nearest(wrong, KNOWN), meant);
    });
  }
});
