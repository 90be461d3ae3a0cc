import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { askProxy } from '../../../../runtime/io/proxy-connect.js';
import type { ProxyAddress } from '../../../../runtime/ports.js';
import { Secret } from '../../../../runtime/secret.js';
import { until } from './real-stage.js';
import { listenTo, tcpEnds, untilNoTimers } from './socket-ends.js';

/** Nobody dials them: they stand in texts. */
const PROXY_PORT = 3_128;
const HTTPS_PORT = 443;
const PROXY: ProxyAddress = { host: 'proxy.test', portNumber: PROXY_PORT };

interface Asked {
  readonly near: Socket;
  readonly far: Socket;
  readonly news: string[];
  /** What the proxy was asked, as it comes. */
  readonly asked: { text: string };
}

async function ask(t: TestContext, proxy = PROXY, host = 'far.test'): Promise<Asked> {
  const [near, far] = await tcpEnds(t);
  const news: string[] = [];
  const asked = listenTo(far);
  askProxy(
    near,
    { proxy, host, portNumber: HTTPS_PORT },
    {
      opened: () => void news.push('opened'),
      failed: ({ code, text }) => void news.push(`${code}: ${text}`),
    },
  );
  return { near, far, news, asked };
}

describe('asking a proxy', () => {
  it('says which way is wanted, and no more than that', async (t) => {
    const { asked } = await ask(t);
    await until(() => asked.text.endsWith('\r\n\r\n'));

    assert.equal(asked.text, 'CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\n\r\n');
  });

  it('writes addresses of IPv6 in brackets', async (t) => {
    const { asked } = await ask(t, PROXY, '2001:db8::1');
    await until(() => asked.text.endsWith('\r\n\r\n'));

    assert.match(asked.text, /^CONNECT \[2001:db8::1\]:443 HTTP\/1\.1\r\nHost: \[2001:db8::1\]:443\r\n/);
  });

  it('shows user and password where there are some', async (t) => {
    const { asked } = await ask(t, { ...PROXY, credentials: new Secret('Aladdin:open sesame') });
    await until(() => asked.text.endsWith('\r\n\r\n'));

    // The example of RFC 7617, 2.
    assert.match(asked.text, /\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n$/);
  });

  for (const answer of [
    'HTTP/1.1 200 Connection established\r\n\r\n',
    'HTTP/1.0 200 OK\r\nVia: somebody\r\nX: y\r\n\r\n',
    'HTTP/1.1 204\r\n\r\n',
  ]) {
    it(`succeeds with ${JSON.stringify(answer)}`, async (t) => {
      const { far, near, news } = await ask(t);
      far.write(answer);
      await until(() => news.length > 0);

      assert.deepEqual([news, near.destroyed], [['opened'], false]);
    });
  }

  it('succeeds with an answer that comes letter by letter', async (t) => {
    const { far, near, news } = await ask(t);
    far.setNoDelay(true);
    for (const letter of 'HTTP/1.1 200 OK\r\n\r\n') {
      const before = near.bytesRead;
      far.write(letter);
      await until(() => near.bytesRead > before);
    }
    await until(() => news.length > 0);

    assert.deepEqual(news, ['opened']);
  });

  it('puts back what the far side said behind the answer', async (t) => {
    const { far, near, news } = await ask(t);
    far.write('HTTP/1.1 200 OK\r\n\r\nfirst ');
    await until(() => news.length > 0);
    far.write('second');
    const heard = listenTo(near);
    await until(() => heard.text.length >= 12);

    assert.equal(heard.text, 'first second');
  });

  it('leaves nothing at the socket when it is through: its end is not the proxy’s any more', async (t) => {
    const { far, near, news } = await ask(t);
    far.write('HTTP/1.1 200 OK\r\n\r\n');
    await until(() => news.length > 0);
    far.destroy();
    near.resume();
    await until(() => near.readableEnded);
    near.destroy();
    await until(() => near.closed);

    assert.deepEqual(news, ['opened']);
  });

  for (const [answer, text] of [
    [
      'HTTP/1.1 403 Forbidden by rule 7\r\n\r\n',
      /^proxy: the proxy proxy\.test:3128 refuses the way to far\.test:443: 403 Forbidden by rule 7$/,
    ],
    [
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n',
      /: 407 .*user and password in the proxy URL/,
    ],
    ['HTTP/1.1 100 Continue\r\n\r\n', /refuses the way/],
    ['HTTP/1.1 502\r\n\r\n', /: 502 ?$/],
    ['HTTP/2 200 OK\r\n\r\n', /does not answer as an HTTP proxy does$/],
    ['SSH-2.0-OpenSSH_9.6\r\n\r\n', /does not answer as an HTTP proxy does$/],
    ['\r\n\r\n', /does not answer as an HTTP proxy does$/],
    ['HTTP/1.1 2000 OK\r\n\r\n', /does not answer as an HTTP proxy does$/],
    ['x'.repeat(16_385), /does not answer as an HTTP proxy does$/],
  ] as const) {
    it(`fails with ${JSON.stringify(answer.slice(0, 40))}`, async (t) => {
      const { far, near, news } = await ask(t);
      far.write(answer);
      await until(() => news.length > 0 && near.destroyed);
      await until(() => near.closed);

      assert.equal(news.length, 1);
      assert.match(`${news}`, text);
    });
  }

  it('tells no more of a refusal than a line of letters', async (t) => {
    const { far, news } = await ask(t);
    far.write(`HTTP/1.1 500 \u001b[31m${'long '.repeat(1_000)}\r\n\r\n`);
    await until(() => news.length > 0);

    assert.match(`${news}`, /^[\x20-\x7e]+$/);
    assert.ok(`${news}`.length < 250, `${news}`.slice(0, 300));
  });

  for (const [how, leave] of [
    ['sends no more', (far: Socket) => void far.end()],
    ['closes', (far: Socket) => void far.destroy()],
  ] as const) {
    it(`fails at once when the proxy ${how} before it has answered`, async (t) => {
      const { far, near, news } = await ask(t);
      far.write('HTTP/1.1 200');
      await until(() => near.bytesRead > 0);
      leave(far);
      await until(() => news.length > 0);

      assert.deepEqual(news, ['proxy: the proxy proxy.test:3128 closed the connection before it answered']);
    });
  }

  it('fails when the proxy does not answer within 15 seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { near, news } = await ask(t);
    t.mock.timers.tick(14_999);
    assert.deepEqual(news.slice(), []);
    t.mock.timers.tick(1);
    await untilNoTimers(() => near.destroyed);

    assert.deepEqual(news, ['proxy: the proxy proxy.test:3128 did not answer within 15 s']);
  });
});
