import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { describe } from '../errors.js';
import type { SessionFault } from '../ports.js';
import { chainRefusal } from '../security/chain.js';
import { pinRefusal } from '../security/fingerprint.js';
import type { ClientProfile, ServerProfile } from '../security/profile.js';
import { carriers, faultFrom, SEND_BUFFER_BYTES } from './socket.js';

/** For the whole handshake: the same limit as the reference's TLS dial. */
const HANDSHAKE_WITHIN_MS = 15_000;

/** Certificates that are looked at; the chain's own limits are lower. */
const SHOWN_MAX = 16;

/** For peers that speak TLS 1.2 only: what the reference offers, strongest first. */
const CIPHERS_TLS12 = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
].join(':');

/** TLS 1.3 suites, ours in Node's order, and those of TLS 1.2. */
const CIPHERS = `TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:${CIPHERS_TLS12}`;

/** X25519 first; the others for peers of the reference without `mintls13`, which have nothing else. */
const GROUPS = 'X25519:P-256:P-384:P-521';

type Shown = readonly X509Certificate[];

export interface SecureDial {
  readonly profile: ClientProfile;
  /** Whom we mean to reach: what the certificate has to be for. */
  readonly host: string;
}

export interface SecureHandler {
  /** `certificate` is what the other end has shown, as DER. */
  secured(socket: TLSSocket, certificate: Uint8Array | undefined): void;
  failed(fault: SessionFault): void;
}

/** Secures a socket that was accepted, with the profile of now. Exactly one of the handler's ends is called. */
export function secureAccepted(socket: Socket, profileNow: () => ServerProfile, handler: SecureHandler): void {
  const usable = usableProfile(socket, profileNow, handler);
  if (usable === undefined) {
    return;
  }
  const { profile, secureContext } = usable;
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    requestCert: profile.clients === 'certified',
    rejectUnauthorized: false,
    ...BUFFER,
  });
  carriers.set(secure, socket);
  const refusal = (shown: Shown): string | undefined =>
    profile.clients === 'certified' ? clientRefusal(shown, profile) : undefined;
  settle(secure, { event: 'secure', refusal }, handler);
}

/** Secures a socket that was dialled to `host`. Exactly one of the handler's ends is called. */
export function secureDialled(socket: Socket, dial: SecureDial, handler: SecureHandler): void {
  const { profile, host } = dial;
  const usable = usableProfile(socket, () => profile, handler);
  if (usable === undefined) {
    return;
  }
  const secure = connect({
    socket,
    secureContext: usable.secureContext,
    rejectUnauthorized: false,
    // Who the other end is, is judged below: Node would ask for `localhost` where the host is an address.
    checkServerIdentity: () => undefined,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...BUFFER,
  });
  carriers.set(secure, socket);
  settle(secure, { event: 'secureConnect', refusal: (shown) => serverRefusal(shown, secure, dial) }, handler);
}

/** `undefined` when there is no profile, OpenSSL does not take it, or the socket is gone: then the handler was told. */
function usableProfile<P extends ServerProfile | ClientProfile>(
  socket: Socket,
  profileNow: () => P,
  { failed }: SecureHandler,
): { readonly profile: P; readonly secureContext: SecureContext } | undefined {
  if (socket.destroyed) {
    failed({ code: 'tls-closed', text: 'the other end closed before the TLS handshake' });
    return undefined;
  }
  try {
    const profile = profileNow();
    return { profile, secureContext: contextOf(profile) };
  } catch (thrown) {
    // A key that is too short, a certificate of a kind that is not taken any more: nothing that the types tell.
    socket.destroy();
    failed({ code: 'tls-unusable', text: `the TLS configuration cannot be used: ${describe(thrown)}` });
    return undefined;
  }
}

const BUFFER = { highWaterMark: SEND_BUFFER_BYTES };

/** What ends a handshake, and who judges what was shown in it. */
interface Judgement {
  readonly event: 'secure' | 'secureConnect';
  refusal(shown: Shown): string | undefined;
}

