import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LANE_LIMITS, Lane, type LaneLimits } from '../../../runtime/lane.js';
import { Turn } from '../../../runtime/turn.js';
import { ManualScheduler } from '../../support/manual-host.js';
import { bytesOf, RecordingSession } from '../../support/recording-session.js';

function lane(kind: 'stream' | 'message' = 'stream', limits: Partial<LaneLimits> = {}) {
  const scheduler = new ManualScheduler();
  const turn = new Turn(scheduler, (thrown) => assert.fail(`${thrown}`));
  const session = new RecordingSession({ kind });
  const made = new Lane(session, turn, { ...LANE_LIMITS, ...limits });
  made.open();
  const woken: string[] = [];
  const waiter = (name: string) => ({ endTurn: () => void woken.push(name) });
  /** A packet with a two-byte prefix before it, as a framed lane wants it. */
  const push = (text: string) => {
    const buffer = bytesOf(`${String.fromCharCode(0, text.length)}${text}`);
    return made.push(buffer, 2, buffer.length);
  };
  return { lane: made, session, scheduler, woken, waiter, push, endTurn: () => scheduler.runSoon() };
}

const framed = (text: string) => `\0${String.fromCharCode(text.length)}${text}`;

describe('a lane', () => {
  it('writes once a turn, in order, with the prefix before each packet', () => {
    const { lane: made, session, push, endTurn } = lane();

    assert.ok(push('abc'));
    assert.ok(push('de'));
    assert.equal(session.sends.length, 0);
    assert.equal(made.queuedBytes, 9);
    endTurn();

    assert.equal(session.sends.length, 1);
    assert.equal(session.text, framed('abc') + framed('de'));
    assert.deepEqual(made.counters, { packets: 2, bytes: 9, refused: 0, shut: 0, writes: 1 });
    assert.equal(made.queuedBytes, 0);
  });

  it('sends packets that lie one behind the other in one buffer as one part, uncopied', () => {
    const { lane: made, session, endTurn } = lane();
    const buffer = bytesOf(`${framed('abc')}${framed('de')}${framed('f')}`);

    made.push(buffer, 2, 5);
    made.push(buffer, 7, 9);
    made.push(buffer, 11, 12);
    endTurn();

    assert.equal(session.parts.length, 1);
    assert.equal(session.sends[0]?.[0]?.buffer, buffer.buffer);
    assert.equal(session.text, framed('abc') + framed('de') + framed('f'));
  });

  it('does not join packets between which something was left out', () => {
    const { lane: made, session, endTurn } = lane();
    const buffer = bytesOf(`${framed('abc')}${framed('de')}${framed('f')}`);

    made.push(buffer, 2, 5);
    made.push(buffer, 11, 12);
    endTurn();

    assert.deepEqual(session.parts, [framed('abc'), framed('f')]);
  });

  it('sends each packet as a part of its own in a message session, without a prefix', () => {
    const { lane: made, session, endTurn } = lane('message');
    const buffer = bytesOf('abcde');

    made.push(buffer, 0, 3);
    made.push(buffer, 3, 5);
    endTurn();

    assert.deepEqual(session.parts, ['abc', 'de']);
  });

  it('refuses the newest when it is full, by bytes or by packets, and counts it', () => {
    const byBytes = lane('stream', { bytes: 6 });
    assert.deepEqual([byBytes.push('abcd'), byBytes.push('e')], [true, false]);
    assert.equal(byBytes.lane.counters.refused, 1);
    assert.equal(byBytes.lane.hasRoom, false);

    const byPackets = lane('stream', { packets: 2 });
    assert.deepEqual([byPackets.push('a'), byPackets.push('b'), byPackets.push('c')], [true, true, false]);
    byPackets.endTurn();
    assert.equal(byPackets.session.text, framed('a') + framed('b'));
  });

  it('takes what is urgent although it is full or shut, up to a limit of its own', () => {
    const { lane: made, session, push, endTurn } = lane('stream', { bytes: 3, urgentBytes: 8 });
    push('a');
    const urgent = bytesOf(framed('!!'));
    made.shut();

    assert.equal(push('b'), false);
    assert.equal(made.pushUrgent(urgent, 2, 4), true);
    assert.equal(made.pushUrgent(urgent, 2, 4), true);
    assert.equal(made.pushUrgent(urgent, 2, 4), false);
    endTurn();

    assert.equal(session.text, framed('a') + framed('!!') + framed('!!'));
    assert.deepEqual([made.counters.shut, made.counters.refused], [1, 1]);
  });

  it('takes nothing while it is shut', () => {
    const { lane: made, push } = lane();
    made.shut();

    assert.equal(made.isOpen, false);
    assert.equal(push('a'), false);
    assert.equal(made.counters.shut, 1);
  });

  it('keeps what comes while the session takes nothing, and writes it when there is room', () => {
    const { lane: made, session, push, endTurn } = lane();
    session.hasRoom = false;
    push('a');
    endTurn();
    push('b');
    endTurn();
    assert.equal(session.sends.length, 1);

    session.hasRoom = true;
    made.drained();

    assert.equal(session.text, framed('a') + framed('b'));
  });

  it('wakes who waits for room after it has written', () => {
    const { lane: made, woken, waiter, push, endTurn } = lane('stream', { packets: 1 });
    push('a');
    made.whenRoom(waiter('first'));
    made.whenRoom(waiter('second'));
    assert.deepEqual(woken, []);

    endTurn();

    assert.deepEqual(woken, ['first', 'second']);
  });

  it('wakes who waits when the session has drained, although nothing is left to write', () => {
    const { lane: made, session, woken, waiter, push, endTurn } = lane('stream', { packets: 1 });
    session.hasRoom = false;
    push('a');
    made.whenRoom(waiter('pump'));
    endTurn();
    assert.deepEqual(woken, []);

    session.hasRoom = true;
    made.drained();
    endTurn();

    assert.deepEqual(woken, ['pump']);
  });

  it('does not wake when the session is full again at once', () => {
    const { lane: made, session, woken, waiter, push, endTurn } = lane();
    session.hasRoom = false;
    push('a');
    endTurn();
    push('b');
    made.whenRoom(waiter('pump'));

    made.drained();
    endTurn();

    assert.deepEqual(woken, []);
    assert.equal(session.text, framed('a') + framed('b'));
  });

  it('wakes who waits when it is shut, and not who has gone', () => {
    const { lane: made, woken, waiter, endTurn } = lane();
    const gone = waiter('gone');
    made.whenRoom(gone);
    made.whenRoom(waiter('waits'));
    made.forget(gone);

    made.shut();
    endTurn();

    assert.deepEqual(woken, ['waits']);
  });

  it('writes what is left before an orderly close, even to a session that is full', () => {
    const { lane: made, session, push, endTurn } = lane();
    session.hasRoom = false;
    push('a');
    endTurn();
    push('b');

    made.flushAll();

    assert.equal(session.text, framed('a') + framed('b'));
  });

  it('opens again after it was shut', () => {
    const { lane: made, push } = lane();
    made.shut();
    made.open();

    assert.ok(push('a'));
  });
});
