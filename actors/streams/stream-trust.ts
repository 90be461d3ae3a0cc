import type { NodeId } from '../../protocol/names.js';
import type { SessionFault } from '../../runtime/ports.js';
import type { Identity } from '../../runtime/quic/engine.js';
import { nodeIdentity } from '../../runtime/quic/node-keys.js';
import { chainRefusal } from '../../runtime/security/chain.js';
import { pinRefusal } from '../../runtime/security/fingerprint.js';
import type { Credentials } from '../../runtime/security/profile.js';
import { receptorNamesOf } from '../security/receptor-names.js';
import type { NamesCheck, NodeClientProfile, NodeServerProfile } from '../security/security-profiles.js';
import { INSECURE_COMMON_NAME, insecureRefusal } from './insecure-trust.js';
import type { StreamKit } from './stream-kit.js';

type Chain = readonly Uint8Array[];
type TrustKit = Pick<StreamKit, 'clock' | 'crypto' | 'security'>;

/** How a dialler proves itself, and whom it takes. */
export interface DialTrust {
  readonly identity: Identity | undefined;
  /** Why what the acceptor showed is refused; `undefined` when it is good. */
  refusalOf(chain: Chain): string | undefined;
}

/** How an acceptor proves itself, and whom it takes. */
export interface ListenTrust {
  readonly identity: Identity;
  readonly clientAuthentication: 'none' | 'required';
  /** As for a dialler; `node` is where the packets say that they come from. */
  refusalOf(chain: Chain, node: NodeId): string | undefined;
}

/**
 * The trust of a dial (mesh-protocol 6). With a profile the acceptor has to be the very node that was dialled, by the
 * node id in its certificate; without one it has to have no profile either.
 */
export function dialTrust(kit: TrustKit, node: NodeId, tls: string | undefined): DialTrust | SessionFault {
  if (tls === undefined) {
    return { identity: undefined, refusalOf: (chain) => insecureRefusal(kit.crypto, chain) };
  }
  const profile = kit.security.findClient(tls);
  if (profile === undefined) {
    return { code: 'invalid-configuration', text: `unknown TLS config ${tls}` };
  }
  return {
    identity: profile.credentials === undefined ? undefined : identityOf(profile.credentials),
    refusalOf: (chain) => (profile.verification === 'none' ? undefined : serverRefusal(kit, profile, { chain, node })),
  };
}

/** The trust of a listener with the profile as it is now; without one everybody may come. */
export function listenTrust(kit: TrustKit, profile: NodeServerProfile | undefined): ListenTrust {
  if (profile === undefined) {
    const identity = kit.crypto.identity(INSECURE_COMMON_NAME);
    return { identity, clientAuthentication: 'none', refusalOf: () => undefined };
  }
  const isCertified = profile.clients === 'certified';
  return {
    identity: identityOf(profile.credentials),
    clientAuthentication: isCertified ? 'required' : 'none',
    refusalOf: (chain, node) => (isCertified ? clientRefusal(kit, profile, { chain, node }) : undefined),
  };
}

/** Who showed what. */
interface Shown {
  readonly chain: Chain;
  readonly node: NodeId;
}

function serverRefusal(kit: TrustKit, profile: NodeClientProfile, shown: Shown): string | undefined {
  const question = {
    presented: shown.chain,
    authorities: profile.authorities ?? [],
    purpose: 'server',
    wallMs: kit.clock.wallMs(),
  } as const;
  return chainRefusal(question) ?? leafRefusal(profile, shown);
}

function clientRefusal(kit: TrustKit, profile: NodeServerProfile, shown: Shown): string | undefined {
  const { authorities } = profile;
  const question = { presented: shown.chain, authorities, purpose: 'client', wallMs: kit.clock.wallMs() } as const;
  return chainRefusal(question) ?? leafRefusal(profile, shown);
}

function leafRefusal(
  { pins, names }: { readonly pins: NodeServerProfile['pins']; readonly names: NamesCheck },
  { chain: [leaf = new Uint8Array(0)], node }: Shown,
): string | undefined {
  return pinRefusal(pins, leaf) ?? (names === 'checked' ? nameRefusal(leaf, node) : undefined);
}

/** Why a certificate does not speak for a node; exact, case counts. */
export function nameRefusal(certificate: Uint8Array, node: NodeId): string | undefined {
  const names = receptorNamesOf(certificate);
  return names.includes(node)
    ? undefined
    : `nodeID=${node} not found in certificate name(s); names found=[${names.join(' ')}]`;
}

/** Keys are looked at once. */
const identities = new WeakMap<Credentials, Identity>();

function identityOf(credentials: Credentials): Identity {
  const known = identities.get(credentials);
  if (known !== undefined) {
    return known;
  }
  const identity = nodeIdentity({ certificates: credentials.certificatePem, key: credentials.keyPem });
  identities.set(credentials, identity);
  return identity;
}
