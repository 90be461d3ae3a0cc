import assert from 'node:assert/strict';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { systemSessions } from '../../../../runtime/io/sessions.js';
import type { ListenOptions, Session, SessionAddress } from '../../../../runtime/ports.js';
import { type MessageWords, messageContract } from '../../../contract/message-sessions.js';
import { type SessionsStage, type SessionWords, sessionsContract } from '../../../contract/sessions.js';
import { realStage, until } from './real-stage.js';
import { mutualTls, portStage } from './session-stage.js';

/** Sessions over socket files in a folder of its own. */
async function unixStage(): Promise<SessionsStage> {
  const { root, until: holds, dispose } = await realStage();
  const addressOf = (place: string): SessionAddress => ({ transport: 'unix', path: join(root, place) });
  return {
    until: holds,
    dispose,
    dial: (place, handler) => systemSessions.dial(addressOf(place), handler),
    listen: (place, handler) => systemSessions.listen(addressOf(place), {}, handler),
  };
}

const ANY_PORT: SessionAddress = { transport: 'tcp', host: '127.0.0.1', portNumber: 0 };

const TCP_WORDS: SessionWords = {
  refused: ['ECONNREFUSED'],
  inUse: 'EADDRINUSE',
  aborted: ['ECONNRESET'],
  gone: ['closed ECONNRESET', 'closed EPIPE'],
  closedPlace: 'they live on',
};

sessionsContract('TCP of this machine', TCP_WORDS, () => portStage(ANY_PORT));

const MUTUAL = mutualTls();
sessionsContract('TCP of this machine, secured on both sides', TCP_WORDS, () => portStage(ANY_PORT, MUTUAL));

sessionsContract(
  'Unix sockets of this machine',
  {
    refused: ['ENOENT'],
    inUse: 'EADDRINUSE',
    aborted: [],
    gone: ['closed EPIPE', 'closed ECONNRESET'],
    closedPlace: 'they live on',
  },
  unixStage,
);

const UDP_WORDS: MessageWords = {
  nobody: { when: 'sending', codes: ['ECONNREFUSED'] },
  inUse: 'EADDRINUSE',
  closed: [],
  aborted: [],
  largest: 60_000,
};

const WS_WORDS: MessageWords = {
  nobody: { when: 'dialled', codes: ['ECONNREFUSED'] },
  inUse: 'EADDRINUSE',
  closed: ['closed'],
  aborted: ['closed'],
  largest: 1_000_000,
};

const ANY_WS: SessionAddress = { transport: 'ws', host: '127.0.0.1', portNumber: 0, path: '/' };

messageContract('UDP of this machine', UDP_WORDS, () => portStage({ ...ANY_PORT, transport: 'udp' }));
messageContract('WebSockets of this machine', WS_WORDS, () => portStage(ANY_WS));
messageContract('WebSockets of this machine, secured on both sides', WS_WORDS, () => portStage(ANY_WS, MUTUAL));

const tcp = (host: string, portNumber = 0): SessionAddress => ({ transport: 'tcp', host, portNumber });
const unix = (path: string): SessionAddress => ({ transport: 'unix', path });

/** What came of a dial or a listen; ended with the test. */
class Outcome {
  /** `opened`, `failed CODE`, in order. */
  readonly news: string[] = [];
  readonly sessions: Session[] = [];
  address: SessionAddress | undefined;
  close: (done: () => void) => void = () => undefined;

  constructor(t: TestContext) {
    t.after(() => {
      this.close(() => undefined);
      for (const session of this.sessions) {
        session.abort();
      }
    });
  }

  async heard(): Promise<readonly string[]> {
    await until(() => this.news.length > 0);
    return this.news;
  }
}

function listen(t: TestContext, address: SessionAddress, options: ListenOptions = {}): Outcome {
  const outcome = new Outcome(t);
  outcome.close = systemSessions.listen(address, options, {
    opened: (listener) => {
      outcome.address = listener.address;
      outcome.news.push('opened');
    },
    accepted: (session) => void outcome.sessions.push(session),
    failed: ({ code }) => void outcome.news.push(`failed ${code}`),
  });
  return outcome;
}

function dial(t: TestContext, address: SessionAddress): Outcome {
  const outcome = new Outcome(t);
  outcome.close = systemSessions.dial(address, {
    opened: (session) => {
      outcome.sessions.push(session);
      outcome.news.push('opened');
    },
    failed: ({ code }) => void outcome.news.push(`failed ${code}`),
  });
  return outcome;
}

/** A listener, and both ends of a session that came to it. */
async function joined(t: TestContext, at: SessionAddress): Promise<readonly [SessionAddress, Session, Session]> {
  const place = listen(t, at);
  assert.deepEqual(await place.heard(), ['opened']);
  const address = place.address ?? assert.fail();
  const dialled = dial(t, address);
  await until(() => dialled.sessions.length > 0 && place.sessions.length > 0);
  return [address, dialled.sessions[0] ?? assert.fail(), place.sessions[0] ?? assert.fail()];
}

