import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Face, faceOf } from '../../../cli/face.js';

describe('the face of the program', () => {
  const cases: readonly (readonly [words: string, face: Face])[] = [
    ['', 'help'],
    ['--help', 'help'],
    ['-h', 'help'],
    ['help', 'help'],
    ['--node id=a --help', 'help'],
    ['help status', 'client'],
    ['status', 'client'],
    ['status --help', 'client'],
    ['--socket a.sock status', 'client'],
    ['--socket=a.sock status', 'client'],
    ['-s a.sock status', 'client'],
    ['-o json status', 'client'],
    ['--timeout 5 status', 'client'],
    ['statsu', 'client'],
    ['cert init mesh', 'client'],
    ['--cert-init commonname=a', 'node'],
    ['--node id=a', 'node'],
    ['-node id=a', 'node'],
    ['--version', 'node'],
    ['-c mesh.yml', 'node'],
    ['id=a --node', 'node'],
    ['demo', 'demo'],
    ['demo --stay', 'demo'],
    ['help demo', 'demo'],
  ];
  for (const [words, face] of cases) {
    it(`for "${words}" is that of the ${face}`, () => {
      assert.equal(faceOf(words === '' ? [] : words.split(' ')), face);
    });
  }
});
