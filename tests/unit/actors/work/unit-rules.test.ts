import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  canceledUnstarted,
  cancelledAlready,
  firstContext,
  inputless,
  inputOf,
  isReleasedThere,
  ordered,
  releaseRefused,
  removalGivenUp,
  repliesTo,
  replyToSubmitter,
  shownOf,
  tooEarly,
  tooLate,
  waitersLeft,
  workerStatus,
} from '../../../../actors/work/unit-rules.js';
import type { UnitContext, UnitInput, UnitMessage, Waiter } from '../../../../actors/work/unit-vocabulary.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const command: UnitInput = {
  unitId: UNIT,
  plan: { type: 'command', job: { command: 'echo', params: '' } },
  beginning: 'new',
  status: statusOf(),
};
const far: UnitInput = { ...command, plan: { type: 'far' }, status: remoteStatus() };
const asker = (number: number): ReplyTo => number as ReplyTo;
const contextOf = (changes: Partial<UnitContext> = {}): UnitContext => ({ ...firstContext(command), ...changes });
const verdictOf = ({ state, detail }: UnitStatus): string => `${state} ${detail}`;

const cancel = (number: number): UnitMessage => ({ type: 'unit.cancel', replyTo: asker(number) });
const release = (number: number, force = false): UnitMessage => {
  return { type: 'unit.release', replyTo: asker(number), force };
};
/** The context after these orders. */
function after(...orders: readonly UnitMessage[]): UnitContext {
  let context = contextOf();
  for (const order of orders) {
    context = { ...context, ...ordered(context, order) };
  }
  return context;
}

describe('what a unit begins with', () => {
  it('is its input, with nobody waiting, and can be taken out of it again', () => {
    const context = firstContext(command);
    assert.deepEqual(context, { ...command, submitter: undefined, waiters: [], manner: 'patient', removals: 0 });
    assert.deepEqual(inputOf(contextOf({ removals: 2, manner: 'force' })), command);
    assert.deepEqual(shownOf(context), { unitId: UNIT, status: statusOf() });
  });
});

describe('the last status of a unit', () => {
  it('has the reason for input that never became complete', () => {
    const failed = inputless(contextOf(), { type: 'input.failed', reason: 'Error reading input data: reset' });
    assert.equal(verdictOf(failed), '3 Error reading input data: reset');
    assert.deepEqual(inputless(contextOf(), { type: 'stop' }), statusOf());
  });

  it('is Canceled before the start, or failure for work on another node', () => {
    assert.equal(verdictOf(canceledUnstarted(contextOf())), '4 Canceled');
    assert.equal(verdictOf(canceledUnstarted(firstContext(far))), '3 Locally Cancelled');
  });

  it('is what the worker left behind, if it came to its end', () => {
    const last = statusOf({ state: 2, detail: 'exit status 0' });
    const child = { type: 'child.ended', child: 'x', kind: 'command' } as const;
    const ended = (outcome: unknown): UnitMessage => ({ ...child, outcome }) as unknown as UnitMessage;

    assert.equal(workerStatus(contextOf(), ended({ type: 'done', output: { status: last } })), last);
    assert.deepEqual(workerStatus(contextOf(), ended({ type: 'stopped' })), statusOf());
    assert.deepEqual(workerStatus(contextOf(), ended({ type: 'failed', code: 'x', text: 'x' })), statusOf());
    assert.deepEqual(workerStatus(contextOf(), { type: 'stop' }), statusOf());
  });

  it('is Canceled when its folder stays, unless it had ended before; the next release begins anew', () => {
    const running = contextOf({ status: statusOf({ state: 1, stdoutSize: 5 }), removals: 3, manner: 'force' });
    assert.deepEqual(removalGivenUp(running), {
      status: statusOf({ state: 4, detail: 'Canceled', stdoutSize: 5 }),
      removals: 0,
      manner: 'patient',
    });
    for (const state of [2, 3, 4]) {
      const finished = statusOf({ state, detail: 'as it was' });
      assert.deepEqual(removalGivenUp(contextOf({ status: finished })).status, finished);
    }
  });
});

describe('a unit that the other node has let go of', () => {
  it('is one whose release is written in its status', () => {
    assert.equal(isReleasedThere(remoteStatus({ localReleased: true })), true);
    assert.equal(isReleasedThere(remoteStatus({ localCancelled: true })), false);
    assert.equal(isReleasedThere(statusOf()), false);
  });
});

