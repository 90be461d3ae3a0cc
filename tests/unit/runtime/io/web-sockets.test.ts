import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { dialWebSocket, listenWebSocket, type WebSocketAddress } from '../../../../runtime/io/web-sockets.js';
import type { DialOptions, ListenOptions, Session } from '../../../../runtime/ports.js';
import { Secret } from '../../../../runtime/secret.js';
import { clientProfile, credentialsOf, serverProfile } from '../../../support/certificate-maker.js';
import { bytesOf, RecordingHandler } from '../../../support/recording-session.js';
import { until } from './real-stage.js';
import { mutualTls, securedParties } from './session-stage.js';
import { listenTo, scriptedServer, tcpEnds, untilNoTimers } from './socket-ends.js';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A place that is open, who came to it, and who did not get as far as a session. */
async function place(t: TestContext, path = '/', options: ListenOptions = {}) {
  const news: string[] = [];
  const refused: string[] = [];
  const sessions: Session[] = [];
  let address: WebSocketAddress = { transport: 'ws', host: '127.0.0.1', portNumber: 0, path };
  const close = listenWebSocket(address, options, {
    opened: (listener) => {
      assert.ok(listener.address.transport === 'ws');
      address = listener.address;
      news.push('opened');
    },
    accepted: (session) => void sessions.push(session),
    refused: (remote, { code }) => {
      assert.match(remote, /^127\.0\.0\.1:\d+$/);
      refused.push(code);
    },
    failed: ({ code }) => void news.push(`failed ${code}`),
  });
  t.after(() => {
    close(() => undefined);
    for (const session of sessions) {
      session.abort();
    }
  });
  await until(() => news.length > 0);
  return { news, refused, sessions, address, close };
}

function dial(t: TestContext, address: WebSocketAddress, options: DialOptions = {}) {
  const news: string[] = [];
  const sessions: Session[] = [];
  const giveUp = dialWebSocket(
    address,
    {
      opened: (session) => {
        news.push('opened');
        sessions.push(session);
      },
      failed: ({ code, text }) => void news.push(`failed ${code}: ${text}`),
    },
    options,
  );
  t.after(() => {
    giveUp();
    sessions[0]?.abort();
  });
  return { news, sessions, giveUp };
}

/** What a place answers to a request that is written by hand: its first line. */
async function answerTo({ portNumber }: WebSocketAddress, ...lines: readonly string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: portNumber });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const heard = listenTo(socket);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await until(() => heard.text.includes('\r\n\r\n') || socket.destroyed || socket.readableEnded);
  socket.destroy();
  return heard.text.split('\r\n')[0] ?? '';
}

