import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Random, seededRandom } from '../../runtime/random.js';
import { chainRefusal } from '../../runtime/security/chain.js';
import { type DerElement, derChildren, derElements, dotted } from '../../runtime/security/der-reader.js';
import { extensionsOf } from '../../runtime/security/extensions.js';
import { validityOf } from '../../runtime/security/validity.js';
import {
  authority,
  certificate,
  keyUsage,
  OID,
  purposes,
  serverNames,
  TODAY_MS,
  USAGE,
} from '../support/certificate-maker.js';
import { seeds } from '../support/seeds.js';

const root = certificate({ name: 'root', extensions: [authority(1), keyUsage(USAGE.keyCertSign)] });
const middle = certificate({ name: 'middle', by: root, extensions: [authority()] });
const leaf = certificate({
  name: 'leaf',
  by: middle,
  extensions: [serverNames('a.test', [127, 0, 0, 1]), purposes(OID.serverAuth), keyUsage(USAGE.digitalSignature)],
});

/** Garbage for each seed. */
const ROUNDS = 300;

/** Nothing but chance, or a certificate with bytes changed, cut or added. */
function hostile(random: Random, sample: Uint8Array): Uint8Array {
  if (random.unit() < 0.2) {
    return random.fill(new Uint8Array(random.below(600)));
  }
  const end = random.unit() < 0.2 ? random.below(sample.length) : sample.length;
  const copy = Uint8Array.from([...sample.subarray(0, end), ...random.fill(new Uint8Array(random.below(3)))]);
  for (let change = random.below(6); change >= 0 && copy.length > 0; change -= 1) {
    // Lengths and tags near the top do the most harm.
    const at = random.below(random.unit() < 0.5 ? Math.min(64, copy.length) : copy.length);
    copy[at] = random.unit() < 0.3 ? ([0x00, 0x30, 0x7f, 0x80, 0x84, 0xff][random.below(6)] ?? 0) : random.below(256);
  }
  return copy;
}

/** Each element lies inside of the one around it, and what lies in one is not more than it has bytes. */
function assertInside(elements: readonly DerElement[], around: Uint8Array, depth = 0): void {
  assert.ok(elements.reduce((sum, { whole }) => sum + whole.length, 0) <= around.length);
  for (const element of elements) {
    assert.ok(element.whole.byteOffset >= around.byteOffset);
    assert.ok(element.whole.byteOffset + element.whole.length <= around.byteOffset + around.length);
    assert.match(dotted(element.content), /^[\d.e+Infinity]+$/);
    if (depth < 8) {
      assertInside(derChildren(element), element.content, depth + 1);
    }
  }
}

describe('whatever bytes a peer shows as certificates', () => {
  for (const seed of seeds()) {
    it(`readers give an answer and stay inside of the bytes (seed ${seed})`, () => {
      const random = seededRandom(seed);
      for (let round = 0; round < ROUNDS; round += 1) {
        const bytes = hostile(random, [root, middle, leaf][random.below(3)]?.der ?? leaf.der);
        assertInside(derElements(bytes) ?? [], bytes);
        const { pathLength = 0 } = extensionsOf(bytes) ?? {};
        const { fromMs = 0, toMs = 0 } = validityOf(bytes) ?? {};

        assert.ok(pathLength >= 0 && Number.isFinite(fromMs) && Number.isFinite(toMs));
      }
    });

    it(`a chain with a byte of garbage in each of its links is refused, in words (seed ${seed})`, () => {
      const random = seededRandom(`${seed} chain`);
      for (let round = 0; round < ROUNDS; round += 1) {
        const presented = [hostile(random, leaf.der), hostile(random, middle.der)].slice(0, 1 + random.below(2));
        const isWhole = presented.every((der, at) => Buffer.from(der).equals([leaf, middle][at]?.der ?? der));
        const refusal = chainRefusal({
          presented: isWhole ? [random.fill(new Uint8Array(40))] : presented,
          authorities: [root.certificate],
          purpose: 'server',
          wallMs: TODAY_MS,
        });

        assert.ok(refusal !== undefined && refusal.length > 0);
      }
    });
  }

  it('the whole chain is good: only the garbage was refused', () => {
    const presented = [leaf.der, middle.der];

    assert.equal(
      chainRefusal({ presented, authorities: [root.certificate], purpose: 'server', wallMs: TODAY_MS }),
      undefined,
    );
  });
});
