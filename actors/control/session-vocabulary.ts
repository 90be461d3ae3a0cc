import type { WorkOrigin } from './work-desk.js';

/** What a control session is told and what it asks for: the vocabulary of `session.actor.ts`. */

export type SessionMessage =
  | { readonly type: 'session.attached' }
  | { readonly type: 'session.missing' }
  | { readonly type: 'session.closed' }
  /** A line was read. It stays with the effects: it may hold secrets. */
  | { readonly type: 'line.read' }
  | { readonly type: 'line.too-long' }
  | { readonly type: 'input.ended' }
  /** The command was answered; these are the lines. */
  | { readonly type: 'command.replied'; readonly text: string }
  /** The command wants the rest of the session for itself. */
  | { readonly type: 'command.bridges' }
  | { readonly type: 'command.receives' }
  | { readonly type: 'command.streams' }
  /** All of the unit's standard input was dealt with; this is what the client is told. */
  | { readonly type: 'payload.settled'; readonly text: string }
  | { readonly type: 'stream.refused'; readonly text: string }
  | { readonly type: 'stream.ended'; readonly next: 'close' | 'read' }
  | { readonly type: 'bridge.ended' }
  | { readonly type: 'timer.farewell' }
  | { readonly type: 'stop' };

export type SessionWish =
  | { readonly type: 'attach'; readonly session: number; readonly origin: WorkOrigin }
  | { readonly type: 'read-line' }
  | { readonly type: 'run-command' }
  | { readonly type: 'send-text'; readonly text: string }
  | { readonly type: 'join' }
  | { readonly type: 'receive' }
  | { readonly type: 'stream' }
  | { readonly type: 'hang-up' }
  | { readonly type: 'arm-timer'; readonly name: 'farewell'; readonly delayMs: number };

export interface SessionInput {
  /** Key of the session in the handover. */
  readonly session: number;
  /** A Unix socket needs no signatures. */
  readonly origin: WorkOrigin;
}

/**
 * One thing goes on at a time: each of these answers what one state has asked for, and can come to no other while the
 * session goes on.
 */
export const SESSION_IGNORES = {
  '*': [
    'session.attached',
    'session.missing',
    'line.read',
    'line.too-long',
    'input.ended',
    'command.replied',
    'command.bridges',
    'command.receives',
    'command.streams',
    'payload.settled',
    'stream.refused',
    'stream.ended',
    'bridge.ended',
    'timer.farewell',
  ],
} as const satisfies { readonly [state: string]: readonly SessionMessage['type'][] };
