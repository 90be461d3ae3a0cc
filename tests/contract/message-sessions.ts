import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Session } from '../../runtime/ports.js';
import { Party } from './session-party.js';
import type { SessionsStage } from './sessions.js';

/** In which words an implementation of message sessions says what all of them say. */
export interface MessageWords {
  /** What becomes of a dial where nobody listens: it fails, or it opens and is closed once it has sent. The codes. */
  readonly nobody: { readonly when: 'dialled' | 'sending'; readonly codes: readonly string[] };
  readonly inUse: string;
  /** What the far side hears when this one closes; nothing where the transport says nothing. */
  readonly closed: readonly string[];
  readonly aborted: readonly string[];
  /** Bytes of the largest message that passes for certain. */
  readonly largest: number;
}

/** Remembers each message apart. */
class Reader extends Party {
  readonly messages: string[] = [];
  /** The reader pauses when it hears this. */
  pausesAt: string | undefined;

  override bytes(chunk: Uint8Array): void {
    const text = new TextDecoder().decode(chunk);
    this.messages.push(text);
    if (text === this.pausesAt) {
      this.session.pause();
    }
    super.bytes(chunk);
  }
}

interface Place {
  readonly accepted: Reader[];
  readonly news: string[];
  readonly close: (done: () => void) => void;
}

interface Joined {
  readonly here: Reader;
  readonly there: Reader;
  readonly place: Place;
}

type Joins = 'attached' | 'unattached';

/** A stage of message sessions, and everybody on it. */
class Stage {
  readonly until: SessionsStage['until'];
  readonly #stage: SessionsStage;
  readonly #readers: Reader[] = [];
  readonly #closers: ((done: () => void) => void)[] = [];
  #echo: Place | undefined;

  constructor(stage: SessionsStage) {
    this.#stage = stage;
    this.until = stage.until;
  }

  listen(name: string, joins: Joins = 'attached'): Place {
    const place = { accepted: [] as Reader[], news: [] as string[] };
    let told = 'at once';
    const close = this.#stage.listen(name, {
      opened: () => void place.news.push(`opened${told}`),
      failed: ({ code, text }) => void place.news.push(`failed ${text === '' ? 'without a text' : code}${told}`),
      accepted: (session) => void place.accepted.push(this.#reader(session, joins)),
    });
    told = '';
    this.#closers.push(close);
    return { ...place, close };
  }

  async place(name: string, joins: Joins = 'attached'): Promise<Place> {
    const place = this.listen(name, joins);
    await this.until(() => place.news.length > 0);
    assert.deepEqual(place.news, ['opened']);
    return place;
  }

  dial(name: string) {
    const opened: Reader[] = [];
    const news: string[] = [];
    let told = 'at once';
    const giveUp = this.#stage.dial(name, {
      opened: (session) => {
        news.push(`opened${told}`);
        opened.push(this.#reader(session, 'attached'));
      },
      failed: ({ code, text }) => void news.push(`failed ${text === '' ? 'without a text' : code}${told}`),
    });
    told = '';
    return { opened, news, giveUp };
  }

  /** Both ends of a new session, the first message `hello` on its way or arrived. */
  async pair(place: Place, name: string): Promise<Joined> {
    const before = place.accepted.length;
    const dial = this.dial(name);
    await this.until(() => dial.news.length > 0);
    const here = dial.opened[0] ?? assert.fail(`${dial.news}`);
    here.say('hello');
    await this.until(() => place.accepted.length > before);
    return { here, there: place.accepted[before] ?? assert.fail(), place };
  }

  async joined(joins: Joins = 'attached'): Promise<Joined> {
    const joined = await this.pair(await this.place('joined', joins), 'joined');
    if (joins === 'attached') {
      await this.until(() => joined.there.messages.length === 1);
    }
    return joined;
  }

  /** Whatever else was under way has had its time to arrive. */
  async pass(): Promise<void> {
    this.#echo ??= await this.place('echo');
    for (let round = 0; round < 3; round += 1) {
      const { here, there } = await this.pair(this.#echo, 'echo');
      await this.until(() => there.messages.length === 1);
      there.say('answer');
      await this.until(() => here.text === 'answer');
      there.abort();
      here.abort();
    }
  }

  assertInOrder(): void {
    assert.deepEqual(
      this.#readers.flatMap(({ faults }) => faults),
      [],
    );
  }

  async dispose(): Promise<void> {
    for (const { session } of this.#readers) {
      session.abort();
    }
    for (const close of this.#closers) {
      close(() => undefined);
    }
    await this.#stage.dispose();
  }

  #reader(session: Session, joins: Joins): Reader {
    const reader = new Reader(session);
    this.#readers.push(reader);
    return joins === 'attached' ? reader.attach() : reader;
  }
}

