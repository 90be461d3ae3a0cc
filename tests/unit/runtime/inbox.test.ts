import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootAddress } from '../../../runtime/address.js';
import type { CellHost } from '../../../runtime/cell-host.js';
import { Inbox } from '../../../runtime/inbox.js';
import { MAILBOX_DEFAULT, type MailboxLimits } from '../../../runtime/mailbox.js';

function inbox(limits: Partial<MailboxLimits>) {
  const told: string[] = [];
  const host = {
    deadLetter: (to, message, reason) => void told.push(`${to} ${message.type} ${reason}`),
    abandonAsk: (replyTo, error) => void told.push(`ask ${replyTo} ${error.code}`),
  } as Pick<CellHost, 'deadLetter' | 'abandonAsk'> as CellHost;
  return { inbox: new Inbox(host, rootAddress('a'), { ...MAILBOX_DEFAULT, ...limits }), told };
}

const type = (name: string) => ({ type: name });

describe('an inbox', () => {
  it('tells of a request that it refuses', () => {
    const { inbox: made, told } = inbox({ capacity: 1 });

    assert.equal(made.post(type('x'), 'request', 0), 'taken');
    assert.equal(made.post(type('y'), 'request', 0), 'refused');

    assert.deepEqual(told, ['a y mailbox-full']);
    assert.equal(made.depth, 1);
  });

  it('tells of a request that had to make room, and settles its question', () => {
    const { inbox: made, told } = inbox({ capacity: 1, overflow: 'drop-oldest' });
    made.post(type('x'), 'request', 0);
    made.post(type('y'), 'request', 5);

    made.post(type('z'), 'request', 0);

    assert.deepEqual(told, ['a x mailbox-overflow', 'a y mailbox-overflow', 'ask 5 mailbox-full']);
    assert.deepEqual(made.take()?.message, type('z'));
  });

  it('tells of the requests that nobody will read, and of nothing else', () => {
    const { inbox: made, told } = inbox({});
    made.post(type('x'), 'request', 5);
    made.post(type('answer'), 'answer', 0);
    made.post(type('stop'), 'system', 0);
    assert.deepEqual([...made.questions()], [5]);

    made.abandon();

    assert.deepEqual(told, ['a x ended']);
    assert.equal(made.depth, 0);
  });

  it('keeps requests for a new life', () => {
    const { inbox: made } = inbox({});
    made.post(type('answer'), 'answer', 0);
    made.post(type('x'), 'request', 0);

    made.keepRequestsOnly();

    assert.deepEqual(made.take()?.message, type('x'));
    assert.equal(made.take(), undefined);
  });
});
