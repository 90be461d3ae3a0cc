import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Handover } from '../../../actors/handover.js';
import { Scope } from '../../../runtime/scope.js';
import { RecordingSession } from '../../support/recording-session.js';

/** Who gives sessions, and ends when the test says so. */
class Giver {
  readonly #scope = new Scope((label) => assert.fail(label));

  own: Scope['own'] = (label, closer) => this.#scope.own(label, closer);

  get owned(): number {
    return this.#scope.size;
  }

  end(): void {
    this.#scope.close(() => undefined);
  }
}

describe('a session on its way from one actor to another', () => {
  it('is taken once, by its key', () => {
    const handover = new Handover();
    const giver = new Giver();
    const [first, second] = [new RecordingSession(), new RecordingSession()];
    const keys = [handover.put(giver, first), handover.put(giver, second)];
    assert.deepEqual([handover.size, giver.owned], [2, 2]);

    assert.equal(handover.take(keys[1] ?? 0), second);
    assert.equal(handover.take(keys[0] ?? 0), first);
    assert.deepEqual([handover.size, giver.owned], [0, 0]);
    assert.equal(handover.take(keys[0] ?? 0), undefined);
    assert.equal(handover.take(999), undefined);
  });

  it('is its taker’s from then on, whatever becomes of the giver', () => {
    const handover = new Handover();
    const giver = new Giver();
    const session = new RecordingSession();
    handover.take(handover.put(giver, session));
    giver.end();
    assert.equal(session.isOver, false);
  });

  it('ends with its giver while nobody has taken it', () => {
    const handover = new Handover();
    const giver = new Giver();
    const session = new RecordingSession();
    const key = handover.put(giver, session);
    giver.end();
    assert.deepEqual([session.acts, handover.size], [['abort'], 0]);
    assert.equal(handover.take(key), undefined);
  });

  it('is closed at once when its giver is at its end', () => {
    const handover = new Handover();
    const giver = new Giver();
    giver.end();
    const session = new RecordingSession();
    const key = handover.put(giver, session);
    assert.deepEqual([session.acts, handover.size, giver.owned], [['abort'], 0, 0]);
    assert.equal(handover.take(key), undefined);
  });

  it('is closed when too many wait, and its key stands for nothing', () => {
    const handover = new Handover();
    const giver = new Giver();
    const sessions = Array.from({ length: 10_000 }, () => new RecordingSession());
    const keys = sessions.map((session) => handover.put(giver, session));
    const refused = new RecordingSession();
    const key = handover.put(giver, refused);
    assert.deepEqual([refused.acts, handover.size], [['abort'], 10_000]);
    assert.equal(handover.take(key), undefined);
    assert.equal(handover.size, 10_000);

    handover.take(keys[0] ?? 0);
    const next = new RecordingSession();
    assert.equal(handover.take(handover.put(giver, next)), next);
  });
});