type Staged = (title: string, test: (stage: Stage) => Promise<void>) => void;

/** What every implementation of message sessions must do where nothing is lost on the way. */
export function messageContract(name: string, words: MessageWords, open: () => Promise<SessionsStage>): void {
  const staged: Staged = (title, test) => {
    it(title, async () => {
      const stage = new Stage(await open());
      try {
        await test(stage);
        stage.assertInOrder();
      } finally {
        await stage.dispose();
      }
    });
  };
  describe(`${name}: places and dials`, () => places(staged, words));
  describe(`${name}: messages`, () => messages(staged, words));
  describe(`${name}: readers that wait`, () => readers(staged));
  describe(`${name}: ends`, () => ends(staged, words));
}

function places(staged: Staged, words: MessageWords): void {
  staged('a place belongs to the first who listens; the second is told', async (stage) => {
    const first = await stage.place('a');
    const second = stage.listen('a');
    await stage.until(() => second.news.length > 0);
    const { there } = await stage.pair(first, 'a');
    await stage.until(() => there.text === 'hello');

    assert.deepEqual([first.news, second.news], [['opened'], [`failed ${words.inUse}`]]);
  });

  staged('a place that is given up before it is open is heard of no more, and is free', async (stage) => {
    const place = stage.listen('a');
    let isDone = false;
    place.close(() => {
      isDone = true;
    });
    await stage.until(() => isDone);
    await stage.pair(await stage.place('a'), 'a');

    assert.deepEqual([place.news, place.accepted], [[], []]);
  });

  staged('a place that is closed takes no more, and those who came live on', async (stage) => {
    const { here, there, place } = await stage.joined();
    let isDone = false;
    place.close(() => {
      isDone = true;
    });
    const late = stage.dial('joined');
    await stage.until(() => late.news.length > 0);
    late.opened[0]?.say('too late');
    here.say('still here?');
    await stage.until(() => there.messages.includes('still here?'));
    there.say('yes');
    await stage.until(() => here.text === 'yes');
    await stage.pass();
    assert.equal(place.accepted.length, 1);

    // Who shares one socket with those who came frees the place when the last of them has gone.
    here.close();
    there.close();
    await stage.until(() => isDone);
    await stage.pair(await stage.place('joined'), 'joined');
  });

  staged('a session has two ends that have names, and both are of messages', async (stage) => {
    const { here, there } = await stage.joined();

    for (const { session } of [here, there]) {
      assert.deepEqual([session.kind, session.backlogBytes], ['message', 0]);
      assert.ok(session.local.length > 0 && session.remote.length > 0);
    }
    assert.equal(here.session.remote, there.session.local);
    assert.equal(here.session.local, there.session.remote);
  });

  staged('who dials where nobody listens is told, once', async (stage) => {
    const dial = stage.dial('nowhere');
    await stage.until(() => dial.news.length > 0);
    const [reader] = dial.opened;
    await stage.until(() => {
      reader?.say('is anybody there?');
      return reader === undefined || reader.isClosed;
    });
    await stage.pass();

    const { when, codes } = words.nobody;
    const told = when === 'dialled' ? dial.news : (reader?.news ?? []);
    const word = when === 'dialled' ? 'failed' : 'closed';
    assert.equal(told.length, 1, `${told}`);
    assert.ok(
      codes.some((code) => told[0] === `${word} ${code}`),
      `${told}`,
    );
  });

  staged('a dial that is given up is heard of no more', async (stage) => {
    const place = await stage.place('a');
    const dials = [stage.dial('a'), stage.dial('nowhere')];
    for (const { giveUp } of dials) {
      giveUp();
      giveUp();
    }
    await stage.pass();

    assert.deepEqual(
      [...dials.map(({ news }) => news), place.accepted.flatMap((reader) => reader.messages)],
      [[], [], []],
    );
  });

  staged('a dial that is given up after it has succeeded changes nothing', async (stage) => {
    const place = await stage.place('a');
    const dial = stage.dial('a');
    await stage.until(() => dial.opened.length > 0);
    dial.giveUp();
    dial.opened[0]?.say('hello');
    await stage.until(() => place.accepted[0]?.text === 'hello');
  });

  staged('sessions do not mix', async (stage) => {
    const place = await stage.place('a');
    const dials = Array.from({ length: 20 }, () => stage.dial('a'));
    await stage.until(() => dials.every(({ opened }) => opened.length === 1));
    for (const [at, { opened }] of dials.entries()) {
      opened[0]?.say(`first of ${at}`, `second of ${at}`);
    }
    await stage.until(() => place.accepted.filter((reader) => reader.messages.length === 2).length === dials.length);
    for (const reader of place.accepted) {
      reader.say(`answer to ${reader.messages}`);
    }
    await stage.until(() => dials.every(({ opened }) => opened[0]?.messages.length === 1));

    for (const [at, { opened }] of dials.entries()) {
      assert.deepEqual(opened[0]?.messages, [`answer to first of ${at},second of ${at}`]);
    }
  });
}

