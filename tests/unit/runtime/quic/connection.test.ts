import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import { connected, idle } from './pair.js';
import { Rig } from './rig.js';
import { Transfer } from './transfer.js';

describe('approval', () => {
  it('stands before every use of a stream', () => {
    const { dialled, accepted } = connected({ application: idle });

    for (const { connection } of [dialled, accepted]) {
      assert.equal(connection.phase, 'connected');
      assert.throws(() => connection.openStream(), { code: 'invalid-use' });
      assert.throws(() => connection.acceptStream(), { code: 'invalid-use' });
    }
  });

  it('stands before the streams inside the engine too', () => {
    const { dialled } = connected({ application: idle });
    const { instance, endpoint, connection } = dialled;

    const opened = instance.call((engine) => engine.stream_open(endpoint.id, connection.id), 0);
    const written = instance.call((engine) => engine.stream_write(endpoint.id, connection.id, 0, 1), 0);
    const read = instance.call((engine) => engine.stream_read(endpoint.id, connection.id, 0, 1), 0);

    const notApproved = -6;
    assert.deepEqual([opened, written, read], [notApproved, notApproved, notApproved]);
  });

  it('holds back the news of streams, and tells them afterwards', () => {
    const rig = new Rig();
    rig.listen(idle);
    const client = new Transfer({ opens: true, outgoing: Uint8Array.of(1, 2, 3) });
    const dialled = rig.dial(client.application);
    rig.run(() => client.offset === 3);
    rig.pass(1_000_000);
    const accepted = rig.accepted(dialled);
    const before = accepted.events.map((event) => event.type);

    accepted.connection.approve();
    const after = accepted.connection.poll().map((event) => event.type);

    assert.deepEqual(before, ['connected']);
    assert.equal(after[0], 'streams-opened');
    assert.deepEqual(accepted.connection.acceptStream()?.read(new Uint8Array(8)), { type: 'data', count: 3 });
  });

  it('can be given only after the handshake, and once', () => {
    const rig = new Rig();
    rig.listen(idle);
    const dialled = rig.dial(idle);

    assert.throws(() => dialled.connection.approve(), { code: 'invalid-use' });
    assert.throws(() => dialled.connection.reject(1, ''), { code: 'invalid-use' });
    rig.run(() => dialled.has('connected'));
    dialled.connection.approve();
    assert.throws(() => dialled.connection.approve(), { code: 'invalid-use' });
    assert.throws(() => dialled.connection.reject(1, ''), { code: 'invalid-use' });
  });

  it('refused ends the connection at the peer with code and reason', () => {
    const { rig, dialled, accepted } = connected({ application: idle });
    dialled.connection.approve();

    accepted.connection.reject(0x12a, 'not a node that we know');
    rig.pump(accepted);

    assert.ok(rig.run(() => dialled.has('drained') && accepted.has('drained')));
    assert.deepEqual(dialled.event('lost')?.loss, {
      kind: 'application-closed',
      code: 0x12a,
      reason: 'not a node that we know',
    });
    assert.ok(!accepted.has('lost'), 'our own refusal is no loss to us');
    assert.throws(() => accepted.connection.approve(), { code: 'invalid-use' });
  });

  it('may come after a loss, to read what the peer sent before it', () => {
    const { rig, dialled, accepted } = connected({ application: idle });
    dialled.connection.approve();
    dialled.connection.openStream()?.write(Uint8Array.of(5));
    rig.pump(dialled);
    rig.pass(100_000);
    dialled.connection.close(0, 'bye');
    rig.pump(dialled);
    rig.run(() => accepted.has('lost'));

    accepted.connection.approve();

    assert.deepEqual(accepted.connection.acceptStream()?.read(new Uint8Array(8)), { type: 'data', count: 1 });
    assert.equal(accepted.connection.phase, 'closed');
  });
});

