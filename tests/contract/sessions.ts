import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DialHandler, Session, SessionFault } from '../../runtime/ports.js';
import { digestOf, Party } from './session-party.js';

const MIB = 1_048_576;

/** More than any system below holds for a reader that does not read. */
const FLOOD_BYTES = 24 * MIB;

/** Who takes the sessions of a place. */
export interface PlaceHandler {
  opened(): void;
  accepted(session: Session): void;
  failed(fault: SessionFault): void;
}

/** One implementation of stream sessions under test. Places are named; each stage knows what its names stand for. */
export interface SessionsStage {
  dial(place: string, handler: DialHandler): () => void;
  listen(place: string, handler: PlaceHandler): (done: () => void) => void;
  /** Waits until it holds; fails when it does not within a few seconds. */
  until(holds: () => boolean): Promise<void>;
  dispose(): Promise<void>;
}

/** In which words an implementation says what all of them say. */
export interface SessionWords {
  /** The codes with which a dial may fail where nobody listens: at a place that never was, and at one that is closed. */
  readonly refused: readonly string[];
  /** The code of a listen at a place that is taken. */
  readonly inUse: string;
  /** The codes with which the far side of an abort is closed; none where the transport can only tell of an end. */
  readonly aborted: readonly string[];
  /** What somebody may hear in the end who goes on sending to a side that has closed: `closed CODE`. */
  readonly gone: readonly string[];
  /** What becomes of sessions when the place closes that they have come to. */
  readonly closedPlace: 'they live on' | 'they end';
}

/** What every implementation of stream sessions must do. */
export function sessionsContract(name: string, words: SessionWords, open: () => Promise<SessionsStage>): void {
  const staged: Staged = (title, test) => {
    it(title, async () => {
      const troupe = new Troupe(await open());
      try {
        await test(troupe);
        troupe.assertInOrder();
      } finally {
        await troupe.dispose();
      }
    });
  };
  describe(`${name}: places`, () => places(staged, words));
  describe(`${name}: dialling`, () => dialling(staged, words));
  describe(`${name}: bytes`, () => bytes(staged));
  describe(`${name}: back-pressure`, () => backPressure(staged));
  describe(`${name}: ends in order`, () => ends(staged));
  describe(`${name}: sudden ends`, () => suddenEnds(staged, words));
  describe(`${name}: many at once`, () => many(staged));
}

type Staged = (title: string, test: (troupe: Troupe) => Promise<void>) => void;

/** A place, and what came of it. */
interface Place {
  readonly accepted: Party[];
  /** `opened`, `failed CODE`, in order. */
  readonly news: string[];
  readonly close: (done: () => void) => void;
}

/** A dial, and what came of it. */
interface Dial {
  readonly opened: Party[];
  /** `opened`, `failed CODE`, in order. */
  readonly news: string[];
  readonly giveUp: () => void;
}

/** A stage, and everybody who has come onto it. */
class Troupe {
  readonly until: SessionsStage['until'];
  readonly #stage: SessionsStage;
  readonly #parties: Party[] = [];
  readonly #closers: ((done: () => void) => void)[] = [];
  #echo: Place | undefined;

  constructor(stage: SessionsStage) {
    this.#stage = stage;
    this.until = stage.until;
  }

