import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { sequence } from '../../../../runtime/quic/der.js';
import { type ChainQuestion, chainRefusal } from '../../../../runtime/security/chain.js';
import {
  authority,
  type CertificateWish,
  certificate,
  extension,
  keyUsage,
  type MadeCertificate,
  NO_AUTHORITY,
  OID,
  purposes,
  TODAY_MS,
  USAGE,
} from '../../../support/certificate-maker.js';

const HOUR_MS = 3_600_000;
const UNKNOWN = 'certificate signed by unknown authority';

const root = certificate({ name: 'root', extensions: [authority(), keyUsage(USAGE.keyCertSign)] });
const middle = certificate({ name: 'middle', by: root, extensions: [authority()] });
const lower = certificate({ name: 'lower', by: middle, extensions: [authority()] });
const leaf = certificate({ name: 'leaf', by: root });
const low = certificate({ name: 'low', by: middle });
const lowest = certificate({ name: 'lowest', by: lower });

interface Case extends Partial<Omit<ChainQuestion, 'presented' | 'authorities'>> {
  readonly shown: readonly MadeCertificate[];
  readonly trusted?: readonly MadeCertificate[];
}

function refusal({ shown, trusted = [root], ...more }: Case): string | undefined {
  return chainRefusal({
    presented: shown.map(({ der }) => der),
    authorities: trusted.map((one) => one.certificate),
    purpose: 'server',
    wallMs: TODAY_MS,
    ...more,
  });
}

/** A leaf of the root, as wished. */
const leafWith = (wish: Partial<CertificateWish>) => certificate({ name: 'leaf', by: root, ...wish });

/** A leaf below an authority that is as wished, and that authority, which the root has signed. */
function below(wish: Partial<CertificateWish>): readonly MadeCertificate[] {
  const between = certificate({ name: 'between', by: root, extensions: [authority()], ...wish });
  return [certificate({ name: 'leaf', by: between }), between];
}

describe('a chain is good', () => {
  it('when an authority of ours has signed the leaf', () => {
    assert.equal(refusal({ shown: [leaf] }), undefined);
  });

  it('when a path leads over authorities that were shown', () => {
    assert.equal(refusal({ shown: [low, middle] }), undefined);
    assert.equal(refusal({ shown: [lowest, lower, middle] }), undefined);
  });

  it('whatever the order of what stands behind the leaf, and with what does not belong there', () => {
    const stranger = certificate({ name: 'stranger', extensions: [authority()] });

    assert.equal(refusal({ shown: [lowest, middle, stranger, root, lower, lowest] }), undefined);
  });

  it('when an authority of ours stands in the middle of it', () => {
    assert.equal(refusal({ shown: [lowest, lower], trusted: [middle] }), undefined);
    assert.equal(refusal({ shown: [low], trusted: [middle] }), undefined);
  });

  it('when the leaf itself is one of our authorities, although it signs itself and nobody else', () => {
    const own = certificate({ name: 'own' });

    assert.equal(refusal({ shown: [own], trusted: [own] }), undefined);
  });

  it('to the last second of its time', () => {
    const short = leafWith({ fromMs: TODAY_MS, toMs: TODAY_MS + HOUR_MS });

    assert.equal(refusal({ shown: [short], wallMs: TODAY_MS }), undefined);
    assert.equal(refusal({ shown: [short], wallMs: TODAY_MS + HOUR_MS + 999 }), undefined);
  });

  it('when it is meant for the purpose, for every one, or says nothing of purposes', () => {
    const server = leafWith({ extensions: [purposes(OID.unheardOf, OID.serverAuth)] });
    const every = leafWith({ extensions: [purposes(OID.anyPurpose)] });
    const client = leafWith({ extensions: [purposes(OID.clientAuth)] });

    assert.equal(refusal({ shown: [server] }), undefined);
    assert.equal(refusal({ shown: [client], purpose: 'client' }), undefined);
    assert.deepEqual(
      [refusal({ shown: [every] }), refusal({ shown: [every], purpose: 'client' })],
      [undefined, undefined],
    );
  });

  it('when two authorities bear one name, and one of them has signed', () => {
    const namesake = certificate({ name: 'root', extensions: [authority()] });

    assert.equal(refusal({ shown: [leaf], trusted: [namesake, root] }), undefined);
    assert.equal(refusal({ shown: [leaf], trusted: [root, namesake] }), undefined);
  });

  it('when there are no more authorities below than each of them allows', () => {
    const top = certificate({ name: 'top', extensions: [authority(1)] });
    const second = certificate({ name: 'second', by: top, extensions: [authority(0)] });
    const end = certificate({ name: 'end', by: second });

    assert.equal(refusal({ shown: [end, second], trusted: [top] }), undefined);
  });

  it('also with eight authorities between', () => {
    const [last, ...others] = tower(8);

    assert.equal(refusal({ shown: [last ?? assert.fail(), ...others] }), undefined);
  });
});

