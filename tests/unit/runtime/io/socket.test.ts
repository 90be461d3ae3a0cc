import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { faultFrom, SOCKET_OPTIONS, SocketSession, sessionServer } from '../../../../runtime/io/socket.js';
import { bytesOf, RecordingHandler } from '../../../support/recording-session.js';
import { realStage, until } from './real-stage.js';

const MIB = 1_048_576;

/** Longer than a closing session waits for its last bytes to leave. */
const LINGER_MS = 2_000;

/** Two sockets that are connected with each other over a socket file. */
async function socketPair(t: TestContext): Promise<readonly [Socket, Socket]> {
  const { root, dispose } = await realStage();
  const server = sessionServer();
  server.listen({ path: join(root, 'socket') });
  await once(server, 'listening');
  const here = connect({ path: join(root, 'socket'), ...SOCKET_OPTIONS });
  const [there] = await once(server, 'connection');
  t.after(async () => {
    here.destroy();
    there.destroy();
    server.close();
    await dispose();
  });
  return [here, there];
}

const over = (socket: Socket): SocketSession => new SocketSession(socket, { local: 'here', remote: 'there' });

describe('a session over a socket', () => {
  it('has the names that it was given', async (t) => {
    const [socket] = await socketPair(t);
    const session = over(socket);

    assert.deepEqual([session.kind, session.local, session.remote], ['stream', 'here', 'there']);
  });

  it('says wait once it holds a mebibyte that the system has not taken', async (t) => {
    const [socket] = await socketPair(t);
    const session = over(socket);

    assert.equal(session.send([new Uint8Array(MIB - 1)]), true);
    assert.equal(session.backlogBytes, MIB - 1);
    assert.equal(session.send([new Uint8Array(1)]), false);
    assert.equal(session.backlogBytes, MIB);
  });

  it('hands the parts of one send to the system at once', async (t) => {
    const [socket, far] = await socketPair(t);
    const handler = new RecordingHandler();
    over(far).attach(handler);
    // Every socket of Node has it.
    const writes = t.mock.method(socket as Socket & Required<Pick<Socket, '_writev'>>, '_writev');
    over(socket).send([bytesOf('one '), bytesOf('two '), bytesOf('three')]);
    await until(() => handler.text === 'one two three');

    assert.equal(writes.mock.callCount(), 1);
  });

  it('keeps an error that comes before anybody is attached', async (t) => {
    const [socket] = await socketPair(t);
    const session = over(socket);
    const handler = new RecordingHandler();
    socket.destroy(Object.assign(new Error('it broke'), { code: 'EIO' }));
    session.attach(handler);
    assert.deepEqual(handler.heard, [], 'nothing is heard at once');
    await until(() => handler.heard.length > 0);

    assert.deepEqual(handler.heard, ['closed EIO']);
  });

  it('tells the first error, once', async (t) => {
    const [socket] = await socketPair(t);
    const handler = new RecordingHandler();
    over(socket).attach(handler);
    socket.emit('error', Object.assign(new Error('the first'), { code: 'EIO' }));
    socket.destroy(Object.assign(new Error('the second'), { code: 'EPIPE' }));
    await until(() => handler.heard.length > 0);

    assert.deepEqual(handler.heard, ['closed EIO']);
  });

  it('that is closed does not wait for ever for a reader that does not read', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [socket] = await socketPair(t);
    const session = over(socket);
    session.attach(new RecordingHandler());
    session.send([new Uint8Array(4 * MIB)]);

    session.close();
    t.mock.timers.tick(LINGER_MS - 1);
    assert.equal(socket.destroyed, false);
    t.mock.timers.tick(1);

    assert.equal(socket.destroyed, true);
  });

  it('that is closed and has nothing to say does not linger', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [socket] = await socketPair(t);

    over(socket).close();
    await once(socket, 'close');

    assert.equal(socket.destroyed, true);
  });

  it('may be aborted while it is closing', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [socket] = await socketPair(t);
    const session = over(socket);
    session.send([new Uint8Array(4 * MIB)]);

    session.close();
    session.abort();

    assert.equal(socket.destroyed, true);
  });

  it('may be closed and aborted when its socket is gone already', async (t) => {
    const [socket] = await socketPair(t);
    const session = over(socket);
    socket.destroy();
    await once(socket, 'close');

    session.end();
    session.close();
    session.abort();

    assert.equal(session.send([bytesOf('late')]), true);
  });

  it('goes on discarding what comes while it is closing, although its owner had paused', async (t) => {
    const [socket, far] = await socketPair(t);
    const session = over(socket);
    session.attach(new RecordingHandler());
    session.pause();
    session.send([new Uint8Array(4 * MIB)]);

    session.close();
    session.pause();

    assert.equal(socket.isPaused(), false);
    far.resume();
    await once(socket, 'close');
  });
});

describe('a fault', () => {
  it('has the code of the system, or says that there was none', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

    assert.deepEqual(faultFrom(refused), { code: 'ECONNREFUSED', text: 'connect ECONNREFUSED' });
    assert.deepEqual(faultFrom(new Error('x')), { code: 'session-error', text: 'x' });
    assert.deepEqual(faultFrom(Object.assign(new Error('x'), { code: 7 })), { code: 'session-error', text: 'x' });
  });
});
