import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Identity } from '../../../../runtime/quic/engine.js';
import { fixtureIdentity } from './certificates.js';
import { connected, idle, type PairOptions } from './pair.js';
import { approving, Rig, testIdentity } from './rig.js';

/** Runs a dial that is expected to fail, until both ends that exist are gone. */
function failing({ listen = {}, dial = {} }: PairOptions): Rig {
  const rig = new Rig();
  rig.listen(approving, listen);
  rig.dial(approving, dial);
  assert.ok(rig.run(() => rig.ends.every((end) => end.connection.phase === 'gone')));
  return rig;
}

describe('the handshake', () => {
  it('takes one round trip for the dialler and one and a half for the listener', () => {
    const { rig, dialled, accepted } = connected({ delay: 10_000 });

    assert.equal(rig.now, 30_000);
    assert.deepEqual([dialled.connection.phase, accepted.connection.phase], ['open', 'open']);
  });

  for (const name of ['ed25519', 'ec-p256', 'ec-p384', 'ec-p521', 'rsa-2048']) {
    it(`works with an ${name} identity on both ends`, () => {
      const identity = fixtureIdentity(name);

      const { dialled, accepted } = connected({
        listen: { identity, clientAuthentication: 'required' },
        dial: { identity },
      });

      assert.deepEqual(dialled.connection.peerChain(), identity.chain);
      assert.deepEqual(accepted.connection.peerChain(), identity.chain);
    });
  }

  it('shows a whole chain, leaf first', () => {
    const identity = fixtureIdentity('chain');

    const [leaf, authority] = connected({ listen: { identity } }).dialled.connection.peerChain();

    assert.equal(new X509Certificate(leaf ?? '').subject, 'CN=leaf.test');
    assert.equal(new X509Certificate(authority ?? '').subject, 'CN=authority.test');
  });

  it('survives loss of a third of all datagrams', () => {
    const { dialled } = connected({ loss: 0.33, seed: 'a third' });

    assert.ok(dialled.has('connected'));
  });

  it('settles on the protocol that the listener wants most of those that both have', () => {
    const protocols = { dial: { protocols: ['new', 'old'] }, listen: { protocols: ['newest', 'old', 'new'] } };

    const { dialled, accepted } = connected(protocols);

    assert.equal(dialled.connection.protocol, 'old');
    assert.equal(accepted.connection.protocol, 'old');
  });

  it('fails with the alert no_application_protocol when the protocols differ', () => {
    const [dialled] = failing({ dial: { protocols: ['another'] } }).ends;

    const loss = dialled?.event('lost')?.loss;
    assert.ok(loss?.kind === 'transport-closed');
    assert.deepEqual([loss.by, loss.code, loss.alert], ['peer', 0x178, 120]);
  });

  it('fails when the peer does not hold the key of its certificate', () => {
    const impostor: Identity = { chain: testIdentity('somebody').chain, key: testIdentity('somebody else').key };

    const rig = failing({ listen: { identity: impostor } });

    const [ours, theirs] = rig.ends.map((end) => end.event('lost')?.loss);
    assert.ok(ours?.kind === 'transport-closed' && theirs?.kind === 'transport-closed');
    assert.deepEqual([ours.by, ours.alert, theirs.by, theirs.alert], ['us', 51, 'peer', 51]);
    assert.match(ours.reason, /BadSignature/);
    assert.ok(!rig.ends.some((end) => end.has('connected') && end.side === 'dialler'));
  });

  it('fails on both ends when the key does not sign', () => {
    const broken: Identity = {
      chain: testIdentity().chain,
      key: {
        kind: 'ed25519',
        sign: () => {
          throw new Error('the token was taken out');
        },
      },
    };

    const [dialled] = failing({ listen: { identity: broken } }).ends;

    assert.equal(dialled?.event('lost')?.loss.kind, 'transport-closed');
  });

  it('is given up after its own time, though the peer may go on answering', () => {
    const rig = new Rig({ largest: 0 });
    const dialled = rig.dial(idle, { handshakeTimeoutMs: 3_000 });

    assert.ok(rig.run(() => dialled.has('lost')));

    assert.equal(rig.now, 3_000_000);
    assert.deepEqual(dialled.event('lost')?.loss, { kind: 'timed-out' });
    assert.ok(rig.run(() => dialled.has('drained')));
  });
});

describe('client authentication', () => {
  const identity = testIdentity('a client');

  it('is not asked for by default, even of a client that could', () => {
    const { accepted } = connected({ dial: { identity } });

    assert.deepEqual(accepted.connection.peerChain(), []);
  });

  it('takes a client without a certificate where it is only requested', () => {
    const { accepted } = connected({ listen: { clientAuthentication: 'requested' } });

    assert.deepEqual(accepted.connection.peerChain(), []);
  });

  it('shows the certificate of a client where it is requested', () => {
    const { accepted } = connected({ listen: { clientAuthentication: 'requested' }, dial: { identity } });

    assert.deepEqual(accepted.connection.peerChain(), identity.chain);
  });

  it('refuses a client without a certificate where it is required', () => {
    const rig = failing({ listen: { clientAuthentication: 'required' } });

    const losses = rig.ends.map((end) => end.event('lost')?.loss);
    // The alert is certificate_required (116). TLS 1.3 tells the client only after its own handshake.
    assert.deepEqual(
      losses.map((loss) => loss?.kind === 'transport-closed' && [loss.by, loss.alert]),
      [
        ['peer', 116],
        ['us', 116],
      ],
    );
    assert.ok(!rig.ends.some((end) => end.side === 'listener' && end.has('connected')));
  });
});