/** A leaf below so many authorities, the lowest first. */
function tower(height: number): readonly MadeCertificate[] {
  const floors = [root];
  for (let floor = 1; floor <= height; floor += 1) {
    floors.unshift(certificate({ name: `floor ${floor}`, by: floors[0] ?? root, extensions: [authority()] }));
  }
  return [certificate({ name: 'roof', by: floors[0] ?? root }), ...floors.slice(0, -1)];
}

describe('a chain is refused', () => {
  const cases: readonly (readonly [string, Case, string | RegExp])[] = [
    ['without any certificate', { shown: [] }, /^no certificate was presented/],
    ['without any authority of ours', { shown: [leaf], trusted: [] }, UNKNOWN],
    ['when an authority between is missing', { shown: [low] }, UNKNOWN],
    ['when one of two between is missing', { shown: [lowest, lower] }, UNKNOWN],
    ['when the leaf does not come first', { shown: [middle, low], trusted: [lower] }, UNKNOWN],
    ['when the leaf signs itself', { shown: [certificate({ name: 'alone' })] }, UNKNOWN],
    [
      'when the leaf signs itself under the name of an authority',
      { shown: [certificate({ name: 'root', extensions: [authority()] })] },
      /^the signature of .* was not made by the certificate of "CN=root"$/,
    ],
    [
      'when a stranger bears the name of an authority',
      { shown: [leaf], trusted: [certificate({ name: 'root', extensions: [authority()] })] },
      /was not made by/,
    ],
    [
      'when it ends at a root of its own',
      { shown: [low, middle, root], trusted: [certificate({ name: 'other', extensions: [authority()] })] },
      UNKNOWN,
    ],
    ['after its time', { shown: [leafWith({ toMs: TODAY_MS - HOUR_MS })] }, /^.*"CN=leaf" has expired: it ended at /],
    [
      'in the first moment after its last second',
      { shown: [leafWith({ toMs: TODAY_MS })], wallMs: TODAY_MS + 1_000 },
      /has expired/,
    ],
    ['before its time', { shown: [leafWith({ fromMs: TODAY_MS + 1_000 })] }, /is not yet valid: it begins at /],
    [
      'when an authority between has expired',
      { shown: below({ toMs: TODAY_MS - HOUR_MS }) },
      /"CN=between" has expired/,
    ],
    ['when an authority between is not yet valid', { shown: below({ fromMs: TODAY_MS + HOUR_MS }) }, /not yet valid/],
    ['when the authority has expired', { shown: [leaf], wallMs: 9_000_000_000_000 }, /has expired/],
    ['when who signed is no authority', { shown: below({ extensions: [NO_AUTHORITY] }) }, /may not sign certificates$/],
    ['when who signed does not say what it is', { shown: below({ extensions: [] }) }, /may not sign certificates$/],
    [
      'when who signed has a key that may not sign certificates',
      { shown: below({ extensions: [authority(), keyUsage(USAGE.digitalSignature)] }) },
      /"CN=between" may not sign certificates$/,
    ],
    [
      'when our own authority may not sign certificates',
      { shown: [certificate({ name: 'x', by: leaf })], trusted: [leaf] },
      /may not sign certificates$/,
    ],
    [
      'when the key of the leaf may not sign a handshake',
      { shown: [leafWith({ extensions: [keyUsage(USAGE.keyEncipherment)] })] },
      /^the key usage of .* does not allow a handshake$/,
    ],
    [
      'when a leaf for servers wants to be a client',
      { shown: [leafWith({ extensions: [purposes(OID.serverAuth)] })], purpose: 'client' },
      /is not meant for a client$/,
    ],
    [
      'when a leaf for clients wants to be a server',
      { shown: [leafWith({ extensions: [purposes(OID.clientAuth)] })] },
      /is not meant for a server$/,
    ],
    [
      'when an authority between is not for the purpose',
      { shown: below({ extensions: [authority(), purposes(OID.clientAuth)] }) },
      /"CN=between" is not meant for a server$/,
    ],
    [
      'when the leaf asks for something that is not understood',
      { shown: [leafWith({ extensions: [extension(OID.unheardOf, sequence(), 'critical')] })] },
      /critical extensions that are not understood: 1\.2\.3\.4$/,
    ],
    [
      'when an authority between asks for something that is not understood',
      { shown: below({ extensions: [authority(), extension(OID.unheardOf, sequence(), 'critical')] }) },
      /"CN=between" has critical extensions/,
    ],
    [
      'when the leaf is signed over SHA-1',
      { shown: [leafWith({ hash: 'sha1' })] },
      /is signed in a way that can be forged$/,
    ],
    ['when an authority between is signed over SHA-1', { shown: below({ hash: 'sha1' }) }, /can be forged$/],
    ['with nine authorities between', { shown: tower(9) }, UNKNOWN],
  ];

  for (const [when, question, text] of cases) {
    it(when, () => {
      const told = refusal(question) ?? assert.fail('it was good enough');

      if (typeof text === 'string') {
        assert.equal(told, text);
      } else {
        assert.match(told, text);
      }
    });
  }

  it('when there are more authorities below than one of them allows', () => {
    const top = certificate({ name: 'top', extensions: [authority(0)] });
    const second = certificate({ name: 'second', by: top, extensions: [authority()] });
    const end = certificate({ name: 'end', by: second });

    assert.match(`${refusal({ shown: [end, second], trusted: [top] })}`, /^too many authorities below .*"CN=top"$/);
    assert.equal(refusal({ shown: [certificate({ name: 'end', by: top })], trusted: [top] }), undefined);
  });

  it('when one bit of the leaf, or of its signature, is another one', () => {
    for (const at of [leaf.der.length - 5, leaf.der.length - 100, 60]) {
      const der = leaf.der.slice();
      der[at] = (der[at] ?? 0) ^ 1;

      assert.notEqual(refusal({ shown: [{ ...leaf, der }] }), undefined, `byte ${at}`);
    }
  });

  it('when bytes stand behind the leaf, or PEM of another one hides in it: it is read in one way only', () => {
    const behind = (bytes: Uint8Array) => ({ ...leaf, der: Uint8Array.from([...leaf.der, ...bytes]) });
    const evil = certificate({ name: 'evil' });
    // A whole certificate, in an extension of which Node would find another one.
    const hiding = certificate({ name: 'evil', extensions: [extension(OID.unheardOf, Buffer.from(`\n${leaf.pem}`))] });
    const before = { ...leaf, der: Uint8Array.from([...evil.der, ...Buffer.from(`\n${leaf.pem}`)]) };

    for (const one of [behind(Uint8Array.of(0)), behind(Buffer.from(evil.pem)), before, hiding]) {
      assert.match(`${refusal({ shown: [one] })}`, /cannot be read$/);
    }
  });

  it('when the leaf is PEM, which no handshake carries', () => {
    assert.match(`${refusal({ shown: [{ ...leaf, der: Buffer.from(leaf.pem) }] })}`, /cannot be read$/);
  });
});

