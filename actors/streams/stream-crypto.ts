import type { Clock } from '../../runtime/clock.js';
import { commonNamesOf } from '../../runtime/quic/certificate-names.js';
import { nodeEngineHost } from '../../runtime/quic/node-host.js';
import { ed25519KeyFromSeed } from '../../runtime/quic/node-keys.js';
import { EnginePool } from '../../runtime/quic/pool.js';
import { selfSignedIdentity } from '../../runtime/quic/self-signed.js';
import type { Random } from '../../runtime/random.js';
import type { StreamCrypto } from './stream-kit.js';

const SEED_BYTES = 32;
const SERIAL_BYTES = 16;

const MINUTE_MS = 60_000;
/** The reference's lives for a day and is never renewed; nobody looks. Ours outlives every process. */
const LIFETIME_MS = 10 * 365 * 24 * 60 * MINUTE_MS;

/**
 * Keys, certificates and engines of one node, all from its clock and its chance: in the simulation the same seed gives
 * the same bytes. Ed25519 is made in no time, is accepted by Go, and signs without chance (decision 12).
 */
export function streamCrypto(clock: Clock, random: Random): StreamCrypto {
  return {
    pool: () => new EnginePool(nodeEngineHost(clock, random.split('engine'))),
    identity: (commonName) =>
      selfSignedIdentity({
        commonName,
        key: ed25519KeyFromSeed(random.fill(new Uint8Array(SEED_BYTES))),
        serial: random.fill(new Uint8Array(SERIAL_BYTES)),
        notBeforeMs: clock.wallMs() - MINUTE_MS,
        notAfterMs: clock.wallMs() + LIFETIME_MS,
      }),
    commonNames: commonNamesOf,
  };
}
