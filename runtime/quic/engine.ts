/**
 * The stream engine: QUIC v1 and TLS 1.3 without sockets, clocks or keys of its own.
 *
 * The layer above owns the datagrams and the timer. For each connection it pumps in this order:
 * `endpoint.receive` for every datagram that came, `connection.poll` once, streams read and written,
 * `connection.transmit` until it is done, and one timer armed for `connection.timeoutAt`.
 *
 * Nothing happens between two calls, and the same host with the same calls gives the same bytes.
 */

/** Signature schemes of TLS 1.3 that the engine uses, by their names in RFC 8446, 4.2.3. */
export type SignatureScheme =
  | 'ed25519'
  | 'ecdsa_secp256r1_sha256'
  | 'ecdsa_secp384r1_sha384'
  | 'ecdsa_secp521r1_sha512'
  | 'rsa_pss_rsae_sha256'
  | 'rsa_pss_rsae_sha384'
  | 'rsa_pss_rsae_sha512';

/** Kinds of private keys that an identity can have. */
export type KeyKind = 'ed25519' | 'ecdsa-p256' | 'ecdsa-p384' | 'ecdsa-p521' | 'rsa';

/** A private key that stays where it is; the engine only asks for signatures. */
export interface SigningKey {
  readonly kind: KeyKind;
  /**
   * The signature over `message`, in the form of RFC 8446, 4.2.3 (ECDSA as DER), at most 1,024 bytes.
   * May throw: the handshake then fails, and nothing else.
   */
  sign(scheme: SignatureScheme, message: Uint8Array): Uint8Array;
}

/** Who we are in a handshake. */
export interface Identity {
  /** Certificates as DER, leaf first, at most 16. */
  readonly chain: readonly Uint8Array[];
  /** The key of the leaf. */
  readonly key: SigningKey;
}

/** One signature to check. */
export interface SignatureCheck {
  readonly scheme: SignatureScheme;
  /** The signer's certificate as DER. It comes from the peer and may be anything. */
  readonly certificate: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Everything that the engine needs from outside. In the simulation time and chance are pretended. */
export interface EngineHost {
  /** Microseconds, whole, never running backwards. Where they start does not matter. */
  monotonicMicros(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Fills `target` with random bytes: connection ids, TLS randoms and key shares come from here. */
  fillRandom(target: Uint8Array): void;
  /**
   * Whether the certificate's key made the signature. Must tie the kind of key to the scheme, as TLS 1.3 does:
   * `ecdsa_secp256r1_sha256` is P-256 and nothing else. A throw means no.
   */
  verifySignature(check: SignatureCheck): boolean;
}

/** Why a connection ended without our asking for it. */
export type Loss =
  /** The peer's application closed it. */
  | { readonly kind: 'application-closed'; readonly code: number; readonly reason: string }
  /**
   * QUIC or TLS closed it: `by` says on whose side. `alert` is the TLS alert where the code is a CRYPTO_ERROR
   * (0x100 to 0x1ff, RFC 9001, 4.8).
   */
  | {
      readonly kind: 'transport-closed';
      readonly by: 'peer' | 'us';
      readonly code: number;
      readonly alert: number | undefined;
      readonly reason: string;
    }
  /** Nothing was heard for the idle time, or the handshake took too long. */
  | { readonly kind: 'timed-out' }
  /** The peer does not know the connection any more. */
  | { readonly kind: 'reset' }
  /** The peer speaks no version of QUIC that we speak. */
  | { readonly kind: 'version-mismatch' }
  /** The engine instance broke. Connections of other instances are untouched. */
  | { readonly kind: 'engine-fault'; readonly reason: string };

/** What a connection tells the layer above. `stream` is the id of a stream. */
export type ConnectionEvent =
  /** The handshake is done. Look at `peerChain`, then `approve` or `reject`. */
  | { readonly type: 'connected' }
  /** The peer opened one or more streams: accept until there is none. */
  | { readonly type: 'streams-opened' }
  /** The peer allows more streams than before: opening one may succeed now. */
  | { readonly type: 'streams-available' }
  /** Something new came in: read until it is blocked. */
  | { readonly type: 'readable'; readonly stream: number }
  /** A write that came back short may be continued. */
  | { readonly type: 'writable'; readonly stream: number }
  /** All that was written, and the end, was acknowledged by the peer. */
  | { readonly type: 'finished'; readonly stream: number }
  /** The peer does not want what we write. The engine has reset our direction with the peer's code. */
  | { readonly type: 'stopped'; readonly stream: number; readonly code: number }
  /** At most once. What was received before can still be read until the connection is drained. */
  | { readonly type: 'lost'; readonly loss: Loss }
  /** The last event: the engine has forgotten the connection. */
  | { readonly type: 'drained' };

/** What a read brought. */
export type ReadResult =
  | { readonly type: 'data'; readonly count: number }
  /** Nothing is there; a `readable` event will follow. */
  | { readonly type: 'blocked' }
  /** The peer's end; all its bytes were read. */
  | { readonly type: 'finished' }
  /** The peer gave up its direction. */
  | { readonly type: 'reset'; readonly code: number };

/** Figures of one connection. */
export interface ConnectionStatistics {
  readonly datagramsSent: number;
  readonly datagramsReceived: number;
  /** QUIC packets that were taken for lost. */
  readonly packetsLost: number;
  /** Bytes. */
  readonly congestionWindow: number;
  /** Microseconds. */
  readonly roundTripMicros: number;
  /** Bytes of the largest datagram that is sent now. */
  readonly datagramSize: number;
}
