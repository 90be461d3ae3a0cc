import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { U64 } from '../../../protocol/bytes.js';
import { hashBytes, hashName } from '../../../protocol/hash.js';
import { fromHex, wireFixture } from '../../support/wire-vectors.js';

interface HashVector {
  readonly name: string;
  readonly name_utf8_hex: string;
  readonly hash_hex_big_endian_as_on_wire: string;
  readonly hash_uint64_decimal: string;
}

const vectors = wireFixture<{ names: HashVector[]; byte_sweep: HashVector[] }>('highwayhash.json');

function decimal({ hi, lo }: U64): string {
  return String((BigInt(hi) << 32n) | BigInt(lo));
}

test('hashes the 25 captured names as the reference does', () => {
  assert.equal(vectors.names.length, 25);
  for (const vector of vectors.names) {
    assert.equal(decimal(hashName(vector.name)), vector.hash_uint64_decimal, vector.name);
  }
});

test('hashes byte strings of every length from 0 to 70 as the reference does', () => {
  assert.deepEqual(
    vectors.byte_sweep.map((vector) => vector.name_utf8_hex.length / 2),
    [...Array(71).keys()],
  );
  for (const vector of vectors.byte_sweep) {
    const { hi, lo } = hashBytes(fromHex(vector.name_utf8_hex));
    const hex = hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0');
    assert.equal(hex, vector.hash_hex_big_endian_as_on_wire);
  }
});

test('one hash does not depend on the one before', () => {
  const first = hashName('a');

  hashName('x'.repeat(70));

  assert.deepEqual(hashName('a'), first);
});
