import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { LISTEN, Place, portOf, until } from './daemon-process.js';

describe('a node as a process', () => {
  it('starts, says so in the words of the reference, and names the port that it was given', async (t) => {
    const place = new Place(t);

    const node = await place.node('alpha', ...LISTEN);

    assert.match(
      node.out,
      /^INFO \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d Running control service control\nINFO .* Listening on TCP 127\.0\.0\.1:[1-9]\d*\nINFO .* Initialization complete\n$/,
    );
    assert.equal(node.err, '');
    assert.equal(statSync(place.path('alpha.sock')).mode & 0o777, 0o600);
    assert.ok(place.has('data/alpha'));
  });

  it('is the same from a file', async (t) => {
    const place = new Place(t);
    writeFileSync(
      place.path('mesh.yml'),
      `- node:\n    id: alpha\n    datadir: data\n- control-service:\n    filename: alpha.sock\n    permissions: 0660\n- tcp-listener:\n    port: 0\n    bindaddr: 127.0.0.1\n`,
    );

    const node = place.start('--config', 'mesh.yml');
    await node.said(/Initialization complete/);

    assert.equal(statSync(place.path('alpha.sock')).mode & 0o777, 0o660);
    await portOf(node);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops in order at ${signal}, with status 0, and leaves no socket behind`, async (t) => {
      const place = new Place(t);
      const node = await place.node('alpha', ...LISTEN);

      node.signal(signal);
      const { code, out } = await node.finished;

      assert.equal(code, 0);
      assert.match(out, new RegExp(`INFO .* ${signal}: stopping; .*\nINFO .* Shutdown complete\n$`));
      assert.equal(place.has('alpha.sock'), false);
    });
  }

  it('goes on after SIGHUP', async (t) => {
    const place = new Place(t);
    const node = await place.node('alpha', '--local-only');

    node.signal('SIGHUP');
    await node.said(/WARNING .* SIGHUP: reloading is not built into this version yet; nothing was changed\n/);

    assert.equal((await place.ask('alpha', 'status')).code, 0);
  });

  it('writes as much as it was told to', async (t) => {
    const place = new Place(t);

    const quiet = place.start('--node', 'id=quiet', `datadir=${place.path('data')}`, '--local-only', '--log-level');
    const loud = await place.node('loud', '--log-level', 'Debug', '--tcp-peer', 'nowhere.invalid:1');
    await loud.said(
      /WARNING .* Backend connection failed \(will retry\): dial tcp: lookup nowhere\.invalid: no such host\n/,
    );
    await loud.said(/DEBUG .* Backend connection failed \(will retry\)/);
    quiet.signal('SIGTERM');

    // It may be told to stop before it hears signals at all.
    assert.equal((await quiet.finished).out, '');
  });

  it('takes over the socket that a killed node has left', async (t) => {
    const place = new Place(t);
    const first = await place.node('alpha', '--local-only');
    await first.kill();
    assert.equal(place.has('alpha.sock'), true);

    await place.node('alpha', '--local-only');

    assert.equal((await place.ask('alpha', 'status')).code, 0);
  });

  it('goes on when nobody reads its log any more', async (t) => {
    const place = new Place(t);
    const node = await place.node('alpha', ...LISTEN, '--log-level', 'debug');

    node.process.stdout?.destroy();
    const beta = await place.node('beta', '--tcp-peer', `127.0.0.1:${await portOf(node)}`);
    await beta.said(/Connection established with alpha/);

    assert.equal(
      (
        await until(
          () => place.ask('alpha', 'ping', 'beta', '--count', '1'),
          ({ code }) => code === 0,
        )
      ).code,
      0,
    );
  });

  it('does not wait for a reader that has stopped reading its log', async (t) => {
    const place = new Place(t);
    const node = await place.node('alpha', ...LISTEN);
    const port = Number(await portOf(node));

    node.process.stdout?.pause();
    // Each of them leaves a line; a pipe holds 64 kB.
    for (let at = 0; at < 1_500; at += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port }, () => socket.destroy());
        socket.on('close', () => resolve());
      });
    }

    assert.equal((await place.ask('alpha', 'status')).code, 0);
    node.process.stdout?.resume();
    node.signal('SIGTERM');
    assert.equal((await node.finished).code, 0);
    assert.ok(node.out.length > 65_536, 'it was not enough to fill the pipe');
  });

  it('ends by itself, with status 0, when an older node has its id', async (t) => {
    const place = new Place(t);
    const alpha = await place.node('alpha', ...LISTEN);
    const toAlpha = ['--tcp-peer', `127.0.0.1:${await portOf(alpha)}`];
    const beta = await place.node('beta', ...LISTEN, ...toAlpha);
    await place.node('gamma', ...toAlpha);
    await until(
      () => place.ask('beta', 'ping', 'gamma', '--count', '1'),
      ({ code }) => code === 0,
    );

    const second = place.start(
      ...['--node', 'id=gamma', `datadir=${place.path('other')}`, '--tcp-peer', `127.0.0.1:${await portOf(beta)}`],
    );
    const { code, out } = await second.finished;

    assert.equal(code, 0);
    assert.match(out, /ERROR .* We are a duplicate node with ID gamma and epoch \d+\. {2}Shutting down\.\n/);
  });
});
