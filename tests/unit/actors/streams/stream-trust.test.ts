import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { NodeClientProfile, NodeServerProfile } from '../../../../actors/security/security-profiles.js';
import { SecurityProfiles } from '../../../../actors/security/security-profiles.js';
import { streamCrypto } from '../../../../actors/streams/stream-crypto.js';
import { dialTrust, listenTrust, nameRefusal } from '../../../../actors/streams/stream-trust.js';
import { seededRandom } from '../../../../runtime/random.js';
import type { Fingerprint } from '../../../../runtime/security/fingerprint.js';
import { MeshAuthority, type Wanted } from '../../../support/mesh-certificates.js';
import { FAR, NEAR } from '../node-parts.js';
import { AUTHORITY, clientProfile, serverProfile } from '../security/profiles.js';

const NOW_MS = Date.now();
const CLOCK = { wallMs: () => NOW_MS };

function kitWith(clients: ReadonlyMap<string, NodeClientProfile> = new Map()) {
  const crypto = streamCrypto({ ...CLOCK, monotonicMs: () => 0 } as never, seededRandom('trust'));
  return { clock: CLOCK as never, crypto, security: new SecurityProfiles({ servers: new Map(), clients }) };
}

/** Why the certificate of an acceptor is refused by a dial to `far`. */
function dialling(profile: NodeClientProfile, wanted: Wanted, signer = AUTHORITY): string | undefined {
  const trust = dialTrust(kitWith(new Map([['c', profile]])), FAR, 'c');
  assert.ok('refusalOf' in trust);
  return trust.refusalOf([signer.sign(wanted).der]);
}

/** Why the certificate of a dialler that says it is `near` is refused. */
function listening(profile: NodeServerProfile, wanted: Wanted, signer = AUTHORITY): string | undefined {
  return listenTrust(kitWith(), profile).refusalOf([signer.sign(wanted).der], NEAR);
}

const pinOf = (der: Uint8Array): Fingerprint => ({
  algorithm: 'sha256',
  hex: createHash('sha256').update(der).digest('hex'),
});

describe('the trust of a dial', () => {
  const profile = clientProfile();

  it('shows the certificate of the profile', () => {
    const trust = dialTrust(kitWith(new Map([['c', profile]])), FAR, 'c');

    assert.ok('identity' in trust);
    assert.deepEqual(trust.identity?.chain, [new Uint8Array(profile.credentials?.chain[0]?.raw ?? [])]);
    assert.equal(trust.identity?.key.kind, 'ecdsa-p256');
  });

  it('takes the very node that was dialled, by the node id in its certificate', () => {
    assert.equal(dialling(profile, { nodeIds: ['other', 'far'] }), undefined);
    assert.equal(
      dialling(profile, { nodeIds: ['Far', 'near'], dnsNames: ['far'] }),
      'nodeID=far not found in certificate name(s); names found=[Far near]',
    );
  });

  it('takes any name where names are not to be looked at', () => {
    assert.equal(dialling(clientProfile({ names: 'skipped' }), {}), undefined);
  });

  it('refuses another authority, another time and another purpose', () => {
    assert.match(`${dialling(profile, { nodeIds: ['far'] }, new MeshAuthority('x'))}`, /unknown authority/);
    assert.match(`${dialling(profile, { nodeIds: ['far'], toMs: NOW_MS - 60_000 })}`, /has expired/);
    assert.match(`${dialling(profile, { nodeIds: ['far'], fromMs: NOW_MS + 60_000 })}`, /not yet valid/);
    assert.match(`${dialling(profile, { nodeIds: ['far'], purposes: ['client'] })}`, /not meant for a server/);
  });

  it('refuses who is not pinned', () => {
    const pinned = AUTHORITY.sign({ nodeIds: ['far'] });
    const pinning = clientProfile({ pins: [pinOf(pinned.der)] });
    const trust = dialTrust(kitWith(new Map([['c', pinning]])), FAR, 'c');
    assert.ok('refusalOf' in trust);

    assert.equal(trust.refusalOf([pinned.der]), undefined);
    assert.match(`${dialling(pinning, { nodeIds: ['far'] })}`, /does not match any pinned fingerprint/);
  });

  it('refuses who shows nothing', () => {
    const trust = dialTrust(kitWith(new Map([['c', profile]])), FAR, 'c');
    assert.ok('refusalOf' in trust);

    assert.match(`${trust.refusalOf([])}`, /no certificate/);
  });

  it('takes anybody where it was told to look at nothing', () => {
    const careless = clientProfile({ verification: 'none' });

    assert.equal(dialling(careless, { nodeIds: ['near'] }, new MeshAuthority('x')), undefined);
  });

  it('without a profile takes who has none either, and no certificate of an authority', () => {
    const kit = kitWith();
    const trust = dialTrust(kit, FAR, undefined);
    assert.ok('refusalOf' in trust);

    assert.equal(trust.identity, undefined);
    assert.equal(trust.refusalOf(listenTrust(kit, undefined).identity.chain), undefined);
    assert.notEqual(trust.refusalOf([AUTHORITY.sign({ nodeIds: ['far'] }).der]), undefined);
  });

  it('is a fault for a name that nobody has defined', () => {
    assert.deepEqual(dialTrust(kitWith(), FAR, 'x'), { code: 'invalid-configuration', text: 'unknown TLS config x' });
  });
});

describe('the trust of a listener', () => {
  it('without a profile asks nobody', () => {
    const trust = listenTrust(kitWith(), undefined);

    assert.equal(trust.clientAuthentication, 'none');
    assert.equal(trust.refusalOf([], NEAR), undefined);
  });

  it('asks nobody where everybody may come, but shows its certificate', () => {
    const profile = serverProfile({ clients: 'anybody' });

    const trust = listenTrust(kitWith(), profile);

    assert.equal(trust.clientAuthentication, 'none');
    assert.equal(trust.refusalOf([], NEAR), undefined);
    assert.deepEqual(trust.identity.chain, [new Uint8Array(profile.credentials.chain[0]?.raw ?? [])]);
  });

  it('takes the node that the packets come from, by the node id in its certificate', () => {
    const profile = serverProfile();

    assert.equal(listenTrust(kitWith(), profile).clientAuthentication, 'required');
    assert.equal(listening(profile, { nodeIds: ['near'] }), undefined);
    assert.match(`${listening(profile, { nodeIds: ['far'] })}`, /^nodeID=near not found/);
    assert.equal(listening(serverProfile({ names: 'skipped' }), { nodeIds: ['far'] }), undefined);
  });

  it('refuses another authority, another purpose, who is not pinned and who shows nothing', () => {
    const profile = serverProfile();
    const pinning = serverProfile({ pins: [pinOf(AUTHORITY.der)] });

    assert.match(`${listening(profile, { nodeIds: ['near'] }, new MeshAuthority('x'))}`, /unknown authority/);
    assert.match(`${listening(profile, { nodeIds: ['near'], purposes: ['server'] })}`, /not meant for a client/);
    assert.match(`${listening(pinning, { nodeIds: ['near'] })}`, /does not match any pinned fingerprint/);
    assert.match(`${listenTrust(kitWith(), profile).refusalOf([], NEAR)}`, /no certificate/);
  });
});

describe('the name in a certificate', () => {
  it('is told when it is another one, even where there is none', () => {
    const { der } = AUTHORITY.sign({});

    assert.equal(nameRefusal(der, NEAR), 'nodeID=near not found in certificate name(s); names found=[]');
  });
});
