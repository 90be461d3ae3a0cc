import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { TLSSocket } from 'node:tls';
import { openConnection } from '../../../../runtime/io/connection.js';
import { secureAccepted } from '../../../../runtime/io/secure-socket.js';
import type { DialOptions, SessionFault } from '../../../../runtime/ports.js';
import { clientProfile, credentialsOf, serverProfile } from '../../../support/certificate-maker.js';
import { until } from './real-stage.js';
import { securedParties } from './session-stage.js';
import { listenTo, scriptedServer } from './socket-ends.js';

const { root, server } = securedParties();
const SERVING = serverProfile(credentialsOf(server));
/** Nobody dials it: it is told to a proxy. */
const FAR_PORT = 9;
const SECURE = clientProfile([root.certificate]);

/** A connection that is being opened, and what came of it. */
function open(t: TestContext, target: { host: string; portNumber: number }, options: DialOptions = {}) {
  const news: string[] = [];
  const opened: { socket: Socket; certificate: Uint8Array | undefined }[] = [];
  const giveUp = openConnection(target, options, {
    opened: (socket, certificate) => {
      news.push('opened');
      opened.push({ socket, certificate });
    },
    failed: ({ code, text }: SessionFault) => void news.push(`${code}: ${text}`),
  });
  t.after(() => {
    giveUp();
    opened[0]?.socket.destroy();
  });
  return { news, opened, giveUp };
}

/** A proxy that says yes, and then is the far side itself, secured. What it was asked, as it comes. */
async function securedProxy(t: TestContext) {
  const asked: string[] = [];
  const portNumber = await scriptedServer(t, (socket) => {
    socket.once('data', (head: Buffer) => {
      asked.push(head.toString('latin1').split('\r\n')[0] ?? '');
      socket.pause();
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      secureAccepted(socket, () => SERVING, {
        secured: (secured) => void secured.write('hello'),
        failed: () => undefined,
      });
    });
    socket.resume();
  });
  return { asked, portNumber };
}

describe('a connection', () => {
  it('is opened, without a word of its own', async (t) => {
    const sockets: Socket[] = [];
    const portNumber = await scriptedServer(t, (socket) => void sockets.push(socket));
    const { news, opened } = open(t, { host: '127.0.0.1', portNumber });
    await until(() => news.length > 0 && sockets.length > 0);
    opened[0]?.socket.write('mine');
    const heard = listenTo(sockets[0] ?? assert.fail());
    await until(() => heard.text.length > 0);

    assert.deepEqual([news, heard.text, opened[0]?.certificate], [['opened'], 'mine', undefined]);
  });

  it('is secured where that was asked for, and tells the certificate', async (t) => {
    const portNumber = await scriptedServer(t, (socket) => {
      secureAccepted(socket, () => SERVING, { secured: () => undefined, failed: () => undefined });
    });
    const { news, opened } = open(t, { host: 'localhost', portNumber }, { secure: SECURE });
    await until(() => news.length > 0);

    assert.deepEqual([news, opened[0]?.certificate], [['opened'], server.der]);
    assert.ok(opened[0]?.socket instanceof TLSSocket);
  });

  it('goes over a proxy, by name: who looks it up is the proxy', async (t) => {
    const heard: string[] = [];
    const portNumber = await scriptedServer(t, (socket) => {
      socket.once('data', (head: Buffer) => {
        heard.push(head.toString('latin1').split('\r\n')[0] ?? '');
        socket.write('HTTP/1.1 200 OK\r\n\r\nbehind the answer');
      });
      socket.resume();
    });
    const proxy = { host: '127.0.0.1', portNumber };
    const { news, opened } = open(t, { host: 'far.invalid', portNumber: FAR_PORT }, { proxy });
    await until(() => news.length > 0);
    const said = listenTo(opened[0]?.socket ?? assert.fail(`${news}`));
    await until(() => said.text === 'behind the answer');

    assert.deepEqual([news, heard], [['opened'], ['CONNECT far.invalid:9 HTTP/1.1']]);
  });

  it('is secured through a proxy, with whom it was meant for', async (t) => {
    const { asked, portNumber } = await securedProxy(t);
    const proxy = { host: '127.0.0.1', portNumber };
    const { news, opened } = open(t, { host: 'localhost', portNumber: FAR_PORT }, { proxy, secure: SECURE });
    await until(() => news.length > 0);
    const said = listenTo(opened[0]?.socket ?? assert.fail(`${news}`));
    await until(() => said.text === 'hello');
    // The certificate is for the address of the proxy, too: only the target's name counts.
    const wrong = open(t, { host: 'far.test', portNumber: FAR_PORT }, { proxy, secure: SECURE });
    await until(() => wrong.news.length > 0);

    assert.deepEqual([news, asked[0]], [['opened'], 'CONNECT localhost:9 HTTP/1.1']);
    assert.match(`${wrong.news}`, /^untrusted: .*, not far\.test$/);
  });

  it('fails with what the proxy says, and where there is no proxy', async (t) => {
    const portNumber = await scriptedServer(t, (socket) => {
      socket.resume();
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const target = { host: 'far.test', portNumber: FAR_PORT };
    const refused = open(t, target, { proxy: { host: '127.0.0.1', portNumber } });
    const missing = open(t, target, { proxy: { host: 'nowhere.invalid', portNumber: FAR_PORT } });
    await until(() => refused.news.length > 0 && missing.news.length > 0);

    assert.match(`${refused.news}`, /^proxy: .* refuses the way to far\.test:9: 407 /);
    assert.match(`${missing.news}`, /^(ENOTFOUND|EAI_AGAIN): ./);
  });

  it('fails when the other end leaves before the handshake', async (t) => {
    const portNumber = await scriptedServer(t, (socket) => void socket.destroy());
    const { news } = open(t, { host: 'localhost', portNumber }, { secure: SECURE });
    await until(() => news.length > 0);

    assert.match(`${news}`, /^(tls-closed|ECONNRESET|EPIPE): ./);
    assert.equal(news.length, 1);
  });

  for (const [what, options, stage] of [
    ['at once', {}, 'start'],
    ['while the proxy thinks', { proxy: true }, 'asked'],
    ['while TLS is loaded or spoken', { secure: SECURE }, 'asked'],
  ] as const) {
    it(`that is given up ${what} is heard of no more, and nothing stays open`, async (t) => {
      const sockets: Socket[] = [];
      let asked = 0;
      const portNumber = await scriptedServer(t, (socket) => {
        sockets.push(socket);
        socket.on('data', (chunk: Buffer) => {
          asked += chunk.length;
        });
        socket.resume();
      });
      const proxy = { host: '127.0.0.1', portNumber };
      const { news, giveUp } = open(t, proxy, {
        ...('secure' in options ? { secure: options.secure } : {}),
        ...('proxy' in options ? { proxy } : {}),
      });
      if (stage === 'asked') {
        await until(() => asked > 0);
      }
      giveUp();
      giveUp();
      const other = open(t, proxy);
      await until(() => other.news.length > 0);
      await until(() => sockets.slice(0, -1).every(({ readableEnded, closed }) => readableEnded || closed));

      assert.deepEqual(news, []);
    });
  }

  it('that is given up after it has opened stays open', async (t) => {
    const portNumber = await scriptedServer(t, (socket) => void socket.resume());
    const { news, opened, giveUp } = open(t, { host: '127.0.0.1', portNumber });
    await until(() => news.length > 0);
    giveUp();

    assert.equal(opened[0]?.socket.destroyed, false);
  });
});
