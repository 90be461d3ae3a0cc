import assert from 'node:assert/strict';
import type { NodeClientProfile, NodeServerProfile } from '../../../../actors/security/security-profiles.js';
import { type Credentials, credentialsFrom } from '../../../../runtime/security/profile.js';
import { MeshAuthority, type MeshPair, type Wanted } from '../../../support/mesh-certificates.js';

/** Who signs in tests that do not say it. */
export const AUTHORITY = new MeshAuthority();

export function credentialsOf({ certificatePem, keyPem }: MeshPair): Credentials {
  const read = credentialsFrom(certificatePem, keyPem);
  assert.ok(read.ok);
  return read.value;
}

/** A profile whose certificate says what is wanted. */
export function serverProfile(more: Partial<NodeServerProfile> = {}, wanted: Wanted = {}): NodeServerProfile {
  return {
    credentials: credentialsOf(AUTHORITY.sign(wanted)),
    names: 'checked',
    minVersion: 'TLSv1.3',
    pins: [],
    clients: 'certified',
    authorities: [AUTHORITY.certificate],
    ...more,
  };
}

/** As `serverProfile`, to dial with. */
export function clientProfile(more: Partial<NodeClientProfile> = {}, wanted: Wanted = {}): NodeClientProfile {
  return {
    credentials: credentialsOf(AUTHORITY.sign(wanted)),
    names: 'checked',
    minVersion: 'TLSv1.3',
    pins: [],
    verification: 'full',
    authorities: [AUTHORITY.certificate],
    ...more,
  };
}