const upgrade = (path: string, ...more: readonly string[]): readonly string[] => [
  `GET ${path} HTTP/1.1`,
  'Host: node.test:80',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${KEY}`,
  ...more,
];

const TAKEN = 'HTTP/1.1 101 Switching Protocols';

describe('the path of a WebSocket', () => {
  for (const [path, taken, refused] of [
    ['/', ['/', '/a', '/a/b?c=d'], []],
    ['/a/', ['/a/', '/a/b', '/a/?b'], ['/', '/a', '/b/a/']],
    ['/a', ['/a', '/a?b=/'], ['/', '/a/', '/ab', '/a/b', '/b']],
  ] as const) {
    it(`${path} is the way to ${taken.join(' and ')}${refused.length > 0 ? `, not to ${refused.join(' or ')}` : ''}`, async (t) => {
      const { address } = await place(t, path);

      for (const asked of taken) {
        assert.equal(await answerTo(address, ...upgrade(asked)), TAKEN, asked);
      }
      for (const asked of refused) {
        assert.equal(await answerTo(address, ...upgrade(asked)), 'HTTP/1.1 404 Not Found', asked);
      }
    });
  }
});

describe('the origin of a WebSocket', () => {
  for (const [origin, answer] of [
    ['http://node.test:80', TAKEN],
    ['https://NODE.test:80', TAKEN],
    ['http://node.test:80/', TAKEN],
    ['http://node.test', 'HTTP/1.1 403 Forbidden'],
    ['http://evil.test:80', 'HTTP/1.1 403 Forbidden'],
    ['http://evil.test/node.test:80', 'HTTP/1.1 403 Forbidden'],
    ['null', 'HTTP/1.1 403 Forbidden'],
    ['', 'HTTP/1.1 403 Forbidden'],
  ] as const) {
    it(`${JSON.stringify(origin)} to the host node.test:80 is answered by ${answer}`, async (t) => {
      const { address } = await place(t);

      assert.equal(await answerTo(address, ...upgrade('/', `Origin: ${origin}`)), answer);
    });
  }
});

describe('a place of WebSockets', () => {
  it('answers who does not ask for a WebSocket: 400, and 404 beside its path', async (t) => {
    const { address } = await place(t, '/a');
    const page = (path: string) => answerTo(address, `GET ${path} HTTP/1.1`, 'Host: node.test');

    assert.deepEqual([await page('/a'), await page('/b')], ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 404 Not Found']);
  });

  it('refuses greetings that are no WebSocket, and makes no session of them', async (t) => {
    const { address, sessions } = await place(t);
    const answers = [
      await answerTo(address, ...upgrade('/').filter((line) => !line.startsWith('Sec-WebSocket-Key'))),
      await answerTo(address, ...upgrade('/').map((line) => line.replace('13', '12'))),
      await answerTo(address, ...upgrade('/').map((line) => line.replace('GET', 'POST'))),
      await answerTo(address, 'nonsense'),
    ];

    assert.match(
      `${answers}`,
      /^HTTP\/1\.1 400 Bad Request,HTTP\/1\.1 (400|426) [^,]+,HTTP\/1\.1 405 Method Not Allowed,$/,
    );
    assert.deepEqual(sessions, []);
  });

  it('drops who does not greet within five seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const news: string[] = [];
    let portNumber = 0;
    const close = listenWebSocket(
      { transport: 'ws', host: '127.0.0.1', portNumber: 0, path: '/' },
      {},
      {
        opened: ({ address }) => {
          portNumber = address.transport === 'ws' ? address.portNumber : 0;
        },
        accepted: () => void news.push('accepted'),
        failed: () => void news.push('failed'),
      },
    );
    t.after(() => close(() => undefined));
    await untilNoTimers(() => portNumber > 0);
    const socket = connect({ host: '127.0.0.1', port: portNumber });
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    // The answer to it shows that it was taken in; a second request stays half.
    const heard = listenTo(socket);
    await untilNoTimers(() => heard.text.includes('400'));
    const half = connect({ host: '127.0.0.1', port: portNumber });
    t.after(() => half.destroy());
    half.on('error', () => undefined);
    half.resume();
    half.write('GET / HT');
    const [ours] = await tcpEnds(t);
    ours.destroy();
    await untilNoTimers(() => {
      t.mock.timers.tick(5_000);
      return half.closed || half.readableEnded;
    });

    assert.deepEqual(news, []);
  });

  it('that is closed drops those who are still greeting', async (t) => {
    const { address, close, news } = await place(t);
    const socket = connect({ host: '127.0.0.1', port: address.portNumber });
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const answered = await answerTo(address, 'GET / HTTP/1.1', 'Host: a');
    assert.match(answered, / 400 /);
    close(() => void news.push('done'));
    await until(() => socket.closed);

    assert.deepEqual(news, ['opened', 'done']);
  });

  it('is told once when its port is taken', async (t) => {
    const { address } = await place(t);
    const news: string[] = [];
    listenWebSocket(
      address,
      {},
      {
        opened: () => void news.push('opened'),
        accepted: () => void news.push('accepted'),
        failed: ({ code }) => void news.push(`failed ${code}`),
      },
    );
    await until(() => news.length > 0);

    assert.deepEqual(news, ['failed EADDRINUSE']);
  });
});

describe('a dialled WebSocket', () => {
  /** What a dial says to a server that writes it down. */
  async function greeting(t: TestContext, options: DialOptions = {}, path = '/way?to=it'): Promise<string> {
    const heard = { text: '' };
    const portNumber = await scriptedServer(t, (socket) => {
      socket.on('data', (chunk: Buffer) => {
        heard.text += chunk.toString('latin1');
      });
      socket.resume();
    });
    dial(t, { transport: 'ws', host: 'localhost', portNumber, path }, options);
    await until(() => heard.text.endsWith('\r\n\r\n'));
    return heard.text.replaceAll(`:${portNumber}`, ':PORT');
  }

  it('greets with path, host and an origin that agrees with it, and offers nothing more', async (t) => {
    const text = await greeting(t);

    assert.match(text, /^GET \/way\?to=it HTTP\/1\.1\r\n/);
    assert.match(text, /\r\nHost: localhost:PORT\r\n/);
    assert.match(text, /\r\nOrigin: http:\/\/localhost:PORT\r\n/i);
    assert.match(text, /\r\nSec-WebSocket-Version: 13\r\n/);
    assert.doesNotMatch(text, /Sec-WebSocket-(Extensions|Protocol)/i);
  });

  it('says the headers that it was given, also instead of its own', async (t) => {
    const headers = new Secret([
      ['X-Token', ' abc'],
      ['host', 'front.test'],
    ] as const);
    const text = await greeting(t, { headers });

    assert.match(text, /\r\nX-Token:\s+abc\r\n/);
    assert.match(text, /\r\nhost: front\.test\r\n/i);
    assert.equal(text.match(/\r\nhost:/gi)?.length, 1);
  });

  for (const [what, change] of [
    ['a header with a line of its own', { headers: new Secret([['X', 'a\r\nY: b']] as const) }],
    ['a header whose name is none', { headers: new Secret([['a b', 'c']] as const) }],
    ['a path with a fragment', { path: '/a#b' }],
  ] as const) {
    it(`fails at ${what}, and sends nothing`, async (t) => {
      const { address, sessions } = await place(t);
      const path = 'path' in change ? change.path : '/';
      const dialled = dial(t, { ...address, path }, 'headers' in change ? { headers: change.headers } : {});
      await until(() => dialled.news.length > 0);

      assert.deepEqual(dialled.news, ['failed address-invalid: the URL or a header cannot be sent over HTTP']);
      assert.deepEqual(sessions, []);
    });
  }

  for (const [answer, text] of [
    ['HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', /: Unexpected server response: 404$/],
    ['HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n', /: Unexpected server response: 302$/],
    [
      'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n',
      /Invalid Sec-WebSocket-Accept/,
    ],
    ['nonsense\r\n\r\n', /^failed HPE_/],
    ['', /^failed ECONNRESET|hang up/],
  ] as const) {
    it(`fails with the answer ${JSON.stringify(answer.slice(0, 30))}, once`, async (t) => {
      const portNumber = await scriptedServer(t, (socket) => {
        socket.once('data', () => void socket.end(answer));
        socket.resume();
      });
      const dialled = dial(t, { transport: 'ws', host: '127.0.0.1', portNumber, path: '/' });
      await until(() => dialled.news.length > 0);
      await answerTo((await place(t)).address, 'GET / HTTP/1.1', 'Host: a');

      assert.equal(dialled.news.length, 1);
      assert.match(`${dialled.news}`, text);
    });
  }

  it('that is given up while it is greeting is heard of no more, and leaves nothing open', async (t) => {
    const ends: string[] = [];
    let asked = 0;
    const portNumber = await scriptedServer(t, (socket) => {
      socket.on('data', (chunk: Buffer) => {
        asked += chunk.length;
      });
      socket.once('end', () => void ends.push('end'));
      socket.once('close', () => void ends.push('close'));
      socket.resume();
    });
    const { news, giveUp } = dial(t, { transport: 'ws', host: '127.0.0.1', portNumber, path: '/' });
    await until(() => asked > 0);
    giveUp();
    giveUp();
    await until(() => ends.length > 0);

    assert.deepEqual(news, []);
  });

  it('goes over a proxy', async (t) => {
    const { address, sessions } = await place(t);
    const portNumber = await scriptedServer(t, (socket) => {
      socket.once('data', () => {
        const far = connect({ host: '127.0.0.1', port: address.portNumber });
        far.on('error', () => undefined);
        t.after(() => far.destroy());
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(far).pipe(socket);
      });
      socket.resume();
    });
    const dialled = dial(t, { ...address, host: 'far.invalid' }, { proxy: { host: '127.0.0.1', portNumber } });
    await until(() => dialled.news.length > 0 && sessions.length > 0);
    const handler = new RecordingHandler();
    dialled.sessions[0]?.attach(handler);
    sessions[0]?.send([bytesOf('through the proxy')]);
    await until(() => handler.heard.length > 0);

    assert.deepEqual([dialled.news, handler.heard], [['opened'], ['bytes through the proxy']]);
  });
});

describe('a secured WebSocket', () => {
  const { root, server } = securedParties();
  const serving = serverProfile(credentialsOf(server));
  const secure = clientProfile([root.certificate]);

  it('tells both ends who the other one is', async (t) => {
    const { listening, dialling } = mutualTls();
    const { address, sessions } = await place(t, '/', listening);
    const dialled = dial(t, { ...address, host: 'localhost' }, dialling);
    await until(() => dialled.news.length > 0 && sessions.length > 0);

    assert.deepEqual(dialled.news, ['opened']);
    assert.deepEqual(sessions[0]?.peerCertificate, new Uint8Array(dialling?.secure?.credentials?.chain[0]?.raw ?? []));
    assert.deepEqual(
      dialled.sessions[0]?.peerCertificate,
      new Uint8Array(listening?.secure?.().credentials.chain[0]?.raw ?? []),
    );
  });

  it('asks for its profile anew for each who comes', async (t) => {
    const other = securedParties();
    const profiles = [serverProfile(credentialsOf(other.server)), serving];
    const { address } = await place(t, '/', { secure: () => profiles.shift() ?? serving });
    const first = dial(t, { ...address, host: 'localhost' }, { secure });
    await until(() => first.news.length > 0);
    const second = dial(t, { ...address, host: 'localhost' }, { secure });
    await until(() => second.news.length > 0);

    assert.match(`${first.news}`, /^failed untrusted: /);
    assert.deepEqual(second.news, ['opened']);
  });

  it('is refused to who speaks no TLS, which is told', async (t) => {
    const { address, refused, sessions } = await place(t, '/', { secure: () => serving });
    const dialled = dial(t, address);
    await until(() => dialled.news.length > 0 && refused.length > 0);

    assert.match(`${dialled.news}`, /^failed /);
    assert.match(`${refused}`, /^ERR_SSL_/);
    assert.deepEqual(sessions, []);
  });

  it('is not made with a server that speaks no TLS', async (t) => {
    const { address, sessions } = await place(t);
    const dialled = dial(t, address, { secure });
    await until(() => dialled.news.length > 0);

    assert.match(`${dialled.news}`, /^failed (ERR_SSL_|EPROTO|ECONNRESET|tls-closed)/);
    assert.deepEqual(sessions, []);
  });

  it('goes on when its profile cannot be had: the one who came is refused', async (t) => {
    const { address, refused } = await place(t, '/', {
      secure: () => {
        throw new Error('no such profile');
      },
    });
    const socket = connectTls({ host: '127.0.0.1', port: address.portNumber, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await until(() => refused.length > 0 && socket.closed);

    assert.deepEqual(refused, ['tls-unusable']);
  });
});
