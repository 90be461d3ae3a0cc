import type { Secret } from './secret.js';
import type { ClientProfile, ServerProfile } from './security/profile.js';

/** Why a session ended or could not be opened; `code` is the system's (`ECONNREFUSED`) or ours. */
export interface SessionFault {
  readonly code: string;
  readonly text: string;
}

/**
 * What the owner of a session hears.
 * The order is: any number of `bytes`, at most one `ended`, one `closed`; nothing after `closed`, nothing after the
 * owner's own `close()`.
 */
export interface SessionHandler {
  /**
   * Bytes that came. In a `stream` session cut anywhere; in a `message` session exactly one message.
   * The bytes belong to the receiver, who may keep and change them.
   */
  bytes(chunk: Uint8Array): void;
  /** There is room again after `send` returned false. */
  drained(): void;
  /** The far side sends no more (half-close); it may still read. */
  ended(): void;
  /** It is over; `undefined` when it was closed in order. */
  closed(fault: SessionFault | undefined): void;
}

/** A raw two-way connection: TCP, Unix socket, WebSocket, UDP association, or a stream over an overlay. */
export interface Session {
  readonly kind: 'stream' | 'message';
  /** Both ends as people read them; for logs, never parsed. */
  readonly local: string;
  readonly remote: string;
  /** The certificate that the far side has shown, as DER; missing where the transport knows none. */
  readonly peerCertificate?: Uint8Array | undefined;
  /** What was sent and is not yet taken by the system below, in bytes. */
  readonly backlogBytes: number;
  /** Hands everything over from now on; call once, soon: until then nothing is read. */
  attach(handler: SessionHandler): void;
  /**
   * Sends the parts in order; in a `message` session each part is one message. The parts must not be changed afterwards.
   * False: taken, but the backlog is full; wait for `drained`.
   */
  send(parts: readonly Uint8Array[]): boolean;
  /** Sends no more, after all that was sent (half-close). In a `message` session as `close`. */
  end(): void;
  /** Ends both directions now. What is still in the backlog is given a moment to leave. */
  close(): void;
  /** Ends both directions at once and tells the far side that something is wrong, where the transport can. */
  abort(): void;
  /** Stops and resumes reading: back-pressure. */
  pause(): void;
  resume(): void;
}

/** Where to dial or to listen. */
export type SessionAddress =
  | { readonly transport: 'tcp'; readonly host: string; readonly portNumber: number }
  | { readonly transport: 'udp'; readonly host: string; readonly portNumber: number }
  /** WebSocket over HTTP/1.1; `path` begins with a slash. Whether it is secured is in the options, as for TCP. */
  | { readonly transport: 'ws'; readonly host: string; readonly portNumber: number; readonly path: string }
  | { readonly transport: 'unix'; readonly path: string };

export interface ListenOptions {
  /** For Unix sockets: the mode of the socket file. */
  readonly mode?: number;
  /** For TCP and WebSocket: TLS with this profile. Asked for each session anew, so that a renewed one counts at once. */
  readonly secure?: () => ServerProfile;
}

/** An HTTP proxy that opens a way by CONNECT (RFC 9110, 9.3.6). */
export interface ProxyAddress {
  readonly host: string;
  readonly portNumber: number;
  /** `user:password`, for the basic scheme (RFC 7617). */
  readonly credentials?: Secret<string>;
}

export interface DialOptions {
  /** For TCP and WebSocket: TLS with this profile. */
  readonly secure?: ClientProfile;
  /** For TCP and WebSocket: the way out. */
  readonly proxy?: ProxyAddress;
  /** For WebSocket: more headers of the request. */
  readonly headers?: Secret<readonly (readonly [name: string, value: string])[]>;
}

/** A place where sessions arrive. */
export interface Listener {
  /** As bound: the port number is the real one when 0 was asked for. */
  readonly address: SessionAddress;
  /** Takes no more; sessions that were accepted live on. `done` is called when the place is free again. */
  close(done: () => void): void;
}

export interface ListenHandler {
  opened(listener: Listener): void;
  accepted(session: Session): void;
  /** Somebody came and did not get as far as a session: a certificate that is not good enough, a greeting that is none. */
  refused?(remote: string, fault: SessionFault): void;
  /** It could not be opened, or it broke; no session comes any more. */
  failed(fault: SessionFault): void;
}

export interface DialHandler {
  opened(session: Session): void;
  failed(fault: SessionFault): void;
}

/** The outside as sessions. Exactly one of a handler's ends is called, unless the returned function gives up first. */
export interface SessionPort {
  /** Returns what gives up: then no function of `handler` is called any more, and nothing stays open. */
  dial(address: SessionAddress, handler: DialHandler, options?: DialOptions): () => void;
  /** Returns what gives up or closes, whichever is due; `done` is called when the place is free. */
  listen(address: SessionAddress, options: ListenOptions, handler: ListenHandler): (done: () => void) => void;
}

/** What the machine is like. */
export interface HostFacts {
  readonly hostName: string;
  readonly cpuCount: number;
  readonly memoryMiB: number;
}
