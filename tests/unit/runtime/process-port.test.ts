import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identityRecord, readExitRecord, readIdentityRecord } from '../../../runtime/process-port.js';

describe('the record of a process', () => {
  it('is read as it was written', () => {
    const identity = { pid: 812, boot: 'dd0b3aa2-a2e7', birth: '547017' };
    const byPs = { pid: 812, boot: '-', birth: 'Fri Nov 20 23:13:58 2026' };

    assert.deepEqual(readIdentityRecord(identityRecord(identity)), identity);
    assert.deepEqual(readIdentityRecord(identityRecord(byPs)), byPs);
  });

  it('is none before its line has ended, nor when it is something else', () => {
    for (const text of ['', '812 boot 5', '-\n', '812\n', '812 boot\n', '0 boot 5\n', 'x boot 5\n', '1 b 5\n2 b 6\n']) {
      assert.equal(readIdentityRecord(text), undefined, JSON.stringify(text));
    }
  });
});

describe('the record of an end', () => {
  it('is a status, once its line has ended', () => {
    assert.equal(readExitRecord('0\n'), 0);
    assert.equal(readExitRecord('137\n'), 137);
    for (const text of ['', '13', '-1\n', '1000\n', 'x\n', '1\n2\n']) {
      assert.equal(readExitRecord(text), undefined, JSON.stringify(text));
    }
  });
});
