import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  firstRepeated,
  IDLE_LIMIT_MS,
  isCost,
  isFileMode,
  isIdleLimit,
  isPortNumber,
  isSocketPath,
  takesClients,
} from '../../../actors/option-rules.js';

const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe('the values of a node’s options', () => {
  it('a cost is a number more than 0 that sums can be made of', () => {
    assert.deepEqual([0.1, 1, 1e9].filter(isCost), [0.1, 1, 1e9]);
    assert.deepEqual([0, -1, ...NO_NUMBERS].filter(isCost), []);
  });

  it('a port is a whole number that fits into two bytes, from 0 for listeners and from 1 for peers', () => {
    const isListened = (port: number): boolean => isPortNumber(port, { least: 0 });

    assert.deepEqual([0, 1, 65_535].filter(isListened), [0, 1, 65_535]);
    assert.deepEqual([-1, 65_536, 1.5, ...NO_NUMBERS].filter(isListened), []);
    assert.equal(isPortNumber(0, { least: 1 }), false);
    assert.equal(isPortNumber(1, { least: 1 }), true);
  });

  it('the path of a socket fits into its address, by its bytes and not by its letters', () => {
    assert.equal(isSocketPath('/'.repeat(107)), true);
    assert.equal(isSocketPath('/'.repeat(108)), false);
    assert.equal(isSocketPath('ü'.repeat(54)), false);
    assert.equal(isSocketPath('/tmp/a\0b'), false);
    assert.equal(isSocketPath(''), false);
  });

  it('a mode has the nine bits of the three classes', () => {
    assert.deepEqual([0, 0o600, 0o777].filter(isFileMode), [0, 0o600, 0o777]);
    assert.deepEqual([-1, 0o1000, 1.5, ...NO_NUMBERS].filter(isFileMode), []);
  });

  it('a neighbour may be silent for as long as the reference lets it, or longer, but not for ever', () => {
    assert.equal(isIdleLimit(IDLE_LIMIT_MS), true);
    assert.deepEqual([5, IDLE_LIMIT_MS - 1, ...NO_NUMBERS].filter(isIdleLimit), []);
  });

  it('a control service has a place where clients come in', () => {
    assert.equal(takesClients({ service: 'control' }), true);
    assert.equal(takesClients({ sockets: [{}] }), true);
    assert.equal(takesClients({}), false);
    assert.equal(takesClients({ sockets: [] }), false);
  });

  it('the first two of one name are found, and those without a name never', () => {
    const nameOf = (text: string): string | undefined => (text === '-' ? undefined : text.slice(0, 1));

    assert.deepEqual(firstRepeated(['a1', 'b1', 'a2', 'b2', 'a3'], nameOf), { name: 'a', earlier: 'a1', later: 'a2' });
    assert.equal(firstRepeated(['a', 'b', '-', '-'], nameOf), undefined);
  });
});
