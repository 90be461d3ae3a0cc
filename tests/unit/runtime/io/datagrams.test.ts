import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { dialUdp, listenUdp, type UdpAddress } from '../../../../runtime/io/datagrams.js';
import type { Session } from '../../../../runtime/ports.js';
import { bytesOf, RecordingHandler } from '../../../support/recording-session.js';
import { until } from './real-stage.js';

const at = (host: string, portNumber = 0): UdpAddress => ({ transport: 'udp', host, portNumber });

/** A place that is open, and who came to it. */
async function place(t: TestContext, host = '127.0.0.1') {
  const news: string[] = [];
  const sessions: Session[] = [];
  let address = at(host);
  const close = listenUdp(address, {
    opened: (listener) => {
      news.push('opened');
      assert.ok(listener.address.transport === 'udp');
      address = listener.address;
    },
    accepted: (session) => void sessions.push(session),
    failed: ({ code }) => void news.push(`failed ${code}`),
  });
  t.after(() => {
    close(() => undefined);
    for (const session of sessions) {
      session.close();
    }
  });
  await until(() => news.length > 0);
  return { news, sessions, address, close };
}

/** What came of a dial: `opened` or `failed CODE`. */
function dial(t: TestContext, address: UdpAddress) {
  const news: string[] = [];
  const sessions: Session[] = [];
  const giveUp = dialUdp(address, {
    opened: (session) => {
      news.push('opened');
      sessions.push(session);
    },
    failed: ({ code, text }) => void news.push(`failed ${code}${text === '' ? ' without a text' : ''}`),
  });
  t.after(() => {
    giveUp();
    sessions[0]?.close();
  });
  return { news, sessions, giveUp };
}

describe('dialling over UDP', () => {
  it('asks nobody, and names both ends', async (t) => {
    const { address, sessions } = await place(t);
    const dialled = dial(t, address);
    await until(() => dialled.news.length > 0);

    assert.deepEqual([dialled.news, sessions], [['opened'], []]);
    assert.equal(dialled.sessions[0]?.remote, `127.0.0.1:${address.portNumber}`);
    assert.match(`${dialled.sessions[0]?.local}`, /^127\.0\.0\.1:\d+$/);
  });

  it('writes IPv6 in brackets', async (t) => {
    const { address } = await place(t, '::1');
    const dialled = dial(t, address);
    await until(() => dialled.news.length > 0);

    assert.equal(dialled.sessions[0]?.remote, `[::1]:${address.portNumber}`);
  });

  it('looks names up', async (t) => {
    const dialled = dial(t, at('localhost', 1));
    await until(() => dialled.news.length > 0);

    assert.deepEqual(dialled.news, ['opened']);
  });

  it('fails at a name that nobody knows', async (t) => {
    const dialled = dial(t, at('nowhere.invalid', 1));
    await until(() => dialled.news.length > 0);

    assert.match(`${dialled.news}`, /^failed (ENOTFOUND|EAI_AGAIN)$/);
  });

  it('fails where the system knows no way: an address of all is refused to who did not ask for it', async (t) => {
    const dialled = dial(t, at('255.255.255.255', 1));
    await until(() => dialled.news.length > 0);

    assert.match(`${dialled.news}`, /^failed (EACCES|ENETUNREACH|EHOSTUNREACH)$/);
  });

  it('fails at port 0, which is none', async (t) => {
    const dialled = dial(t, at('127.0.0.1', 0));
    await until(() => dialled.news.length > 0);

    assert.deepEqual(dialled.news, ['failed ERR_SOCKET_BAD_PORT']);
  });

  it('that is given up while a name is looked up is heard of no more', async (t) => {
    const given = dial(t, at('localhost', 1));
    given.giveUp();
    given.giveUp();
    const other = dial(t, at('localhost', 1));
    await until(() => other.news.length > 0);

    assert.deepEqual(given.news, []);
  });
});

describe('listening over UDP', () => {
  it('tells where it is bound', async (t) => {
    const { address, news } = await place(t);

    assert.deepEqual(news, ['opened']);
    assert.deepEqual([address.host, address.portNumber > 0], ['127.0.0.1', true]);
  });

  for (const [host, codes] of [
    ['192.0.2.1', /^failed EADDRNOTAVAIL$/],
    ['nowhere.invalid', /^failed (ENOTFOUND|EAI_AGAIN)$/],
  ] as const) {
    it(`fails at ${host}, once, and closes all the same`, async (t) => {
      const { news, close } = await place(t, host);
      let isDone = false;
      close(() => {
        isDone = true;
      });
      await until(() => isDone);

      assert.match(`${news}`, codes);
    });
  }

  it('makes no session of an empty datagram', async (t) => {
    const { address, sessions } = await place(t);
    const socket = createSocket('udp4');
    t.after(() => socket.close());
    socket.connect(address.portNumber, address.host);
    await once(socket, 'connect');
    socket.send('');
    socket.send('something');
    await until(() => sessions.length > 0);
    const handler = new RecordingHandler();
    sessions[0]?.attach(handler);
    await until(() => handler.heard.length > 0);

    assert.deepEqual([sessions.length, handler.heard], [1, ['bytes something']]);
  });

  it('makes a new session of the next datagram of a source whose session is over', async (t) => {
    const { address, sessions } = await place(t);
    const dialled = dial(t, address);
    await until(() => dialled.sessions.length > 0);
    dialled.sessions[0]?.send([bytesOf('one')]);
    await until(() => sessions.length === 1);
    sessions[0]?.close();
    dialled.sessions[0]?.send([bytesOf('two')]);
    await until(() => sessions.length === 2);
    const handler = new RecordingHandler();
    sessions[1]?.attach(handler);
    await until(() => handler.heard.length > 0);

    assert.deepEqual(handler.heard, ['bytes two']);
    assert.equal(sessions[0]?.remote, sessions[1]?.remote);
  });

  it('is done when the last of those who came has gone, and done again at once after that', async (t) => {
    const { address, sessions, close } = await place(t);
    const dialled = dial(t, address);
    await until(() => dialled.sessions.length > 0);
    dialled.sessions[0]?.send([bytesOf('one')]);
    await until(() => sessions.length === 1);
    const done: string[] = [];
    close(() => void done.push('first'));
    await until(async () => true);
    assert.equal(done.length, 0);
    sessions[0]?.close();
    await until(() => done.length > 0);
    close(() => void done.push('second'));

    assert.deepEqual(done, ['first', 'second']);
  });
});
