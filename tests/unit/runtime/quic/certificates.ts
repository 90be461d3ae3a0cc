import { readFileSync } from 'node:fs';
import type { Identity } from '../../../../runtime/quic/engine.js';
import { nodeIdentity } from '../../../../runtime/quic/node-keys.js';

const FOLDER = new URL('../../../../../fixtures/certificates/', import.meta.url);

/** The certificate file of a fixture as text. */
export function certificatePem(name: string): string {
  return readFileSync(new URL(`${name}.crt.pem`, FOLDER), 'utf8');
}

/** The key file of a fixture as text. */
export function keyPem(name: string): string {
  return readFileSync(new URL(`${name}.key.pem`, FOLDER), 'utf8');
}

/** A fixture as an identity. */
export function fixtureIdentity(name: string): Identity {
  return nodeIdentity({ certificates: certificatePem(name), key: keyPem(name) });
}
