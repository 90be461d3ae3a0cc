import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NameTable } from '../../../../actors/mesh/name-table.js';
import { hashName } from '../../../../protocol/hash.js';
import { FAR, HERE, nodeId } from '../node-parts.js';

describe('a name table', () => {
  it('turns a name into its hash, and knows it from then on', () => {
    const names = new NameTable();
    const { hi, lo } = hashName(FAR);
    assert.equal(names.nameOf(hi, lo), undefined);

    assert.deepEqual(names.hashOf(FAR), { hi, lo });
    assert.equal(names.nameOf(hi, lo), FAR);
    assert.equal(names.hashOf(FAR), names.hashOf(FAR), 'it is computed once');
    assert.equal(names.size, 1);
  });

  it('keeps names apart', () => {
    const names = new NameTable();
    const [here, far] = [names.hashOf(HERE), names.hashOf(FAR)];

    assert.equal(names.nameOf(here.hi, here.lo), HERE);
    assert.equal(names.nameOf(far.hi, far.lo), FAR);
    assert.equal(names.nameOf(here.hi, far.lo), undefined);
  });

  it('forgets a name, and may learn it anew', () => {
    const names = new NameTable();
    const { hi, lo } = names.hashOf(FAR);

    names.forget(FAR);
    names.forget(HERE);

    assert.equal(names.nameOf(hi, lo), undefined);
    assert.equal(names.size, 0);
    assert.deepEqual(names.hashOf(FAR), { hi, lo });
    assert.equal(names.nameOf(hi, lo), FAR);
  });

  it('holds no more than its limit, and forgets what was not learned for longest', () => {
    const names = new NameTable();
    const { hi, lo } = names.learn(HERE);
    const old = names.hashOf(nodeId('old'));
    for (let at = 0; at < 100_000 - 2; at += 1) {
      names.hashOf(nodeId(`invented-${at}`));
    }
    assert.equal(names.nameOf(old.hi, old.lo), 'old');

    names.learn(HERE);
    const far = names.hashOf(FAR);

    assert.equal(names.size, 100_000);
    assert.equal(names.nameOf(far.hi, far.lo), FAR);
    assert.equal(names.nameOf(hi, lo), HERE);
    assert.equal(names.nameOf(old.hi, old.lo), undefined);
  });
});
