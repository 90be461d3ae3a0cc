import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { WEB_SOCKET_MESSAGE_MAX, WebSocketSession } from '../../../../runtime/io/web-socket-session.js';
import { bytesOf, RecordingHandler } from '../../../support/recording-session.js';
import { until } from './real-stage.js';
import { untilNoTimers } from './socket-ends.js';

interface Pair {
  /** Ours, which has been accepted. */
  readonly session: WebSocketSession;
  /** The other end, in the hands of the test. */
  readonly peer: WebSocket;
  readonly socket: Socket;
  readonly handler: RecordingHandler;
}

async function pair(t: TestContext): Promise<Pair> {
  const http = createServer();
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: WEB_SOCKET_MESSAGE_MAX,
    perMessageDeflate: false,
  });
  http.listen({ host: '127.0.0.1', port: 0 });
  await once(http, 'listening');
  const bound = http.address();
  const made = new Promise<Pick<Pair, 'session' | 'socket'>>((resolve) => {
    http.on('upgrade', (request, socket: Socket, head) => {
      upgrades.handleUpgrade(request, socket, head, (webSocket) => {
        resolve({ socket, session: new WebSocketSession(webSocket, socket, { local: 'here', remote: 'there' }) });
      });
    });
  });
  const peer = new WebSocket(`ws://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}/`);
  peer.on('error', () => undefined);
  await once(peer, 'open');
  const { session, socket } = await made;
  // To the end: timers that a later test pretends cannot clear those of this one.
  t.after(async () => {
    t.mock.timers.reset();
    peer.terminate();
    session.abort();
    http.close();
    await until(() => socket.closed && peer.readyState === WebSocket.CLOSED);
  });
  return { session, peer, socket, handler: new RecordingHandler() };
}

describe('a session over a WebSocket', () => {
  it('has the names that it was given, and is of messages', async (t) => {
    const { session } = await pair(t);

    assert.deepEqual(
      [session.kind, session.local, session.remote, session.peerCertificate],
      ['message', 'here', 'there', undefined],
    );
  });

  it('takes texts as messages, since the reference does not look at the kind', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    peer.send('text');
    peer.send(bytesOf('binary'));
    await until(() => handler.heard.length === 2);

    assert.deepEqual(handler.heard, ['bytes text', 'bytes binary']);
  });

  it('hears nothing in an empty message', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    peer.send('');
    peer.send('a');
    await until(() => handler.heard.length > 0);

    assert.deepEqual(handler.heard, ['bytes a']);
  });

  it('sends each part as one binary message, and no empty one', async (t) => {
    const { session, peer } = await pair(t);
    const heard: string[] = [];
    peer.on('message', (data, isBinary) => void heard.push(`${isBinary} ${data}`));
    session.send([bytesOf('a'), new Uint8Array(0), bytesOf('b')]);
    await until(() => heard.length === 2);

    assert.deepEqual(heard, ['true a', 'true b']);
  });

  it('says wait when the system takes no more, and tells when there is room', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    peer.pause();
    await until(() => !session.send([new Uint8Array(65_536)]) && session.backlogBytes > 100_000);
    const drains = handler.heard.length;
    peer.resume();
    await until(() => handler.heard.length > drains && session.backlogBytes === 0);

    assert.equal(session.send([bytesOf('a')]), true);
    assert.deepEqual(new Set(handler.heard), new Set(['drained']));
  });

  it('is closed with a fault by a message that is too large', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    peer.send(new Uint8Array(WEB_SOCKET_MESSAGE_MAX));
    peer.send(new Uint8Array(WEB_SOCKET_MESSAGE_MAX + 1));
    await until(() => handler.news.length > 0);

    assert.deepEqual(handler.news, ['closed WS_ERR_UNSUPPORTED_MESSAGE_LENGTH']);
    assert.equal(handler.heard.length, 2);
  });

  it('is closed with a fault by bytes that are no frame', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    // The test speaks past the WebSocket.
    (peer as unknown as { _socket: Socket })._socket.write('\xff\xff\xff\xff', 'latin1');
    await until(() => handler.news.length > 0);

    assert.match(`${handler.news}`, /^closed WS_ERR_/);
  });

  for (const [code, heard] of [
    [1000, 'closed'],
    [1001, 'closed'],
    [undefined, 'closed'],
    [1002, 'closed ws-1002'],
    [1011, 'closed ws-1011'],
    [4000, 'closed ws-4000'],
  ] as const) {
    it(`tells ${JSON.stringify(heard)} when the other end closes with ${code ?? 'no code'}`, async (t) => {
      const { session, peer, handler } = await pair(t);
      session.attach(handler);
      peer.close(code);
      await until(() => handler.news.length > 0);

      assert.deepEqual(handler.news, [heard]);
    });
  }

  it('tells that it was closed when the other end is just gone, as those of the reference go', async (t) => {
    const { session, peer, handler } = await pair(t);
    session.attach(handler);
    peer.terminate();
    await until(() => handler.news.length > 0);

    assert.deepEqual(handler.news, ['closed']);
  });

  it('tells a close that was before anybody was attached, with its code', async (t) => {
    const { session, peer, socket, handler } = await pair(t);
    session.resume();
    // Nobody reads: the close comes to us only because the socket is made to flow.
    socket.resume();
    peer.close(1011);
    await until(() => peer.readyState === WebSocket.CLOSED && socket.closed);
    session.attach(handler);
    assert.deepEqual(handler.heard, []);
    await until(() => handler.news.length > 0);

    assert.deepEqual(handler.news, ['closed ws-1011']);
  });

  it('closes with 1000, which is no fault to the other end', async (t) => {
    const { session, peer } = await pair(t);
    const closed = once(peer, 'close');
    session.close();
    session.close();

    assert.equal((await closed)[0], 1000);
  });

  it('does not wait for long for the other end to agree to the close', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { session, peer, socket } = await pair(t);
    peer.pause();
    session.close();
    t.mock.timers.tick(1_999);
    assert.equal(socket.destroyed, false);
    t.mock.timers.tick(1);

    await untilNoTimers(() => socket.destroyed);
  });

  it('pings when it has sent nothing for a while, and not when it has', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { session, peer } = await pair(t);
    let pings = 0;
    peer.on('ping', () => {
      pings += 1;
    });
    session.send([bytesOf('a')]);
    t.mock.timers.tick(20_000);
    const heard = once(peer, 'message');
    session.send([bytesOf('b')]);
    await heard;
    assert.equal(pings, 0);
    // The next look still finds what was sent since the last one.
    t.mock.timers.tick(20_000);
    t.mock.timers.tick(20_000);
    await until(() => pings > 0);

    assert.equal(pings, 1);
  });
});