describe('what a submitter hears', () => {
  const submitter = asker(9);

  it('is a promise only when work was begun on another node', () => {
    const started = { ok: true, value: 'Job Started' } as const;
    const refused = { ok: false, refusal: 'no' } as const;
    const remote = { ...firstContext(far), submitter };

    assert.deepEqual(replyToSubmitter(remote, started), { type: 'promise', to: submitter, value: started });
    assert.deepEqual(replyToSubmitter(remote, refused), { type: 'reply', to: submitter, value: refused });
    assert.deepEqual(replyToSubmitter(contextOf({ submitter }), started), {
      type: 'reply',
      to: submitter,
      value: started,
    });
  });

  it('is nothing when nobody waits', () => {
    assert.equal(replyToSubmitter(contextOf(), { ok: true, value: 'Job Started' }), undefined);
  });
});

describe('those who wait for an order', () => {
  it('are remembered in their order, with what they want', () => {
    assert.deepEqual(after(cancel(1), release(2)).waiters, [
      { replyTo: 1, order: 'cancel' },
      { replyTo: 2, order: 'release' },
    ]);
    assert.deepEqual(ordered(contextOf(), { type: 'stop' }), {});
  });

  it('are sixty-four at most; the first is let go', () => {
    const many = after(...Array.from({ length: 70 }, (_, at) => cancel(at)));

    assert.deepEqual(
      many.waiters.map(({ replyTo }) => Number(replyTo)),
      Array.from({ length: 64 }, (_, at) => at + 6),
    );
  });

  it('make it forced for good once one of them has forced it', () => {
    assert.equal(after(release(1)).manner, 'patient');
    assert.equal(after(release(1, true)).manner, 'force');
    assert.equal(after(release(1, true), release(2), cancel(3)).manner, 'force');
  });

  it('hear the news of their own order only, and wait no more', () => {
    const { waiters } = after(cancel(1), release(2), cancel(3));
    const cancelled = { orders: ['cancel'], news: 'done' } as const;
    assert.deepEqual(repliesTo(waiters, cancelled), [
      { type: 'reply', to: 1, value: { ok: true, value: 'cancelled' } },
      { type: 'reply', to: 3, value: { ok: true, value: 'cancelled' } },
    ]);
    assert.deepEqual(waitersLeft(waiters, cancelled), [{ replyTo: 2, order: 'release' }]);
    assert.deepEqual(waitersLeft(waiters, { orders: ['cancel', 'release'], news: 'done' }), []);
  });

  it('hear in the words of the reference what came of it; what is pending is a promise', () => {
    const { waiters } = after(cancel(1), release(2));
    const told = (news: Parameters<typeof repliesTo>[1]['news']): unknown =>
      repliesTo(waiters, { orders: ['cancel', 'release'], news }).map(({ type, value }) => [type, value]);

    assert.deepEqual(told('done'), [
      ['reply', { ok: true, value: 'cancelled' }],
      ['reply', { ok: true, value: 'released' }],
    ]);
    assert.deepEqual(told('pending'), [
      ['promise', { ok: true, value: 'cancel pending' }],
      ['promise', { ok: true, value: 'release pending' }],
    ]);
    assert.deepEqual(told({ refusal: 'no' }), [
      ['reply', { ok: false, refusal: 'no' }],
      ['reply', { ok: false, refusal: 'no' }],
    ]);
  });

  it('hear of a removal that is given up if they wanted it', () => {
    const waiters: readonly Waiter[] = after(cancel(1), release(2)).waiters;

    assert.deepEqual(repliesTo(waiters, releaseRefused('busy')), [
      { type: 'reply', to: 2, value: { ok: false, refusal: 'busy' } },
    ]);
  });
});

describe('the answer to who comes at the wrong time', () => {
  it('is that it is cancelled already, or why it cannot be', () => {
    const replyTo = asker(4);
    assert.deepEqual(cancelledAlready({ replyTo }), { to: 4, value: { ok: true, value: 'cancelled' } });
    assert.deepEqual(tooEarly({ replyTo }), {
      to: 4,
      value: { ok: false, refusal: 'the work unit is still being created' },
    });
    assert.deepEqual(tooLate({ replyTo }), {
      to: 4,
      value: { ok: false, refusal: 'the work unit does not wait for input' },
    });
  });
});
