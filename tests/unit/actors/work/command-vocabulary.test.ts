import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CommandContext,
  endVerdict,
  INTERRUPT_GRACE_MS,
  lastStatus,
  lossVerdict,
  TERMINATE_GRACE_MS,
  withCommand,
  withRunner,
} from '../../../../actors/work/command-vocabulary.js';
import { CANCELED } from '../../../../actors/work/exit-text.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import { statusOf, UNIT } from './work-parts.js';

function contextOf(changes: Partial<UnitStatus> = {}): CommandContext {
  const job = { command: 'echo', params: '-n "a b"' };
  return { unitId: UNIT, beginning: 'new', status: statusOf(changes), job, words: [], verdict: CANCELED };
}

describe('the status of a command', () => {
  it('names its runner and its parameters, as the reference does, until it runs', () => {
    assert.deepEqual(
      withRunner(contextOf(), 5),
      statusOf({ detail: 'Not started yet', extraData: { type: 'command', pid: 5, params: '-n "a b"' } }),
    );
  });

  it('stays what it was when a running one is found again', () => {
    const running = {
      state: 1,
      detail: 'Running: PID 7',
      extraData: { type: 'command', pid: 5, params: 'x' },
    } as const;

    assert.deepEqual(withRunner(contextOf(running), 5), statusOf(running));
  });

  it('shows the process of the command itself while it runs, and keeps the rest', () => {
    const extraData = { type: 'command', pid: 5, params: 'x' } as const;

    assert.deepEqual(
      withCommand(contextOf({ extraData }), 7),
      statusOf({ state: 1, detail: 'Running: PID 7', extraData }),
    );
  });

  it('forgets the runner in the end, and has the size that was measured', () => {
    const extraData = { type: 'command', pid: 5, params: 'x' } as const;
    const context = { ...contextOf({ state: 1, extraData, stdoutSize: 3 }), verdict: endVerdict(0) };

    assert.deepEqual(
      lastStatus(context, 12),
      statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 12, extraData: { type: 'none' } }),
    );
  });
});

describe('the verdict on a command', () => {
  it('is failure with a reason when its runner left no word', () => {
    const lost = 'the command was lost: its runner is gone and left no exit status';
    assert.deepEqual(endVerdict(undefined), { state: 3, detail: lost });
    assert.deepEqual(endVerdict(143), { state: 3, detail: 'signal: terminated' });
  });

  it('says of one that was found without a runner whether it ever ran', () => {
    assert.deepEqual(lossVerdict(contextOf()), { state: 3, detail: 'Pending at restart' });
    assert.match(lossVerdict(contextOf({ state: 1 })).detail, /^the command was lost/);
  });
});

describe('the patience with a command that is cancelled', () => {
  it("is the reference's ten seconds", () => {
    assert.equal(INTERRUPT_GRACE_MS + TERMINATE_GRACE_MS, 10_000);
  });
});
