import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CANCELED, exitVerdict, failed } from '../../../../actors/work/exit-text.js';

describe('the verdict on an exit status', () => {
  it('is success for 0 alone', () => {
    assert.deepEqual(exitVerdict(0), { state: 2, detail: 'exit status 0' });
    for (const code of [1, 3, 125, 126, 127]) {
      assert.deepEqual(exitVerdict(code), { state: 3, detail: `exit status ${code}` });
    }
  });

  it("has Go's word for each signal that ends a program", () => {
    const words = {
      129: 'hangup',
      130: 'interrupt',
      131: 'quit',
      132: 'illegal instruction',
      133: 'trace/breakpoint trap',
      134: 'aborted',
      135: 'bus error',
      136: 'floating point exception',
      137: 'killed',
      138: 'user defined signal 1',
      139: 'segmentation fault',
      140: 'user defined signal 2',
      141: 'broken pipe',
      142: 'alarm clock',
      143: 'terminated',
      144: 'stack fault',
      152: 'CPU time limit exceeded',
      153: 'file size limit exceeded',
      159: 'bad system call',
    };
    for (const [code, word] of Object.entries(words)) {
      assert.deepEqual(exitVerdict(Number(code)), { state: 3, detail: `signal: ${word}` });
    }
  });

  it('is a plain number where there is no signal', () => {
    for (const code of [128, 160, 192, 255]) {
      assert.deepEqual(exitVerdict(code), { state: 3, detail: `exit status ${code}` });
    }
  });
});

describe('other verdicts', () => {
  it('have the state that clients look at', () => {
    assert.deepEqual(failed('why'), { state: 3, detail: 'why' });
    assert.deepEqual(CANCELED, { state: 4, detail: 'Canceled' });
  });
});