function messages(staged: Staged, words: MessageWords): void {
  staged('each part is one message, in both directions', async (stage) => {
    const { here, there } = await stage.joined();
    const parts = Array.from({ length: 40 }, (_, at) => `${at}`);
    here.say(...parts);
    for (const part of parts) {
      there.say(part);
    }
    await stage.until(() => here.messages.length === 40 && there.messages.length === 41);

    assert.deepEqual(
      [here.messages.toSorted(), there.messages.slice(1).toSorted()],
      [parts.toSorted(), parts.toSorted()],
    );
  });

  staged('empty ones are never sent', async (stage) => {
    const { here, there } = await stage.joined();

    assert.equal(here.session.send([]), true);
    assert.equal(here.say(''), true);
    here.say('', 'something', '');
    await stage.until(() => there.messages.includes('something'));
    await stage.pass();

    assert.deepEqual(there.messages, ['hello', 'something']);
    assert.deepEqual([here.news, there.news], [[], []]);
  });

  staged('large ones come whole', async (stage) => {
    const { here, there } = await stage.joined();
    const large = 'x'.repeat(words.largest);
    here.say(large);
    await stage.until(() => there.messages.length === 2);
    there.say(large);
    await stage.until(() => here.messages.length === 1);

    assert.ok(there.messages[1] === large && here.messages[0] === large);
  });

  staged('are the receiver’s: what it does to them changes nothing for who sent them', async (stage) => {
    const { here, there } = await stage.joined();
    const part = new TextEncoder().encode('sent twice');
    here.session.send([part]);
    await stage.until(() => there.messages.length === 2);
    here.session.send([part]);
    await stage.until(() => there.messages.length === 3);

    assert.deepEqual(there.messages, ['hello', 'sent twice', 'sent twice']);
  });
}

