import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receptorNamesOf } from '../../../../actors/security/receptor-names.js';
import { MeshAuthority } from '../../../support/mesh-certificates.js';

describe('the node ids of a certificate', () => {
  const authority = new MeshAuthority();

  it('are its names of that kind, in their order, and no other names', () => {
    const { der } = authority.sign({ nodeIds: ['s1', 'Zürich'], dnsNames: ['s2', 'localhost'] });

    assert.deepEqual(receptorNamesOf(der), ['s1', 'Zürich']);
  });

  it('are none for a certificate without any, and for what is no certificate', () => {
    assert.deepEqual(receptorNamesOf(authority.der), []);
    assert.deepEqual(receptorNamesOf(new Uint8Array(0)), []);
    assert.deepEqual(receptorNamesOf(new Uint8Array(100).fill(0x30)), []);
  });
});
