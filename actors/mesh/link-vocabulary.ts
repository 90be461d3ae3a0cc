import type { NodeId } from '../../protocol/names.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import { RuntimeError } from '../../runtime/errors.js';
import type { SessionFault } from '../../runtime/ports.js';
import type { LinkEndCode } from '../topics.js';
import { endText, type LinkKnowledge, type LinkPolicy, type PeerKind } from './link-rules.js';

/** What a link is told, what it asks for, and what it keeps in mind: the vocabulary of `link.actor.ts`. */

export type LinkMessage =
  | { readonly type: 'update.received'; readonly update: RouteUpdate }
  /** `reason` is what a node of our kind says; a Go node says none. */
  | { readonly type: 'reject.received'; readonly reason: string | undefined }
  | { readonly type: 'session.closed'; readonly fault: SessionFault | undefined }
  | { readonly type: 'session.missing' }
  | { readonly type: 'router.started' }
  | { readonly type: 'claim.granted' }
  | { readonly type: 'claim.refused' }
  | { readonly type: 'silence.measured'; readonly silentMs: number }
  | { readonly type: 'timer.greet' }
  | { readonly type: 'timer.greeting' }
  | { readonly type: 'timer.pulse' }
  | { readonly type: 'stop' };

export type LinkWish =
  | { readonly type: 'attach'; readonly session: number }
  | { readonly type: 'greet' }
  | { readonly type: 'claim'; readonly peer: NodeId }
  | { readonly type: 'open'; readonly peer: NodeId; readonly cost: number }
  | { readonly type: 'announce'; readonly peer: NodeId; readonly cost: number }
  | { readonly type: 'pass-update'; readonly update: RouteUpdate }
  | { readonly type: 'measure-silence' }
  | { readonly type: 'probe' }
  | { readonly type: 'tell-suspect'; readonly peer: NodeId; readonly silentMs: number }
  | { readonly type: 'send-reject'; readonly reason: string }
  | { readonly type: 'tell-closed'; readonly result: LinkResult }
  | { readonly type: 'arm-timer'; readonly name: 'greet' | 'greeting' | 'pulse'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'greet' | 'greeting' };

export interface LinkInput {
  /** Key of the session in the handover. */
  readonly session: number;
  readonly self: NodeId;
  readonly policy: LinkPolicy;
  /** A neighbour that is silent for longer is gone. */
  readonly idleLimitMs: number;
}

/** How the link ended: the output of its machine, for the dialer or listener that raised it. */
export interface LinkResult {
  readonly code: LinkEndCode;
  readonly text: string;
  readonly peer: NodeId | undefined;
}

/** Plain data; the session itself lives in the effects. */
export interface LinkContext extends LinkInput, LinkKnowledge {
  readonly peerKind: PeerKind;
  readonly result: LinkResult;
}

/** The neighbour's id, in states that are reached only by its greeting. */
export function peerOf(context: LinkContext): NodeId {
  if (context.peer === undefined) {
    throw new RuntimeError('invalid-use', 'a link that has not been greeted knows no peer');
  }
  return context.peer;
}

/** How a link ends, for the context. */
export function ended(context: LinkContext, code: LinkEndCode, detail?: string): Pick<LinkContext, 'result'> {
  return { result: { code, text: endText(code, context, detail), peer: context.peer } };
}

/** The update that a message brings; for guards and actions of transitions that only such a message takes. */
export function updateIn(message: LinkMessage): RouteUpdate {
  if (message.type !== 'update.received') {
    throw new RuntimeError('invalid-use', `${message.type} brings no update`);
  }
  return message.update;
}

/** As `updateIn`, for a measured silence, in milliseconds. */
export function silentMsIn(message: LinkMessage): number {
  if (message.type !== 'silence.measured') {
    throw new RuntimeError('invalid-use', `${message.type} brings no silence`);
  }
  return message.silentMs;
}

/** Why the session is over, as far as its end says so. */
export function faultTextIn(message: LinkMessage): string | undefined {
  return message.type === 'session.closed' ? message.fault?.text : undefined;
}

/** Why the neighbour rejects us, as far as it says so. */
export function reasonIn(message: LinkMessage): string | undefined {
  return message.type === 'reject.received' ? message.reason : undefined;
}
