/**
 * One stream over the mesh: a QUIC connection inside data packets with one stream on it (mesh-protocol 6). Raised by
 * the streams actor for a dial, by a stream listener for an arrival. The bytes pass beside the machine; it decides
 * about trust, the first byte, and when the connection is closed: the reference leaves it open for ever.
 */
import { assign, emit, setup } from 'xstate';
import type { SessionFault } from '../../runtime/ports.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import { defineActor } from '../ports.js';
import { streamEffects } from './stream-effects.js';
import { ABORTED, CLOSED_EARLY, HANDSHAKE_TIMEOUT, STOPPED, untrusted } from './stream-faults.js';
import {
  STREAM_IGNORES,
  type StreamContext,
  type StreamInput,
  type StreamMessage,
  type StreamWish,
} from './stream-vocabulary.js';

/** Half of QUIC's own limit, as in the reference: a dial that takes longer will not succeed. */
const HANDSHAKE_WITHIN_MS = 15_000;
/** How long the dialler may wait before its first byte; the reference's accept timeout. */
const FIRST_BYTE_WITHIN_MS = 60_000;
/** How long what was sent may take to be acknowledged after the user has closed. */
const FLUSH_WITHIN_MS = 10_000;
/**
 * How long the connection is kept after both directions have ended. A Go reader loses what it has not read yet when the
 * connection is closed, and nothing tells when it has; the reference keeps the connection for ever.
 */
const LINGER_MS = 30_000;
/** Our own kind reads on after a close: the dialler closes at once, and the acceptor gives it a moment to do so. */
const LINGER_KIN_MS = { dialler: 0, acceptor: 3_000 } as const;
/** QUIC keeps a closed connection for three round trips, so that late packets are understood. */
const DRAIN_WITHIN_MS = 3_000;

/** Application codes of the reference. */
const NORMAL_CLOSE = { code: 0, reason: 'normal close' };
const ABORT = { code: 499, reason: 'aborted' };
const NOT_TRUSTED = { code: 42, reason: 'not trusted' };
const BAD_STREAM = { code: 500, reason: 'Read Data Error' };
const NO_STREAM = { code: 500, reason: 'Accept Timeout' };