  /** `joins: false` leaves it to the test to attach who comes. */
  listen(name: string, options: { readonly joins?: boolean } = {}): Place {
    const accepted: Party[] = [];
    const news: string[] = [];
    let hasReturned = false;
    const close = this.#stage.listen(name, {
      opened: () => void news.push(hasReturned ? 'opened' : 'opened at once'),
      failed: ({ code, text }) => void news.push(hasReturned && text !== '' ? `failed ${code}` : 'failed at once'),
      accepted: (session) => void accepted.push(this.#party(session, options.joins !== false)),
    });
    hasReturned = true;
    this.#closers.push(close);
    return { accepted, news, close };
  }

  dial(name: string, options: { readonly joins?: boolean } = {}): Dial {
    const opened: Party[] = [];
    const news: string[] = [];
    let hasReturned = false;
    const giveUp = this.#stage.dial(name, {
      opened: (session) => {
        news.push(hasReturned ? 'opened' : 'opened at once');
        opened.push(this.#party(session, options.joins !== false));
      },
      failed: ({ code, text }) => void news.push(hasReturned && text !== '' ? `failed ${code}` : 'failed at once'),
    });
    hasReturned = true;
    return { opened, news, giveUp };
  }

  /** A place that is open. */
  async place(name: string, options: { readonly joins?: boolean } = {}): Promise<Place> {
    const place = this.listen(name, options);
    await this.until(() => place.news.length > 0);
    assert.deepEqual(place.news, ['opened']);
    return place;
  }

  /** Both ends of a new session. */
  async pair(place: Place, name: string, options: { readonly joins?: boolean } = {}): Promise<readonly [Party, Party]> {
    const before = place.accepted.length;
    const dial = this.dial(name, options);
    await this.until(() => dial.news.length > 0 && place.accepted.length > before);
    const [here, there] = [dial.opened[0], place.accepted.at(-1)];
    assert.ok(here !== undefined && there !== undefined, `${dial.news}`);
    return [here, there];
  }

  /** A place of its own, and both ends of a session that came to it. */
  async joined(options: { readonly joins?: boolean } = {}): Promise<readonly [Party, Party]> {
    return await this.pair(await this.place('joined', options), 'joined', options);
  }

  /** Another session's question and answer pass: whatever else was under way has had its time to arrive. */
  async pass(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      this.#echo ??= await this.place('echo');
      const [here, there] = await this.pair(this.#echo, 'echo');
      here.say('question');
      await this.until(() => there.text === 'question');
      there.say('answer');
      await this.until(() => here.text === 'answer');
      here.abort();
    }
  }

  assertInOrder(): void {
    assert.deepEqual(
      this.#parties.flatMap(({ faults }) => faults),
      [],
    );
  }

  async dispose(): Promise<void> {
    for (const party of this.#parties) {
      party.session.abort();
    }
    for (const close of this.#closers) {
      close(() => undefined);
    }
    await this.#stage.dispose();
  }

  #party(session: Session, joins: boolean): Party {
    const party = new Party(session);
    this.#parties.push(party);
    return joins ? party.attach() : party;
  }
}

function places(staged: Staged, words: SessionWords): void {
  staged('are opened, and told so later than they were asked for', async (troupe) => {
    const place = troupe.listen('a');
    await troupe.until(() => place.news.length > 0);

    assert.deepEqual(place.news, ['opened']);
  });

  staged('belong to the first who listens; the second is told, and the first goes on', async (troupe) => {
    const first = await troupe.place('a');
    const second = troupe.listen('a');
    await troupe.until(() => second.news.length > 0);
    const [here, there] = await troupe.pair(first, 'a');
    here.say('hello');
    await troupe.until(() => there.text === 'hello');

    assert.deepEqual(second.news, [`failed ${words.inUse}`]);
    assert.deepEqual([first.news, second.accepted], [['opened'], []]);
  });

  staged('stay with the first also when the second, who has failed, closes', async (troupe) => {
    const first = await troupe.place('a');
    const second = troupe.listen('a');
    await troupe.until(() => second.news.length > 0);
    let isDone = false;
    second.close(() => {
      isDone = true;
    });
    await troupe.until(() => isDone);

    const [here] = await troupe.pair(first, 'a');
    assert.equal(here.isClosed, false);
  });

  staged('that are given up before they are open are heard of no more, and are free', async (troupe) => {
    const place = troupe.listen('a');
    let isDone = false;
    place.close(() => {
      isDone = true;
    });
    await troupe.until(() => isDone);
    const next = await troupe.place('a');
    await troupe.pair(next, 'a');

    assert.deepEqual([place.news, place.accepted], [[], []]);
  });

  staged('that are closed take no more, and are free when they say so', async (troupe) => {
    const first = await troupe.place('a');
    await troupe.pair(first, 'a');
    let isDone = false;
    first.close(() => {
      isDone = true;
    });
    // Although somebody has come who is still there.
    await troupe.until(() => isDone);
    const refused = troupe.dial('a');
    await troupe.until(() => refused.news.length > 0);
    const second = await troupe.place('a');
    await troupe.pair(second, 'a');

    assertOneOf(refused.news, words.refused, 'failed');
    assert.deepEqual([first.news, first.accepted.length], [['opened'], 1]);
  });

  staged(`that are closed leave those who have come: ${words.closedPlace}`, async (troupe) => {
    const place = await troupe.place('a');
    const [here, there] = await troupe.pair(place, 'a');
    place.close(() => undefined);
    here.say('still here?');

    if (words.closedPlace === 'they live on') {
      await troupe.until(() => there.text === 'still here?');
      there.say('yes');
      await troupe.until(() => here.text === 'yes');
    } else {
      await troupe.until(() => there.isClosed && here.isClosed);
      assert.match(`${there.news}`, /closed ./);
    }
  });
}

