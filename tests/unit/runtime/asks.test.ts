import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootAddress } from '../../../runtime/address.js';
import { PendingAsks } from '../../../runtime/asks.js';
import { RuntimeError, type RuntimeErrorCode } from '../../../runtime/errors.js';
import type { ReplyTo } from '../../../runtime/message.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';

const target = rootAddress('target');
const asker = rootAddress('asker');
const coded = (code: RuntimeErrorCode) => (error: unknown) => error instanceof RuntimeError && error.code === code;

function asks() {
  const clock = new VirtualClock();
  const made = new PendingAsks(clock);
  const posted: ReplyTo[] = [];
  const open = () =>
    made.open<string>({ target, asker }, 1_000, (replyTo) => {
      posted.push(replyTo);
      return undefined;
    });
  const reply = (nth: number) => posted[nth] ?? assert.fail('not asked');
  return { asks: made, clock, posted, open, reply };
}

describe('pending asks', () => {
  it('settle with the answer, and leave nothing behind', async () => {
    const { asks: made, clock, open, reply } = asks();
    const answer = open();

    assert.ok(made.answer(reply(0), 'yes'));

    assert.equal(await answer, 'yes');
    assert.equal(made.size, 0);
    assert.equal(clock.armed, 0);
  });

  it('say that nobody waits any more when the answer comes twice or too late', async () => {
    const { asks: made, clock, open, reply } = asks();
    const answer = open();
    const late = open();
    made.answer(reply(0), 'yes');
    clock.fireNext(1_000);

    assert.equal(made.answer(reply(0), 'again'), false);
    assert.equal(made.answer(reply(1), 'late'), false);

    assert.equal(await answer, 'yes');
    await assert.rejects(late, coded('ask-timeout'));
  });

  it('settle at their deadline', async () => {
    const { asks: made, clock, open } = asks();
    const answer = open();

    assert.ok(clock.fireNext(1_000));

    await assert.rejects(answer, coded('ask-timeout'));
    assert.equal(made.size, 0);
  });

  it('settle at once when the message could not be sent', async () => {
    const { asks: made, clock } = asks();
    const refusal = new RuntimeError('mailbox-full', 'full');

    await assert.rejects(
      made.open({ target }, 1_000, () => refusal),
      refusal,
    );

    assert.equal(made.size, 0);
    assert.equal(clock.armed, 0);
  });

  it('settle with what composing the message throws', async () => {
    const { asks: made, clock } = asks();
    const thrown = new Error('cannot compose');
    const answer = made.open({ target }, 1_000, () => {
      throw thrown;
    });

    await assert.rejects(answer, thrown);

    assert.equal(made.size, 0);
    assert.equal(clock.armed, 0);
  });

  it('are abandoned when whom they ask ends, except the questions that it has not read', async () => {
    const { asks: made, open, reply } = asks();
    const read = open();
    const unread = open();

    made.abandonTo(target, new Set([reply(1)]));

    await assert.rejects(read, coded('ask-abandoned'));
    assert.equal(made.size, 1);
    made.answer(reply(1), 'in the next life');
    assert.equal(await unread, 'in the next life');
  });

  it('are abandoned when who asks ends', async () => {
    const { asks: made, clock, open } = asks();
    const answer = open();

    made.abandonOf(target);
    assert.equal(made.size, 1);
    made.abandonOf(asker);

    await assert.rejects(answer, coded('ask-abandoned'));
    assert.equal(made.size, 0);
    assert.equal(clock.armed, 0);
  });

  it('do not look at the questions of others when one actor ends', () => {
    const { asks: made } = asks();
    const quiet = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
    for (let other = 0; other < 20_000; other += 1) {
      quiet(made.open({ target: rootAddress(`other-${other}`) }, 1_000, () => undefined));
    }

    // Quadratic work would take minutes here.
    for (let other = 0; other < 20_000; other += 1) {
      made.abandonTo(rootAddress(`other-${other}`), new Set());
    }

    assert.equal(made.size, 0);
  });
});