describe('the end of a connection', () => {
  it('reaches the peer with code and reason, and drains on both ends', () => {
    const { rig, dialled, accepted } = connected();

    dialled.connection.close(500, 'read data error');
    rig.pump(dialled);

    assert.ok(rig.run(() => dialled.connection.phase === 'gone' && accepted.connection.phase === 'gone'));
    assert.deepEqual(accepted.event('lost')?.loss, {
      kind: 'application-closed',
      code: 500,
      reason: 'read data error',
    });
    assert.deepEqual(
      dialled.events.map((event) => event.type).filter((type) => type === 'lost' || type === 'drained'),
      ['drained'],
    );
    assert.deepEqual(dialled.endpoint.connections, []);
    assert.deepEqual(accepted.endpoint.connections, []);
  });

  it('cuts a reason that would not fit a datagram', () => {
    const { rig, dialled, accepted } = connected();

    dialled.connection.close(1, 'x'.repeat(5_000));
    rig.pump(dialled);
    rig.run(() => accepted.has('lost'));

    const loss = accepted.event('lost')?.loss;
    assert.equal(loss?.kind === 'application-closed' && loss.reason, 'x'.repeat(512));
  });

  it('tells an idle timeout on both ends after the smaller time of both', () => {
    const { rig, dialled, accepted } = connected({ dial: { idleTimeoutMs: 8_000, keepAliveMs: 0 } });

    assert.ok(rig.run(() => dialled.has('drained') && accepted.has('drained')));

    assert.ok(rig.now > 8_000_000 && rig.now < 8_200_000, `${rig.now}`);
    assert.deepEqual(
      [dialled, accepted].map((end) => end.event('lost')?.loss),
      [{ kind: 'timed-out' }, { kind: 'timed-out' }],
    );
  });

  it('does not come from silence while the dialler keeps the connection alive', () => {
    const { rig, dialled, accepted } = connected();

    rig.pass(300_000_000);

    assert.deepEqual([dialled.connection.phase, accepted.connection.phase], ['open', 'open']);
  });

  it('comes from silence when the peer has vanished, in spite of keep-alive', () => {
    const { rig, dialled, accepted } = connected();
    accepted.connection.abandon();
    rig.link.options = { largest: 0 };

    assert.ok(rig.run(() => dialled.has('lost'), 60_000_000));

    assert.deepEqual(dialled.event('lost')?.loss, { kind: 'timed-out' });
    assert.equal(accepted.connection.phase, 'gone');
  });

  it('comes as a reset when the peer has forgotten the connection and says so', () => {
    const { rig, dialled, accepted } = connected();
    accepted.connection.abandon();

    assert.ok(rig.run(() => dialled.has('lost'), 60_000_000));

    assert.deepEqual(dialled.event('lost')?.loss, { kind: 'reset' });
  });

  it('is told as a fault of the engine, once, when the instance breaks', () => {
    const { rig, dialled, accepted } = connected();

    dialled.instance.provokeTrap();
    rig.pump(dialled);
    rig.pump(dialled);

    const types = dialled.events.map((event) => event.type).filter((type) => type !== 'connected');
    assert.deepEqual(types.slice(-2), ['lost', 'drained']);
    assert.equal(types.filter((type) => type === 'lost').length, 1);
    const loss = dialled.event('lost')?.loss;
    assert.match(loss?.kind === 'engine-fault' ? loss.reason : '', /provoked by a test/);
    assert.equal(accepted.connection.phase, 'open');
  });

  it('leaves every method harmless', () => {
    const { rig, dialled } = connected();
    const stream = dialled.connection.openStream();
    dialled.instance.provokeTrap();
    const dueAt = dialled.connection.timeoutAt();
    rig.pump(dialled);
    const { connection } = dialled;

    assert.equal(dueAt, 0, 'the fault wants to be polled at once');
    assert.equal(connection.timeoutAt(), undefined);
    assert.deepEqual(connection.poll(), []);
    assert.equal(connection.openStream(), undefined);
    assert.equal(connection.acceptStream(), undefined);
    assert.deepEqual(connection.peerChain(), []);
    assert.equal(connection.statistics().datagramsSent, 0);
    assert.equal(stream?.write(Uint8Array.of(1)), 0);
    assert.deepEqual(stream?.read(new Uint8Array(1)), { type: 'blocked' });
    assert.equal(connection.transmit(new DatagramSlab()), false);
    connection.handleTimeout();
    connection.close(0, '');
    connection.abandon();
  });
});