function dialling(staged: Staged, words: SessionWords): void {
  staged('makes a session with two ends that have names', async (troupe) => {
    const [here, there] = await troupe.joined();

    for (const { session } of [here, there]) {
      assert.equal(session.kind, 'stream');
      assert.ok(session.local.length > 0 && session.remote.length > 0);
      assert.equal(session.backlogBytes, 0);
    }
    assert.deepEqual([here.news, there.news], [[], []]);
  });

  staged('fails where nobody listens, once, and later than it was asked for', async (troupe) => {
    const dial = troupe.dial('nowhere');
    await troupe.until(() => dial.news.length > 0);
    await troupe.pass();

    assertOneOf(dial.news, words.refused, 'failed');
  });

  staged('that is given up at once is heard of no more, on either side', async (troupe) => {
    const place = await troupe.place('a');
    const dials = [troupe.dial('a'), troupe.dial('nowhere')];
    for (const { giveUp } of dials) {
      giveUp();
      giveUp();
    }
    await troupe.pass();
    await troupe.until(() => place.accepted.every(({ isEnded, isClosed }) => isEnded || isClosed));

    assert.deepEqual(
      dials.map(({ news }) => news),
      [[], []],
    );
  });

  staged('that is given up after it has succeeded changes nothing', async (troupe) => {
    const place = await troupe.place('a');
    const dial = troupe.dial('a');
    await troupe.until(() => dial.opened.length > 0 && place.accepted.length > 0);
    dial.giveUp();
    dial.opened[0]?.say('hello');
    await troupe.until(() => place.accepted[0]?.text === 'hello');

    assert.deepEqual(dial.opened[0]?.news, []);
  });
}

function bytes(staged: Staged): void {
  staged('come in the order of sending, whatever the parts, in both directions at once', async (troupe) => {
    const [here, there] = await troupe.joined();
    const texts = Array.from({ length: 300 }, (_, at) => `${at}${'.'.repeat(at % 17)};`);
    for (const [at, text] of texts.entries()) {
      here.say(text);
      there.say(text.slice(0, at % 3), '', text.slice(at % 3));
    }
    const all = texts.join('');
    await troupe.until(() => here.text.length >= all.length && there.text.length >= all.length);

    assert.deepEqual([here.text, there.text], [all, all]);
  });

  staged('come whole by the megabyte, in both directions at once', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.sendAll(1, 3 * MIB, () => here.session.end());
    there.sendAll(2, 2 * MIB, () => there.session.end());
    await troupe.until(() => here.isClosed && there.isClosed);

    assert.deepEqual([there.received, here.received], [3 * MIB, 2 * MIB]);
    assert.deepEqual([there.digest, here.digest], [digestOf(1, 3 * MIB), digestOf(2, 2 * MIB)]);
  });

  staged('are the receiver’s: what it does to them changes nothing for who sent them', async (troupe) => {
    const [here, there] = await troupe.joined();
    const part = new TextEncoder().encode('sent once, sent twice;');
    here.session.send([part]);
    await troupe.until(() => there.received === part.length);
    here.session.send([part]);
    await troupe.until(() => there.received === 2 * part.length);

    assert.equal(there.text, 'sent once, sent twice;sent once, sent twice;');
  });

  staged('wait until somebody is attached, and so does the end', async (troupe) => {
    const [here, there] = await troupe.joined({ joins: false });
    here.attach().say('early');
    here.session.end();
    await troupe.pass();
    // Even to an owner who asks for them too soon.
    there.session.resume();
    await troupe.pass();
    there.attach();
    await troupe.until(() => there.isEnded);

    assert.deepEqual([there.text, there.news], ['early', ['ended']]);
  });

  staged('may be none at all', async (troupe) => {
    const [here, there] = await troupe.joined();
    assert.equal(here.session.send([]), true);
    assert.equal(here.say(''), true);
    here.say('something');
    await troupe.until(() => there.received > 0);

    assert.equal(there.text, 'something');
  });
}