describe('a hostile chain', () => {
  it('of authorities that sign each other in circles comes to an end', () => {
    const keys = Array.from({ length: 8 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    // All bear one name and one key, so that each seems to have signed each other.
    const [key = assert.fail()] = keys;
    const first = certificate({ name: 'circle', key, extensions: [authority()] });
    const ring = keys.map(() => certificate({ name: 'circle', key, by: first, extensions: [authority()] }));
    const bottom = certificate({ name: 'bottom', by: first });
    const verifications = countVerifications(() => {
      assert.equal(refusal({ shown: [bottom, ...ring] }), UNKNOWN);
    });

    assert.ok(verifications <= 64, `${verifications} signatures were checked`);
  });

  it('whose garbage stands behind a good path is good', () => {
    const garbage = { ...leaf, der: new Uint8Array(100).fill(0x30) };

    assert.equal(refusal({ shown: [low, garbage, middle] }), undefined);
  });
});

/** How many signatures of certificates were checked meanwhile. */
function countVerifications(act: () => void): number {
  const prototype = Object.getPrototypeOf(leaf.certificate);
  const { verify } = prototype;
  let count = 0;
  prototype.verify = function (this: unknown, ...parameters: unknown[]) {
    count += 1;
    return verify.apply(this, parameters);
  };
  try {
    act();
  } finally {
    prototype.verify = verify;
  }
  return count;
}