function settle(secure: TLSSocket, { event, refusal }: Judgement, handler: SecureHandler): void {
  let isSettled = false;
  const fail = (fault: SessionFault): void => {
    if (!isSettled) {
      isSettled = true;
      clearTimeout(timer);
      secure.destroy();
      handler.failed(fault);
    }
  };
  const timer = setTimeout(() => {
    fail({ code: 'ETIMEDOUT', text: `no TLS handshake within ${HANDSHAKE_WITHIN_MS / 1_000} s` });
  }, HANDSHAKE_WITHIN_MS);
  secure.on('error', (error) => fail(faultFrom(error)));
  const left = (): void => fail({ code: 'tls-closed', text: 'the other end closed during the TLS handshake' });
  secure.once('end', left);
  secure.once('close', left);
  secure.once(event, () => {
    const shown = shownBy(secure);
    const text = refusal(shown);
    if (text !== undefined) {
      fail({ code: 'untrusted', text });
    } else if (!isSettled) {
      isSettled = true;
      clearTimeout(timer);
      secure.off('end', left);
      handler.secured(secure, derOf(shown)[0]);
    }
  });
}

/** Why the client's certificate is not good enough. */
function clientRefusal(shown: Shown, { pins, authorities }: ServerProfile): string | undefined {
  const [leaf] = shown;
  if (leaf === undefined) {
    return "client didn't provide a certificate";
  }
  const refusal = chainRefusal({ presented: derOf(shown), authorities, purpose: 'client', wallMs: Date.now() });
  return refusal === undefined ? pinRefusal(pins, leaf.raw) : `failed to verify certificate: ${refusal}`;
}

function serverRefusal(shown: Shown, secure: TLSSocket, dial: SecureDial): string | undefined {
  const { verification, authorities, pins } = dial.profile;
  const [leaf] = shown;
  if (verification === 'none') {
    return undefined;
  }
  if (leaf === undefined) {
    return 'the server showed no certificate';
  }
  const refusal =
    (authorities === undefined
      ? systemRefusal(secure)
      : chainRefusal({ presented: derOf(shown), authorities, purpose: 'server', wallMs: Date.now() })) ??
    hostRefusal(leaf, dial.host);
  return refusal === undefined ? pinRefusal(pins, leaf.raw) : `failed to verify certificate: ${refusal}`;
}

/** What the other end showed, leaf first. To be asked once: a second call finds nothing (Node 20). */
function shownBy(secure: TLSSocket): Shown {
  const shown: X509Certificate[] = [];
  let next = secure.getPeerX509Certificate();
  while (next !== undefined && shown.length < SHOWN_MAX) {
    shown.push(next);
    next = next.issuerCertificate;
  }
  return shown;
}

function derOf(shown: Shown): readonly Uint8Array[] {
  return shown.map(({ raw }) => new Uint8Array(raw));
}

/** The judgement of OpenSSL over the authorities of this machine. */
function systemRefusal(secure: TLSSocket): string | undefined {
  return secure.authorized ? undefined : reasonOf(secure);
}

/** The common name is no name of a server (RFC 9525, 2): the reference does not look at it either. */
function hostRefusal(certificate: X509Certificate, host: string): string | undefined {
  const isIts = isIP(host) === 0 ? certificate.checkHost(host, NAMES) : certificate.checkIP(host.replace(/%.*/, ''));
  return isIts === undefined
    ? `certificate is valid for ${certificate.subjectAltName ?? 'no name of a server'}, not ${host}`
    : undefined;
}

const NAMES = { subject: 'never', partialWildcards: false } as const;

/** Node's own reason, such as `SELF_SIGNED_CERT_IN_CHAIN`, in words. */
function reasonOf({ authorizationError }: TLSSocket): string {
  const reason: unknown = authorizationError;
  const code = reason instanceof Error ? reason.message : String(reason ?? 'unknown');
  return REASONS.get(code) ?? code.toLowerCase().replaceAll('_', ' ');
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'certificate has expired'],
  ['CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate signed by itself, and by no authority that is trusted here'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate signed by unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'certificate signed by unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate signed by unknown authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate signed by unknown authority'],
  ['INVALID_PURPOSE', 'certificate is not meant for this use'],
]);

/** Made once for each profile: it costs a millisecond, and a profile never changes. */
const contexts = new WeakMap<ServerProfile | ClientProfile, SecureContext>();

function contextOf(profile: ServerProfile | ClientProfile): SecureContext {
  const known = contexts.get(profile);
  if (known !== undefined) {
    return known;
  }
  const { credentials, authorities, minVersion } = profile;
  const context = createSecureContext({
    ...(credentials === undefined ? {} : { cert: credentials.certificatePem, key: credentials.keyPem }),
    ...(authorities === undefined ? {} : { ca: authorities.map((authority) => authority.toString()) }),
    minVersion,
    ciphers: CIPHERS,
    ecdhCurve: GROUPS,
    // Nothing is resumed, so that a certificate which is not good any more is seen at once.
    sessionTimeout: 1,
  });
  contexts.set(profile, context);
  return context;
}
