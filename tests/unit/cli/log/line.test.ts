import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanText, formatLine } from '../../../../cli/log/line.js';

const TIME = { year: 2026, month: 1, day: 2, hours: 3, minutes: 4, seconds: 5 };

describe('a log line', () => {
  it('has the form of the reference', () => {
    assert.equal(
      formatLine({ level: 'warning', text: 'Nothing to do' }, TIME),
      'WARNING 2026/01/02 03:04:05 Nothing to do\n',
    );
    assert.equal(
      formatLine({ level: 'info', text: 'x' }, { ...TIME, month: 11, day: 20, hours: 23, minutes: 13, seconds: 58 }),
      'INFO 2026/11/20 23:13:58 x\n',
    );
  });

  it('is one line, whatever the mesh says', () => {
    const text = cleanText('a\nERROR forged\r\u001b[2J\u0085\u2028\u202eb');

    assert.equal(text, 'a\\x0aERROR forged\\x0d\\x1b[2J\\x85\\u2028\\u202eb');
  });

  it('keeps other letters', () => {
    assert.equal(cleanText('knoten-ä 節點 🙂'), 'knoten-ä 節點 🙂');
  });

  it('is not longer than anybody reads', () => {
    assert.equal(cleanText('x'.repeat(10_000)).length, 4_097);
  });
});