function backPressure(staged: Staged): void {
  staged('a reader that pauses hears nothing, and everything once it resumes', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.say('one;');
    await troupe.until(() => there.text === 'one;');
    there.session.pause();
    here.say('two;');
    here.session.end();
    await troupe.pass();
    assert.deepEqual([there.text, there.news], ['one;', []]);
    there.session.resume();
    await troupe.until(() => there.isEnded);

    assert.deepEqual([there.text, there.news], ['one;two;', ['ended']]);
  });

  staged('a reader may pause before it is attached', async (troupe) => {
    const [here, there] = await troupe.joined({ joins: false });
    there.session.pause();
    there.attach();
    here.attach().say('early');
    await troupe.pass();
    assert.equal(there.text, '');
    there.session.resume();
    await troupe.until(() => there.text === 'early');
  });

  staged('a reader that pauses may still send', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.session.pause();
    here.say('hello');
    await troupe.until(() => there.text === 'hello');
  });

  staged('a writer whose reader pauses is told to wait, within bounds, and when it may go on', async (troupe) => {
    const [here, there] = await troupe.joined();
    there.session.pause();
    here.sendAll(3, FLOOD_BYTES, () => here.session.end());
    let sent: number;
    do {
      sent = here.sent;
      await troupe.pass();
    } while (here.sent > sent);
    assert.ok(here.isBlocked && sent < FLOOD_BYTES, `${sent} bytes were taken`);
    assert.ok(here.session.backlogBytes > 0 && here.session.backlogBytes <= sent, `${here.session.backlogBytes}`);
    assert.equal(there.received, 0);
    const drains = here.drains;

    there.session.resume();
    await troupe.until(() => there.isEnded);

    assert.deepEqual([there.received, there.digest], [FLOOD_BYTES, digestOf(3, FLOOD_BYTES)]);
    assert.ok(here.drains > drains);
    assert.equal(here.session.backlogBytes, 0);
  });
}

function ends(staged: Staged): void {
  staged('one direction ends, the other goes on; when both have ended it is closed on both sides', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.say('question');
    here.session.end();
    await troupe.until(() => there.isEnded);
    assert.deepEqual([there.text, there.news, here.news], ['question', ['ended'], []]);
    there.say('answer ');
    await troupe.until(() => here.text === 'answer ');
    there.say('after the end');
    there.session.end();
    await troupe.until(() => here.isClosed && there.isClosed);

    assert.equal(here.text, 'answer after the end');
    assert.deepEqual(
      [here.news, there.news],
      [
        ['ended', 'closed'],
        ['ended', 'closed'],
      ],
    );
  });

  staged('what is sent after the end goes nowhere, and nobody is told to wait for it', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.say('last');
    here.session.end();
    here.session.end();

    assert.equal(here.say(' and more'), true);
    await troupe.until(() => there.isEnded);
    assert.equal(there.text, 'last');
  });

  staged('both may end at the same time', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.session.end();
    there.session.end();
    await troupe.until(() => here.isClosed && there.isClosed);

    assert.deepEqual([here.news.at(-1), there.news.at(-1)], ['closed', 'closed']);
  });

  staged('a side that closes hears nothing more; the other one hears the last words and the end', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.say('last words');
    here.close();
    here.session.close();
    there.say('crossing');
    await troupe.until(() => there.isEnded);
    await troupe.pass();

    assert.equal(there.text, 'last words');
    assert.deepEqual([here.news, here.text], [[], '']);
  });

  staged('a side that closes has its megabytes arrive all the same', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.sendAll(4, 3 * MIB, () => here.close());
    await troupe.until(() => there.isEnded);

    assert.deepEqual([there.received, there.digest], [3 * MIB, digestOf(4, 3 * MIB)]);
  });

  staged('a side that closes with bytes unread has its last words heard', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.session.pause();
    there.sendAll(5, FLOOD_BYTES);
    await troupe.until(() => there.isBlocked);
    await troupe.pass();
    here.say('last words');
    here.close();
    await troupe.until(() => there.text === 'last words');
  });

  staged('both may close at the same time', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.close();
    there.close();
    await troupe.pass();

    assert.deepEqual([here.news, there.news], [[], []]);
  });
}

