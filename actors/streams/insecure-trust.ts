import type { StreamCrypto } from './stream-kit.js';

/**
 * The trust of streams without a TLS profile: no chain, but the self-made certificate must carry this very name, so
 * that a dial without a profile does not reach a service that has one (mesh-protocol 6).
 */
export const INSECURE_COMMON_NAME = 'netceptor-insecure-common-name';

/** Why the chain that an acceptor showed is refused; `undefined` when it is good. */
export function insecureRefusal(crypto: StreamCrypto, chain: readonly Uint8Array[]): string | undefined {
  const isKnown = chain.some((certificate) => crypto.commonNames(certificate).includes(INSECURE_COMMON_NAME));
  return isKnown ? undefined : 'insecure connection to secure service';
}
