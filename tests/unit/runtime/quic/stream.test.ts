import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exchange, openStream, readAll } from './open-stream.js';
import { Rig } from './rig.js';
import { digest, pattern, Transfer } from './transfer.js';

describe('a stream', () => {
  it('carries a megabyte each way at the same time', () => {
    const rig = new Rig();
    const [up, down] = [pattern(1_048_576, 1), pattern(1_048_576, 2)];
    const client = new Transfer({ opens: true, outgoing: up });
    const server = new Transfer({ opens: false, outgoing: down });
    rig.listen(server.application);
    const dialled = rig.dial(client.application);

    assert.ok(rig.run(() => client.hasEnd && server.hasEnd && dialled.has('finished')));

    assert.equal(digest(server.received), digest(up));
    assert.equal(digest(client.received), digest(down));
    assert.equal(dialled.connection.statistics().packetsLost, 0);
  });

  it('carries a megabyte each way over a link that loses, repeats and reorders', () => {
    const rig = new Rig({ loss: 0.05, duplication: 0.05, jitter: 3_000, seed: 'bad link' });
    const [up, down] = [pattern(1_048_576, 1), pattern(1_048_576, 2)];
    const client = new Transfer({ opens: true, outgoing: up });
    const server = new Transfer({ opens: false, outgoing: down });
    rig.listen(server.application);
    const dialled = rig.dial(client.application);

    assert.ok(rig.run(() => client.hasEnd && server.hasEnd && dialled.has('finished')));

    assert.equal(digest(server.received), digest(up));
    assert.equal(digest(client.received), digest(down));
    assert.ok(dialled.connection.statistics().packetsLost > 10);
  });

  it('carries more in one write than the engine takes at once', () => {
    const open = openStream();
    const bytes = pattern(300_000);

    assert.equal(open.ours.write(bytes), 300_000);
    exchange(open);

    assert.equal(digest(readAll(open.theirs).bytes), digest(bytes));
  });

  it('has id 0 as the first one of the dialler, and is the only one by default', () => {
    const { ours, theirs, dialled } = openStream();

    assert.deepEqual([ours.id, theirs.id], [0, 0]);
    assert.equal(dialled.connection.openStream(), undefined);
  });

  it('can be followed by another one after its end', () => {
    const open = openStream();
    open.ours.finish();
    open.theirs.finish();
    exchange(open);
    readAll(open.ours);
    readAll(open.theirs);
    exchange(open);

    assert.ok(open.dialled.has('streams-available'));
    assert.equal(open.dialled.connection.openStream()?.id, 4);
  });

  it('can have company where the peer allows it', () => {
    const { dialled } = openStream({ listen: { peerStreams: 3 } });

    const more = [1, 2, 3].map(() => dialled.connection.openStream()?.id);

    assert.deepEqual(more, [4, 8, undefined]);
  });
});

describe('the end of a direction', () => {
  it('leaves the other direction open', () => {
    const open = openStream();
    open.ours.write(Buffer.from('a question'));
    open.ours.finish();
    exchange(open);

    const question = readAll(open.theirs);
    open.theirs.write(Buffer.from('an answer'));
    exchange(open);
    const before = readAll(open.ours);
    open.theirs.finish();
    exchange(open);
    const after = readAll(open.ours);

    assert.deepEqual([Buffer.from(question.bytes).toString(), question.end], ['a question', 'finished']);
    assert.deepEqual([Buffer.from(before.bytes).toString(), before.end], ['an answer', 'blocked']);
    assert.deepEqual([after.bytes.length, after.end], [0, 'finished']);
  });

  it('is told as finished only when the peer has acknowledged every byte', () => {
    const open = openStream();
    open.ours.write(new Uint8Array(50_000));
    open.ours.finish();
    open.rig.link.options = { largest: 0 };
    exchange(open);
    const isFinishedInTheDark = open.dialled.has('finished');

    open.rig.link.options = {};
    open.rig.pass(5_000_000);

    assert.ok(!isFinishedInTheDark);
    assert.deepEqual(open.dialled.event('finished'), { type: 'finished', stream: 0 });
    assert.equal(readAll(open.theirs).bytes.length, 50_000);
  });

  it('is told by every read after the first one that saw it', () => {
    const open = openStream();
    open.ours.write(Uint8Array.of(9));
    open.ours.finish();
    exchange(open);

    const results = [1, 2, 3].map(() => open.theirs.read(new Uint8Array(10)).type);

    assert.deepEqual(results, ['data', 'finished', 'finished']);
  });

  it('may come without a byte', () => {
    const open = openStream();
    open.ours.finish();
    exchange(open);

    assert.deepEqual(open.theirs.read(new Uint8Array(10)), { type: 'finished' });
  });

  it('allows no further write, finish or reading into nothing', () => {
    const { ours, theirs } = openStream();
    ours.finish();
    theirs.stopSending(1);

    assert.throws(() => ours.write(Uint8Array.of(1)), { code: 'invalid-use' });
    assert.throws(() => ours.finish(), { code: 'invalid-use' });
    assert.throws(() => ours.read(new Uint8Array(0)), { code: 'invalid-use' });
    assert.throws(() => theirs.read(new Uint8Array(1)), { code: 'invalid-use' });
  });
});

describe('reset', () => {
  it('reaches the reader with its code, and drops what was not read', () => {
    const open = openStream();
    open.ours.write(new Uint8Array(1_000));
    exchange(open);

    open.ours.reset(77);
    exchange(open);

    assert.deepEqual(open.theirs.read(new Uint8Array(10)), { type: 'reset', code: 77 });
    assert.deepEqual(open.theirs.read(new Uint8Array(10)), { type: 'reset', code: 77 });
    assert.ok(!open.dialled.has('finished'));
  });

  it('leaves the other direction open', () => {
    const open = openStream();
    open.ours.reset(77);
    exchange(open);

    open.theirs.write(Uint8Array.of(5));
    exchange(open);

    assert.deepEqual(open.ours.read(new Uint8Array(10)), { type: 'data', count: 1 });
  });

  it('refuses codes that are none', () => {
    const { ours } = openStream();

    assert.throws(() => ours.reset(-1), { code: 'invalid-use' });
    assert.throws(() => ours.stopSending(2 ** 32), { code: 'invalid-use' });
  });
});

describe('stopSending', () => {
  it('reaches the writer with its code, whose writes then take nothing', () => {
    const open = openStream();
    open.ours.write(new Uint8Array(1_000));
    exchange(open);

    open.theirs.stopSending(499);
    exchange(open);

    assert.deepEqual(open.dialled.event('stopped'), { type: 'stopped', stream: 0, code: 499 });
    assert.equal(open.ours.write(new Uint8Array(10)), 0);
    assert.equal(open.ours.write(new Uint8Array(10)), 0);
  });

  it('gives the window of what was dropped back to the connection', () => {
    const window = 65_536;
    const open = openStream({ listen: { peerStreams: 2, streamWindow: window, connectionWindow: window } });
    open.ours.write(new Uint8Array(window));
    exchange(open);
    const second = open.dialled.connection.openStream();
    assert.equal(second?.write(new Uint8Array(1_000)), 0, 'the connection has no window left');

    open.theirs.stopSending(1);
    exchange(open);

    assert.equal(second?.write(new Uint8Array(1_000)), 1_000);
  });
});
