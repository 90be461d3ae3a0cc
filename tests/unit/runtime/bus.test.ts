import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootAddress } from '../../../runtime/address.js';
import { Bus } from '../../../runtime/bus.js';
import type { Cell } from '../../../runtime/cell.js';
import { codeOf, RuntimeError } from '../../../runtime/errors.js';
import type { InspectionRecord } from '../../../runtime/inspection.js';
import { type Message, type ReplyTo, topic } from '../../../runtime/message.js';
import type { Sent } from '../../../runtime/self.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';

const a = rootAddress('a');

function bus() {
  const clock = new VirtualClock();
  const made = new Bus(clock);
  const records: InspectionRecord[] = [];
  made.hub.read('news', (record) => records.push(record));
  const got: { readonly message: Message; readonly asked: ReplyTo | undefined }[] = [];
  /** As much of a cell as the bus knows. */
  const enter = (sent: Sent = 'taken') => {
    const cell = {
      address: a,
      send: (message: Message, asked?: ReplyTo) => {
        got.push({ message, asked });
        return sent;
      },
    } as unknown as Cell;
    made.enter(cell);
    return cell;
  };
  return { bus: made, clock, records, got, enter };
}

describe('the bus', () => {
  it('carries a message to the cell at its address', () => {
    const { bus: made, got, enter } = bus();
    enter();

    assert.equal(made.send(undefined, a, { type: 'hello' }), 'taken');

    assert.deepEqual(got, [{ message: { type: 'hello' }, asked: undefined }]);
  });

  it('counts and records a message for nobody', () => {
    const { bus: made, records, enter } = bus();
    made.leave(enter().address);

    assert.equal(made.send(undefined, a, { type: 'hello' }), 'no-such-actor');

    assert.equal(made.deadLetters, 1);
    assert.deepEqual(
      [records[0]?.kind, records[0]?.subject, records[0]?.detail],
      ['dead-letter', 'hello', { reason: 'no-such-actor' }],
    );
  });

  it('refuses a second cell at one address', () => {
    const { enter } = bus();
    enter();

    assert.throws(enter, (error) => codeOf(error) === 'address-taken');
  });

  it('hands the right to answer to whom it asks, and the answer to who asked', async () => {
    const { bus: made, got, enter } = bus();
    enter();

    const answer = made.ask<string>({ target: a }, (replyTo) => ({ type: 'ask', replyTo }) as Message, 1_000);
    const asked = got[0]?.asked;
    assert.ok(asked !== undefined);
    made.reply(a, asked, 'yes');

    assert.equal(await answer, 'yes');
    assert.equal(made.asks, 0);
  });

  it('settles a question that nobody will read', async () => {
    const { bus: made, got, enter } = bus();
    enter();
    const first = made.ask({ target: a }, () => ({ type: 'ask' }), 1_000);
    const second = made.ask({ target: a }, () => ({ type: 'ask' }), 1_000);
    const settled = Promise.all([
      assert.rejects(first, (error) => codeOf(error) === 'mailbox-full'),
      assert.rejects(second, (error) => codeOf(error) === 'ask-abandoned'),
    ]);

    const [asked] = got;
    assert.ok(asked?.asked !== undefined);
    made.abandonAsk(asked.asked, new RuntimeError('mailbox-full', 'dropped'));
    made.abandonAsks(a, new Set());

    await settled;
  });

  it('publishes to all who hear, and records it once', () => {
    const { bus: made, records } = bus();
    const heard: unknown[] = [];
    const news = topic<string>('news');
    made.hear(news, (payload) => heard.push(payload));
    made.hear(news, () => {
      throw new Error('deaf');
    });
    assert.equal(made.hearers, 2);

    made.publish(a, news, 'x');

    assert.deepEqual(heard, ['x']);
    assert.deepEqual(
      records.map(({ kind, subject }) => `${kind} ${subject}`),
      ['topic news', 'failure Error'],
    );
  });

  it('stamps its records with the time', () => {
    const { bus: made, clock, records } = bus();
    clock.moveTo(12.5);

    made.note(a, 'somewhere', new TypeError('no'));

    assert.equal(records[0]?.atMs, 12.5);
    assert.equal(records[0]?.subject, 'TypeError');
    assert.equal(records[0]?.detail['where'], 'somewhere');
  });
});