describe('the names of sessions of this machine', () => {
  for (const [host, shown] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const) {
    it(`are host and port over TCP: ${host}`, async (t) => {
      const [address, here, there] = await joined(t, tcp(host));

      assert.ok(address.transport === 'tcp' && address.portNumber > 0);
      assert.equal(address.host, host);
      assert.equal(here.remote, `${shown}:${address.portNumber}`);
      assert.deepEqual([there.local, there.remote], [here.remote, here.local]);
    });
  }

  it('are the path over a socket file', async (t) => {
    const { root, dispose } = await realStage();
    t.after(dispose);
    const path = join(root, 'socket');
    const [address, here, there] = await joined(t, unix(path));

    assert.deepEqual(address, unix(path));
    assert.deepEqual([here.local, here.remote, there.local, there.remote], [path, path, path, path]);
  });
});

describe('addresses that cannot be', () => {
  const BEYOND = 65_536;
  const cannotBe: readonly (readonly [SessionAddress, string])[] = [
    [{ transport: 'udp', host: '127.0.0.1', portNumber: BEYOND }, 'address-invalid'],
    [{ transport: 'ws', host: '127.0.0.1', portNumber: -1, path: '/' }, 'address-invalid'],
    [tcp('127.0.0.1', -1), 'address-invalid'],
    [tcp('127.0.0.1', 65_536), 'address-invalid'],
    [tcp('127.0.0.1', 2.5), 'address-invalid'],
    [tcp('127.0.0.1', Number.NaN), 'address-invalid'],
    [unix(''), 'address-invalid'],
    [unix('/tmp/a\0b'), 'address-invalid'],
    [unix(`/tmp/${'x'.repeat(103)}`), 'ENAMETOOLONG'],
  ];

  for (const [address, code] of cannotBe) {
    it(`are told in a moment, and never thrown: ${JSON.stringify(address)}`, async (t) => {
      const [place, dialled] = [listen(t, address), dial(t, address)];
      assert.deepEqual([place.news, dialled.news], [[], []]);

      assert.deepEqual([await place.heard(), await dialled.heard()], [[`failed ${code}`], [`failed ${code}`]]);
    });
  }

  it('are not told to who has given up', async (t) => {
    const [place, dialled] = [listen(t, tcp('127.0.0.1', -1)), dial(t, tcp('127.0.0.1', -1))];
    let isDone = false;
    place.close(() => {
      isDone = true;
    });
    dialled.close(() => undefined);
    await dial(t, tcp('127.0.0.1', -1)).heard();

    assert.deepEqual([place.news, dialled.news, isDone], [[], [], true]);
  });
});

describe('a place of this machine', () => {
  it('is told with the code of the system when it is no address of this machine', async (t) => {
    // Set apart for documentation (RFC 5737).
    assert.deepEqual(await listen(t, tcp('192.0.2.1')).heard(), ['failed EADDRNOTAVAIL']);
  });

  it('is told when its name is unknown, and so is a dial', async (t) => {
    const [place, dialled] = [listen(t, tcp('nowhere.invalid')), dial(t, tcp('nowhere.invalid', 1))];

    for (const outcome of [place, dialled]) {
      assert.match(`${await outcome.heard()}`, /^failed (ENOTFOUND|EAI_AGAIN)$/);
    }
  });

  it('that is given up while its name is looked up is never open', async (t) => {
    const given = listen(t, tcp('localhost'));
    let isDone = false;
    given.close(() => {
      isDone = true;
    });
    assert.deepEqual(await listen(t, tcp('localhost')).heard(), ['opened']);

    assert.deepEqual([given.news, isDone], [[], true]);
  });

  it('has a socket file for its owner alone, or with the mode that was asked for', async (t) => {
    const { root, dispose } = await realStage();
    t.after(dispose);
    const [alone, shared] = [
      listen(t, unix(join(root, 'alone'))),
      listen(t, unix(join(root, 'shared')), { mode: 0o660 }),
    ];
    assert.deepEqual([await alone.heard(), await shared.heard()], [['opened'], ['opened']]);

    assert.deepEqual(
      ['alone', 'shared'].map((name) => lstatSync(join(root, name)).mode & 0o777),
      [0o600, 0o660],
    );
    alone.close(() => undefined);
    assert.equal(existsSync(join(root, 'alone')), false);
  });

  it('is told once why a socket file cannot be made', async (t) => {
    const { root, dispose } = await realStage();
    t.after(dispose);
    writeFileSync(join(root, 'file'), '');
    const [missing, taken] = [listen(t, unix(join(root, 'none', 'socket'))), listen(t, unix(join(root, 'file')))];
    await listen(t, unix(join(root, 'socket'))).heard();

    assert.deepEqual([missing.news, taken.news], [['failed ENOENT'], ['failed EEXIST']]);
  });

  it('is refused at a socket file that nobody listens at', async (t) => {
    const { root, dispose } = await realStage();
    t.after(dispose);
    writeFileSync(join(root, 'file'), '');

    assert.deepEqual(await dial(t, unix(join(root, 'none'))).heard(), ['failed ENOENT']);
    assert.deepEqual(await dial(t, unix(join(root, 'file'))).heard(), ['failed ECONNREFUSED']);
  });
});
