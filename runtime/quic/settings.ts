import type { Identity } from './engine.js';

/** Settings of a connection that both roles have. What is left out has the default named here. */
export interface ConnectionSettings {
  /**
   * ALPN, the most wanted first: 1 to 8 names of 1 to 255 bytes. Both ends must have one in common; of several the
   * listener's order decides (RFC 7301).
   */
  readonly protocols: readonly string[];
  /** The smaller one of both ends counts. Default 30,000 (RFC 9308, 3.2). */
  readonly idleTimeoutMs?: number;
  /** For the whole handshake. Default 30,000. */
  readonly handshakeTimeoutMs?: number;
  /** Bidirectional streams that the peer may have open at once. Default 1. */
  readonly peerStreams?: number;
  /** Bytes that the peer may send ahead of our reading on one stream. Default 1 MiB. */
  readonly streamWindow?: number;
  /** The same for all streams together. Default 1.25 MiB, so that one slow stream does not block a second one. */
  readonly connectionWindow?: number;
  /** Bytes that we keep until they are acknowledged; more is not accepted by `write`. Default 1 MiB. */
  readonly sendWindow?: number;
  /** Bytes of a datagram to begin with. Default 1,200, which every path of QUIC carries. */
  readonly initialDatagram?: number;
  /** Bytes of a datagram that we say we can receive. Default 65,527, the most that UDP carries. */
  readonly announcedDatagram?: number;
  /**
   * How large a datagram the connection looks for, by probing, up to what the peer announced. A path that begins to
   * swallow large datagrams is noticed, and 1,200 used again. Default 0: no search.
   */
  readonly discoveryLimit?: number;
}

/** Settings of a connection that we dial. */
export interface DialSettings extends ConnectionSettings {
  /** Shown where the listener asks for it. Default none. */
  readonly identity?: Identity;
  /** Ping after this silence; 0 is never. The listener relies on the dialler for it. Default 15,000. */
  readonly keepAliveMs?: number;
}

/** Settings of a listener. */
export interface ListenSettings extends ConnectionSettings {
  readonly identity: Identity;
  /** Whether clients are asked for a certificate, and whether they may have none. Default none. */
  readonly clientAuthentication?: 'none' | 'requested' | 'required';
  /**
   * Handshakes at once. Beyond it an Initial gets no answer; the dialler sends it again a little later. Default 256:
   * a flood of greetings then holds some 5 MB, and 16 MB more if all of them stay unfinished on purpose.
   */
  readonly halfOpenLimit?: number;
  /** Connections at once. Beyond it an Initial is refused. Default 4,096. */
  readonly connectionLimit?: number;
}

/** What the defaults above say, in one place. */
export const DEFAULTS = {
  idleTimeoutMs: 30_000,
  handshakeTimeoutMs: 30_000,
  keepAliveMs: 15_000,
  peerStreams: 1,
  streamWindow: 1_048_576,
  connectionWindow: 1_310_720,
  sendWindow: 1_048_576,
  initialDatagram: 1_200,
  announcedDatagram: 65_527,
  discoveryLimit: 0,
  halfOpenLimit: 256,
  connectionLimit: 4_096,
} as const;

/** Bytes of the largest datagram that a connection of these settings can send. */
export function largestDatagram(settings: ConnectionSettings): number {
  const initial = settings.initialDatagram ?? DEFAULTS.initialDatagram;
  return Math.max(initial, settings.discoveryLimit ?? DEFAULTS.discoveryLimit);
}