function readers(staged: Staged): void {
  staged('messages wait until somebody is attached', async (stage) => {
    const { here, there } = await stage.joined('unattached');
    here.say('early');
    await stage.pass();
    // Even for an owner who asks for them too soon.
    there.session.resume();
    await stage.pass();
    there.attach();
    await stage.until(() => there.messages.length === 2);

    assert.deepEqual(there.messages.toSorted(), ['early', 'hello']);
  });

  staged('a reader that pauses hears nothing, and everything once it resumes', async (stage) => {
    const { here, there } = await stage.joined();
    there.session.pause();
    here.say('one', 'two');
    await stage.pass();
    assert.deepEqual(there.messages, ['hello']);
    there.session.resume();
    await stage.until(() => there.messages.length === 3);

    assert.deepEqual(there.messages.toSorted(), ['hello', 'one', 'two']);
  });

  staged('a reader may pause before it is attached', async (stage) => {
    const { there } = await stage.joined('unattached');
    there.session.pause();
    there.attach();
    await stage.pass();
    assert.deepEqual(there.messages, []);
    there.session.resume();
    await stage.until(() => there.text === 'hello');
  });

  staged('a reader that pauses in the middle of a burst hears none of the rest before it resumes', async (stage) => {
    const { here, there } = await stage.joined();
    const burst = Array.from({ length: 30 }, (_, at) => `m${at}`);
    there.pausesAt = 'm0';
    here.say(...burst);
    await stage.until(() => there.messages.includes('m0'));
    const heard = there.messages.length;
    await stage.pass();
    assert.equal(there.messages.length, heard);
    there.session.resume();
    await stage.until(() => there.messages.length === 31);

    assert.deepEqual(there.messages.slice(1).toSorted(), burst.toSorted());
  });

  staged('a reader that pauses may still send', async (stage) => {
    const { here, there } = await stage.joined();
    here.session.pause();
    there.session.pause();
    there.say('from a reader that pauses');
    here.session.resume();
    await stage.until(() => here.messages.length === 1);
  });
}

function ends(staged: Staged, words: MessageWords): void {
  for (const way of ['close', 'end'] as const) {
    staged(
      `who says ${way} hears nothing more; its last words are heard, and its end as far as can be`,
      async (stage) => {
        const { here, there } = await stage.joined();
        here.say('last words');
        here.session[way]();
        here.session[way]();
        there.say('crossing');
        await stage.until(() => there.messages.includes('last words'));
        await stage.pass();
        await stage.until(() => words.closed.length === 0 || there.news.length > 0);

        assert.deepEqual([here.news, here.messages], [[], []]);
        assertNews(there.news, words.closed);
      },
    );
  }

  staged('an abort is told to the other side as far as the transport can', async (stage) => {
    const { here, there } = await stage.joined();
    here.abort();
    await stage.pass();
    await stage.until(() => words.aborted.length === 0 || there.news.length > 0);

    assert.deepEqual(here.news, []);
    assertNews(there.news, words.aborted);
  });

  staged('both may close at the same time', async (stage) => {
    const { here, there } = await stage.joined();
    here.close();
    there.close();
    await stage.pass();

    assert.deepEqual([here.news, there.news], [[], []]);
  });

  staged('nothing harms a session that is over', async (stage) => {
    const { here, there } = await stage.joined();
    here.abort();
    there.abort();
    for (const { session } of [here, there]) {
      assert.equal(session.send([new Uint8Array(10)]), true);
      session.pause();
      session.resume();
      session.end();
      session.close();
      session.abort();
    }
    await stage.pass();

    assert.deepEqual([here.news, there.news], [[], []]);
  });

  staged('a session may be left before anybody was attached', async (stage) => {
    const place = await stage.place('a', 'unattached');
    const [one, two] = [await stage.pair(place, 'a'), await stage.pair(place, 'a')];
    one.there.session.close();
    two.there.session.abort();
    await stage.pass();

    assert.deepEqual([one.there.messages, two.there.messages], [[], []]);
  });

  staged('the end of one is not the end of another', async (stage) => {
    const { here, there, place } = await stage.joined();
    const other = await stage.pair(place, 'joined');
    here.abort();
    there.abort();
    other.there.say('hello there');
    await stage.until(() => other.here.text === 'hello there');

    assert.deepEqual([other.here.news, other.there.news], [[], []]);
  });
}

function assertNews(news: readonly string[], allowed: readonly string[]): void {
  if (allowed.length === 0) {
    assert.deepEqual(news, []);
  } else {
    assert.ok(news.length === 1 && allowed.includes(`${news[0]}`), `${news} is none of ${allowed}`);
  }
}
