import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { askProxy } from '../../runtime/io/proxy-connect.js';
import { systemSessions } from '../../runtime/io/sessions.js';
import type { Session, SessionAddress } from '../../runtime/ports.js';
import { type Random, seededRandom } from '../../runtime/random.js';
import { RecordingHandler } from '../support/recording-session.js';
import { seeds } from '../support/seeds.js';
import { until } from '../unit/runtime/io/real-stage.js';
import { listenTo, tcpEnds } from '../unit/runtime/io/socket-ends.js';

/** Garbage for each seed: sockets are dear. */
const ROUNDS = 8;

const ANSWER = 'HTTP/1.1 200 Connection established\r\nVia: 1.1 somebody\r\nContent-Length: 0\r\n\r\n';
const UPGRADE = [
  'GET /way HTTP/1.1',
  'Host: a.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Origin: http://a.test',
  '',
  '',
].join('\r\n');

/** Nothing but chance, or a text with letters changed, cut or doubled, and frames or more behind it. */
function hostile(random: Random, sample: string): Buffer {
  const chance = () => Buffer.from(random.fill(new Uint8Array(random.below(2_000))));
  if (random.unit() < 0.2) {
    return chance();
  }
  const bytes = Buffer.from(sample, 'latin1');
  for (let change = random.below(4); change > 0; change -= 1) {
    bytes[random.below(bytes.length)] = random.unit() < 0.4 ? 0x0d : random.below(256);
  }
  const cut = random.unit() < 0.2 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
  return random.unit() < 0.5 ? Buffer.concat([cut, chance()]) : cut;
}

/** Writes all of it in some pieces, then ends. */
function say(socket: Socket, random: Random, bytes: Buffer): void {
  const cut = random.below(bytes.length + 1);
  socket.write(bytes.subarray(0, cut));
  socket.end(bytes.subarray(cut));
}

async function place(t: TestContext): Promise<{ readonly address: SessionAddress; readonly sessions: Session[] }> {
  const sessions: Session[] = [];
  const opened = new Promise<SessionAddress>((resolve, reject) => {
    const close = systemSessions.listen(
      { transport: 'ws', host: '127.0.0.1', portNumber: 0, path: '/' },
      {},
      {
        opened: ({ address }) => resolve(address),
        accepted: (session) => {
          sessions.push(session);
          session.attach(new RecordingHandler());
        },
        failed: ({ text }) => reject(new Error(text)),
      },
    );
    t.after(() => {
      close(() => undefined);
      for (const session of sessions) {
        session.abort();
      }
    });
  });
  return { address: await opened, sessions };
}

describe('whatever a stranger says before a session is open', () => {
  for (const seed of seeds()) {
    it(`a proxy's answer ends in one way, once (seed ${seed})`, async (t) => {
      const random = seededRandom(`${seed} proxy`);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [near, far] = await tcpEnds(t);
        const news: string[] = [];
        askProxy(
          near,
          { proxy: { host: 'p', portNumber: 1 }, host: 'h', portNumber: 2 },
          { opened: () => void news.push('opened'), failed: ({ text }) => void news.push(text) },
        );
        far.resume();
        say(far, random, hostile(random, ANSWER));
        await until(() => news.length > 0);
        near.destroy();
        await until(() => near.closed);

        assert.equal(news.length, 1);
        assert.match(`${news}`, /^[\x20-\x7e]{1,400}$/);
      }
    });

    it(`a place of WebSockets stands, and takes the next one (seed ${seed})`, async (t) => {
      const random = seededRandom(`${seed} upgrade`);
      const { address, sessions } = await place(t);
      const target = { host: '127.0.0.1', port: 'portNumber' in address ? address.portNumber : 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        const socket = connect(target);
        socket.on('error', () => undefined);
        t.after(() => socket.destroy());
        await once(socket, 'connect');
        socket.resume();
        say(socket, random, hostile(random, UPGRADE));
      }
      const before = sessions.length;
      const good = connect(target);
      t.after(() => good.destroy());
      const heard = listenTo(good);
      good.write(UPGRADE);
      await until(() => heard.text.startsWith('HTTP/1.1 101 ') && sessions.length > before);

      assert.ok(sessions.length >= 1);
    });
  }
});