const machine = setup({
  types: {
    context: {} as StreamContext,
    events: {} as StreamMessage,
    emitted: {} as StreamWish,
    input: {} as StreamInput,
  },
  guards: {
    isTrusted: (_, refusal: string | undefined) => refusal === undefined,
    isKin: ({ context }) => context.peerKind === 'kin',
  },
  actions: {
    begin: emit(({ context }) => ({ type: 'begin', key: context.key })),
    armHandshake: emit({ type: 'arm-timer', name: 'handshake', delayMs: HANDSHAKE_WITHIN_MS }),
    disarmHandshake: emit({ type: 'disarm-timer', name: 'handshake' }),
    openStream: emit({ type: 'open-stream' }),
    armFirstByte: emit({ type: 'arm-timer', name: 'first-byte', delayMs: FIRST_BYTE_WITHIN_MS }),
    disarmFirstByte: emit({ type: 'disarm-timer', name: 'first-byte' }),
    handOver: emit({ type: 'hand-over' }),
    note: assign((_, fault: SessionFault | undefined) => ({ fault })),
    tellFailed: emit(({ context }) => ({ type: 'tell-failed', fault: context.fault ?? CLOSED_EARLY })),
    tellOver: emit(({ context }) => ({ type: 'tell-over', fault: context.fault })),
    noteKind: assign((_, peerKind: 'kin' | 'foreign') => ({ peerKind })),
    rejectUntrusted: emit({ type: 'close-connection', ...NOT_TRUSTED }),
    rejectMalformed: emit({ type: 'close-connection', ...BAD_STREAM }),
    rejectLate: emit({ type: 'close-connection', ...NO_STREAM }),
    abortConnection: emit({ type: 'close-connection', ...ABORT }),
    closeConnection: emit({ type: 'close-connection', ...NORMAL_CLOSE }),
    armFlush: emit({ type: 'arm-timer', name: 'flush', delayMs: FLUSH_WITHIN_MS }),
    disarmFlush: emit({ type: 'disarm-timer', name: 'flush' }),
    armLinger: emit(({ context }) => ({
      type: 'arm-timer',
      name: 'linger',
      delayMs: context.peerKind === 'kin' ? LINGER_KIN_MS[context.role] : LINGER_MS,
    })),
    disarmLinger: emit({ type: 'disarm-timer', name: 'linger' }),
    armDrain: emit({ type: 'arm-timer', name: 'drain', delayMs: DRAIN_WITHIN_MS }),
  },
}).createMachine({
  id: 'stream',
  context: ({ input }) => ({ ...input, peerKind: 'foreign', fault: undefined }),
  initial: 'opening',
  states: {
    /** Not yet the user's: what goes wrong here fails the dial, or ends an arrival that nobody heard of. */
    opening: {
      initial: 'handshaking',
      on: {
        'connection.lost': {
          target: 'draining',
          actions: [{ type: 'note', params: ({ event }) => event.fault }, 'tellFailed'],
        },
        'peer.unreachable': {
          target: 'closing',
          actions: [{ type: 'note', params: ({ event }) => event.fault }, 'tellFailed'],
        },
        'abort.wanted': { target: 'closing', actions: [{ type: 'note', params: ABORTED }, 'tellFailed'] },
        stop: { target: 'closing', actions: [{ type: 'note', params: STOPPED }, 'tellFailed'] },
      },
      states: {
        handshaking: {
          entry: ['armHandshake', 'begin'],
          exit: 'disarmHandshake',
          on: {
            'handshake.done': [
              {
                guard: { type: 'isTrusted', params: ({ event }) => event.refusal },
                target: 'awaiting',
                actions: { type: 'noteKind', params: ({ event }) => event.peerKind },
              },
              {
                target: '#stream.draining',
                actions: [
                  { type: 'note', params: ({ event }) => untrusted(event.refusal ?? '') },
                  'rejectUntrusted',
                  'tellFailed',
                ],
              },
            ],
            'timer.handshake': {
              target: '#stream.closing',
              actions: [{ type: 'note', params: HANDSHAKE_TIMEOUT }, 'tellFailed'],
            },
          },
        },
        /** Trusted; the stream itself is not yet there. */
        awaiting: {
          entry: ['armFirstByte', 'openStream'],
          exit: 'disarmFirstByte',
          on: {
            'stream.opened': '#stream.open',
            'stream.malformed': { target: '#stream.draining', actions: ['rejectMalformed', 'tellFailed'] },
            'timer.first-byte': { target: '#stream.draining', actions: ['rejectLate', 'tellFailed'] },
          },
        },
      },
    },
    /** The user's. */
    open: {
      entry: 'handOver',
      on: {
        'stream.both-ended': 'lingering',
        'close.wanted': 'flushing',
        'abort.wanted': { target: 'draining', actions: [{ type: 'note', params: ABORTED }, 'abortConnection'] },
        'connection.lost': { target: 'draining', actions: { type: 'note', params: ({ event }) => event.fault } },
        'peer.unreachable': { target: 'closing', actions: { type: 'note', params: ({ event }) => event.fault } },
        stop: { target: 'closing', actions: { type: 'note', params: STOPPED } },
      },
    },
    /** The user has closed; what was sent is still on its way. */
    flushing: {
      entry: 'armFlush',
      exit: 'disarmFlush',
      on: {
        'stream.both-ended': 'closing',
        // A Go reader would lose what has arrived and is not read yet.
        'stream.flushed': { guard: 'isKin', target: 'closing' },
        'timer.flush': 'closing',
        'abort.wanted': { target: 'draining', actions: 'abortConnection' },
        'connection.lost': 'draining',
        'peer.unreachable': 'closing',
        stop: 'closing',
      },
    },
    /** Both directions have ended; the other end may still be reading what has arrived there. */
    lingering: {
      entry: ['tellOver', 'armLinger'],
      exit: 'disarmLinger',
      on: {
        'timer.linger': 'closing',
        'close.wanted': 'closing',
        'abort.wanted': { target: 'draining', actions: 'abortConnection' },
        'connection.lost': 'draining',
        'peer.unreachable': 'closing',
        stop: 'closing',
      },
    },
    closing: { entry: 'closeConnection', always: 'draining' },
    /** The engine says its last words and waits for late packets. */
    draining: {
      entry: ['tellOver', 'armDrain'],
      on: { 'connection.drained': 'over', 'timer.drain': 'over', stop: 'over' },
    },
    over: { type: 'final' },
  },
});

export const streamActor = defineActor({
  kind: 'stream',
  machine,
  messages: {
    'handshake.done': 'answer',
    'stream.opened': 'answer',
    'stream.malformed': 'answer',
    'stream.both-ended': 'answer',
    'stream.flushed': 'answer',
    'close.wanted': 'answer',
    'abort.wanted': 'answer',
    'connection.lost': 'answer',
    'connection.drained': 'answer',
    'peer.unreachable': 'answer',
    'timer.handshake': 'timer',
    'timer.first-byte': 'timer',
    'timer.flush': 'timer',
    'timer.linger': 'timer',
    'timer.drain': 'timer',
    stop: 'system',
  },
  ignores: STREAM_IGNORES,
  needs: ['streamKit'],
  supervision: TELL_PARENT,
  effects: ({ streamKit }, self) => streamEffects(streamKit, self),
});
