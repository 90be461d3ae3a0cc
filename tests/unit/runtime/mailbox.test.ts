import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Envelope, MAILBOX_DEFAULT, Mailbox, type MailboxLimits } from '../../../runtime/mailbox.js';
import { STOP } from '../../../runtime/message.js';

const note = (text: string) => ({ type: 'note', text });

function mailbox(limits: Partial<MailboxLimits> = {}) {
  const dropped: Envelope[] = [];
  const box = new Mailbox({ ...MAILBOX_DEFAULT, ...limits }, (envelope) => dropped.push(envelope));
  const takeAll = () =>
    box.clear().map((envelope) => ('text' in envelope.message ? envelope.message.text : envelope.message.type));
  return { box, dropped, takeAll };
}

describe('a mailbox', () => {
  it('hands out requests, answers and timers in the order of their arrival', () => {
    const { box, takeAll } = mailbox();

    box.post(note('a'), 'request');
    box.post(note('b'), 'answer');
    box.post(note('c'), 'timer', 7);
    box.post(note('d'), 'request');

    assert.equal(box.depth, 4);
    assert.deepEqual(takeAll(), ['a', 'b', 'c', 'd']);
    assert.equal(box.depth, 0);
  });

  it('hands out stop before everything else', () => {
    const { box, takeAll } = mailbox();

    box.post(note('a'), 'request');
    box.post(note('b'), 'answer');
    box.post(STOP, 'system');

    assert.deepEqual(takeAll(), ['stop', 'a', 'b']);
  });

  it('keeps the news of a child behind what that child said before', () => {
    const { box, takeAll } = mailbox();

    box.post(note('last words'), 'request');
    box.post({ type: 'child.ended' }, 'system');
    box.post(note('later'), 'answer');

    assert.deepEqual(takeAll(), ['last words', 'child.ended', 'later']);
  });

  it('refuses the newest request when it is full', () => {
    const { box, takeAll, dropped } = mailbox({ capacity: 2 });

    assert.equal(box.post(note('a'), 'request'), 'taken');
    assert.equal(box.post(note('b'), 'request'), 'taken');
    assert.equal(box.post(note('c'), 'request'), 'refused');

    assert.deepEqual(takeAll(), ['a', 'b']);
    assert.deepEqual(dropped, []);
  });

  it('drops the oldest request instead when that is its policy, and says which', () => {
    const { box, takeAll, dropped } = mailbox({ capacity: 2, overflow: 'drop-oldest' });

    for (const text of ['a', 'b', 'c', 'd']) {
      assert.equal(box.post(note(text), 'request'), 'taken');
    }

    assert.deepEqual(
      dropped.map((envelope) => envelope.message),
      [note('a'), note('b')],
    );
    assert.deepEqual(takeAll(), ['c', 'd']);
  });

  it('refuses a request when its capacity is nothing, whatever the policy', () => {
    const { box } = mailbox({ capacity: 0, overflow: 'drop-oldest' });

    assert.equal(box.post(note('a'), 'request'), 'refused');
  });

  it('takes answers, timers and system messages however many requests wait', () => {
    const { box, takeAll } = mailbox({ capacity: 1 });
    box.post(note('a'), 'request');

    assert.equal(box.post(note('b'), 'answer'), 'taken');
    assert.equal(box.post(note('c'), 'timer'), 'taken');
    assert.equal(box.post({ type: 'child.ended' }, 'system'), 'taken');
    assert.equal(box.post(STOP, 'system'), 'taken');

    assert.deepEqual(takeAll(), ['stop', 'a', 'b', 'c', 'child.ended']);
  });

  it('reports an overrun when more answers and timers wait than it has room for', () => {
    const { box } = mailbox({ reserved: 2 });
    box.post(note('a'), 'answer');
    box.post(note('b'), 'timer');

    assert.equal(box.post(note('c'), 'answer'), 'overrun');

    box.take();
    assert.equal(box.post(note('c'), 'answer'), 'taken');
  });

  it('never counts system messages', () => {
    const { box } = mailbox({ reserved: 1 });

    for (let child = 0; child < 10_000; child += 1) {
      assert.equal(box.post({ type: 'child.ended' }, 'system'), 'taken');
    }

    assert.equal(box.depth, 10_000);
    assert.equal(box.post(note('a'), 'answer'), 'taken');
  });

  it('keeps requests, and only them, for a new life', () => {
    const { box, takeAll } = mailbox({ reserved: 2 });
    box.post(note('a'), 'request');
    box.post(note('b'), 'answer');
    box.post(note('c'), 'timer');
    box.post(note('d'), 'request');
    box.post({ type: 'child.ended' }, 'system');
    box.post(STOP, 'system');

    box.keepRequestsOnly();

    assert.equal(box.depth, 2);
    assert.equal(box.post(note('e'), 'answer'), 'taken');
    assert.equal(box.post(note('f'), 'answer'), 'taken');
    assert.deepEqual(takeAll(), ['a', 'd', 'e', 'f']);
  });

  it('knows the questions among the waiting requests', () => {
    const { box } = mailbox();
    box.post(note('a'), 'request', 11);
    box.post(note('b'), 'request');
    box.post(note('c'), 'request', 12);
    box.post(note('d'), 'timer', 13);

    assert.deepEqual([...box.questions()], [11, 12]);

    box.take();
    assert.deepEqual([...box.questions()], [12]);
  });

  it('stays as small as its bounds under a flood behind an answer that nobody takes', () => {
    const { box, dropped } = mailbox({ capacity: 8, overflow: 'drop-oldest' });
    box.post(note('answer'), 'answer');

    for (let number = 0; number < 100_000; number += 1) {
      box.post(note(`${number}`), 'request');
    }

    assert.equal(box.depth, 9);
    assert.equal(dropped.length, 100_000 - 8);
  });
});