function suddenEnds(staged: Staged, words: SessionWords): void {
  staged('an abort is told to the other side as far as the transport can', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.say('first');
    await troupe.until(() => there.text === 'first');
    here.abort();
    await troupe.until(() => there.news.length > 0);

    if (words.aborted.length > 0) {
      assertOneOf(there.news, words.aborted, 'closed');
    } else {
      assert.deepEqual(there.news, ['ended']);
    }
    assert.deepEqual(here.news, []);
  });

  staged('an abort does not wait for a reader that does not read', async (troupe) => {
    const [here, there] = await troupe.joined();
    there.session.pause();
    here.sendAll(6, FLOOD_BYTES);
    await troupe.until(() => here.isBlocked);
    here.abort();
    there.session.resume();
    await troupe.until(() => there.isClosed || there.isEnded);

    assert.ok(there.received < FLOOD_BYTES);
  });

  staged('who goes on sending to a side that has closed is told in the end', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.close();
    await troupe.until(() => there.isEnded);
    await troupe.until(() => {
      if (!there.isClosed) {
        there.say('is anybody there?');
      }
      return there.isClosed;
    });

    const [first, ...others] = there.news;
    assert.equal(first, 'ended');
    assert.equal(others.length, 1);
    assert.ok(words.gone.includes(`${others[0]}`), `${others}`);
  });

  staged('nothing harms a session that is over', async (troupe) => {
    const [here, there] = await troupe.joined();
    here.abort();
    await troupe.until(() => there.news.length > 0);
    there.session.end();
    await troupe.until(() => there.isClosed);

    for (const { session } of [here, there]) {
      assert.equal(session.send([new Uint8Array(10)]), true);
      session.pause();
      session.resume();
      session.end();
      session.close();
      session.abort();
    }
    await troupe.pass();
  });

  staged('a session may be left before anybody was attached', async (troupe) => {
    const place = await troupe.place('a');
    const [one, other] = await troupe.pair(place, 'a', { joins: false });
    const [two, another] = await troupe.pair(place, 'a', { joins: false });
    one.close();
    two.abort();

    await troupe.until(() => other.news.length > 0 && another.news.length > 0);
    assert.deepEqual(other.news, ['ended']);
  });
}

/** Sessions at the same time. */
const MANY = 60;

function many(staged: Staged): void {
  staged('sessions do not mix: each has its own bytes, and its own end', async (troupe) => {
    const place = await troupe.place('a');
    const dials = Array.from({ length: MANY }, () => troupe.dial('a'));
    await troupe.until(() => dials.every(({ news }) => news.length > 0) && place.accepted.length === MANY);
    for (const [at, dial] of dials.entries()) {
      const party = dial.opened[0] ?? assert.fail(`${dial.news}`);
      party.sendAll(at, 1_000 + at, () => party.session.end());
    }
    await troupe.until(() => place.accepted.every(({ isEnded }) => isEnded));
    for (const party of place.accepted) {
      const at = party.received - 1_000;
      assert.equal(party.digest, digestOf(at, 1_000 + at));
      party.sendAll(at + MANY, 2_000 + at, () => party.session.end());
    }
    await troupe.until(() => dials.every(({ opened }) => opened[0]?.isClosed === true));

    assert.equal(new Set(place.accepted.map(({ received }) => received)).size, MANY);
    for (const [at, { opened }] of dials.entries()) {
      assert.deepEqual([opened[0]?.received, opened[0]?.news], [2_000 + at, ['ended', 'closed']]);
      assert.equal(opened[0]?.digest, digestOf(at + MANY, 2_000 + at));
    }
  });

  staged('the end of one is not the end of another', async (troupe) => {
    const place = await troupe.place('a');
    const [one] = await troupe.pair(place, 'a');
    const [two, other] = await troupe.pair(place, 'a');
    one.abort();
    two.say('hello');
    await troupe.until(() => other.text === 'hello');
    await troupe.pass();

    assert.deepEqual([two.news, other.news], [[], []]);
  });
}

function assertOneOf(news: readonly string[], codes: readonly string[], word: string): void {
  assert.equal(news.length, 1, `${news}`);
  assert.ok(
    codes.some((code) => news[0] === `${word} ${code}`),
    `${news} is none of ${codes}`,
  );
}
