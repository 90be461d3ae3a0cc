import type { DialOptions, ProxyAddress } from '../../runtime/ports.js';
import type { Secret } from '../../runtime/secret.js';
import { PLAIN_CLIENT } from '../../runtime/security/profile.js';
import type { SecurityProfiles } from '../security/security-profiles.js';

/** How a peer is reached, beside its address. */
export interface DialWay {
  /** `none`, TLS with the authorities of this machine, or the `tls-client` of that name. */
  readonly security: 'none' | 'system' | { readonly tls: string };
  readonly proxy?: ProxyAddress;
  /** More headers of a WebSocket's request. */
  readonly headers?: Secret<readonly (readonly [name: string, value: string])[]>;
}

export const PLAIN_WAY: DialWay = { security: 'none' };

/** What a dial is told, with the profile as it is now. */
export function dialOptions({ security, proxy, headers }: DialWay, profiles: SecurityProfiles): DialOptions {
  return {
    ...(security === 'none' ? {} : { secure: security === 'system' ? PLAIN_CLIENT : profiles.client(security.tls) }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(headers === undefined ? {} : { headers }),
  };
}
