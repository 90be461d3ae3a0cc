import type { SessionFault } from '../../runtime/ports.js';

/** What a stream is told, what it asks for, and what it keeps in mind: the vocabulary of `stream.actor.ts`. */

export type StreamMessage =
  | ({ readonly type: 'handshake.done' } & HandshakeResult)
  /** Bytes may pass: the dialler has opened the stream, or the acceptor has read its first byte. */
  | { readonly type: 'stream.opened' }
  /** What came first on the stream is not what Receptor sends first (mesh-protocol 6). */
  | { readonly type: 'stream.malformed' }
  | { readonly type: 'stream.both-ended' }
  /** The user has closed, and all that it sent has arrived. */
  | { readonly type: 'stream.flushed' }
  | { readonly type: 'close.wanted' }
  | { readonly type: 'abort.wanted' }
  | { readonly type: 'connection.lost'; readonly fault: SessionFault | undefined }
  | { readonly type: 'connection.drained' }
  /** The other node says that the service is not there, or nobody knows the way to it. */
  | { readonly type: 'peer.unreachable'; readonly fault: SessionFault }
  | { readonly type: 'timer.handshake' }
  | { readonly type: 'timer.first-byte' }
  | { readonly type: 'timer.flush' }
  | { readonly type: 'timer.linger' }
  | { readonly type: 'timer.drain' }
  | { readonly type: 'stop' };

/** What the handshake has shown of the other end. */
export interface HandshakeResult {
  /** Why it is not trusted. */
  readonly refusal: string | undefined;
  /** Our own kind reads on after a close; Go does not. */
  readonly peerKind: 'kin' | 'foreign';
}

export type StreamWish =
  | { readonly type: 'begin'; readonly key: number }
  | { readonly type: 'open-stream' }
  | { readonly type: 'hand-over' }
  | { readonly type: 'tell-failed'; readonly fault: SessionFault }
  | { readonly type: 'tell-over'; readonly fault: SessionFault | undefined }
  | { readonly type: 'close-connection'; readonly code: number; readonly reason: string }
  | { readonly type: 'arm-timer'; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: TimerName };

type TimerName = 'handshake' | 'first-byte' | 'flush' | 'linger' | 'drain';

export interface StreamInput {
  readonly role: 'dialler' | 'acceptor';
  /** Where the effects find the connection, the user and the names. */
  readonly key: number;
}

export interface StreamContext extends StreamInput {
  readonly peerKind: 'kin' | 'foreign';
  readonly fault: SessionFault | undefined;
}

/** The timers of each state are disarmed when it is left. */
const TIMERS = ['timer.handshake', 'timer.first-byte', 'timer.flush', 'timer.linger', 'timer.drain'] as const;

/** What the connection tells only while it begins. */
const BEGINNING = ['handshake.done', 'stream.opened', 'stream.malformed'] as const;

/** What can come to a state and means nothing there. */
export const STREAM_IGNORES = {
  '*': TIMERS,
  // Before there is a stream nobody can end it; and what was lost is told before it is drained.
  opening: ['close.wanted', 'stream.both-ended', 'stream.flushed', 'connection.drained'],
  'opening.handshaking': ['stream.opened', 'stream.malformed'],
  'opening.awaiting': ['handshake.done'],
  open: [...BEGINNING, 'stream.flushed', 'connection.drained'],
  // A user who has closed may close once more.
  flushing: [...BEGINNING, 'close.wanted', 'connection.drained'],
  lingering: [...BEGINNING, 'stream.both-ended', 'stream.flushed', 'connection.drained'],
  // Whatever comes while the engine says its last words.
  draining: [
    ...BEGINNING,
    'close.wanted',
    'abort.wanted',
    'connection.lost',
    'peer.unreachable',
    'stream.both-ended',
    'stream.flushed',
  ],
} as const satisfies { readonly [state: string]: readonly StreamMessage['type'][] };
