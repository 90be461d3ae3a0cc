/**
 * Keeps one outbound peer: dials, raises a link on the session, waits for its end, dials again, for ever.
 * Raised by the node, once for each configured peer. The delay grows with each attempt that led to nothing and starts
 * afresh once a link has lasted; so a pair that disagrees does not meet every few seconds for ever.
 */
import { assign, emit, setup } from 'xstate';
import type { Session, SessionAddress, SessionFault } from '../../runtime/ports.js';
import type { Owned } from '../../runtime/scope.js';
import type { ChildEnded } from '../../runtime/self.js';
import { defineActor } from '../ports.js';
import { dialFailed, peerGivenUp } from '../topics.js';
import { DELAY_JITTER, type LinkEnd, linkEnd, linkEndText, redialDelayMs, refusedDelayMs } from './dial-rules.js';
import { type DialWay, dialOptions } from './dial-way.js';
import { linkActor } from './link.actor.js';
import type { LinkPolicy } from './link-rules.js';

/** A dial that takes longer will not succeed: the same limit as the reference's TLS dial. */
const DIAL_DEADLINE_MS = 15_000;

/** A link that lasted this long was a real one. */
const LASTING_MS = 10_000;

/** Enough attempts to be at the limit: the exponent need not grow further. */
const ATTEMPTS_COUNTED = 64;

export type DialerMessage =
  | { readonly type: 'dial.opened'; readonly session: number }
  | { readonly type: 'dial.failed'; readonly fault: SessionFault }
  | ChildEnded
  | { readonly type: 'timer.deadline' }
  | { readonly type: 'timer.redial' }
  | { readonly type: 'timer.lasting' }
  | { readonly type: 'stop' };

type DialerWish =
  | { readonly type: 'dial'; readonly address: SessionAddress; readonly way: DialWay }
  | { readonly type: 'give-up-dial' }
  | { readonly type: 'turn-away'; readonly session: number }
  | { readonly type: 'raise-link'; readonly session: number; readonly policy: LinkPolicy }
  | {
      readonly type: 'tell-failed';
      readonly address: SessionAddress;
      readonly fault: SessionFault;
      readonly willRetry: boolean;
    }
  | { readonly type: 'tell-given-up'; readonly address: SessionAddress }
  | {
      readonly type: 'arm-timer';
      readonly name: 'deadline' | 'redial' | 'lasting';
      readonly delayMs: number;
      readonly jitter?: number;
    }
  | { readonly type: 'disarm-timer'; readonly name: 'deadline' | 'lasting' };

export interface DialerInput {
  readonly address: SessionAddress;
  readonly way: DialWay;
  /** Dial again after a failure or a loss. */
  readonly redial: boolean;
  readonly link: LinkPolicy;
}

interface DialerContext extends DialerInput {
  /** Attempts since the last link that lasted. */
  readonly attempts: number;
  readonly lastError: string | undefined;
  /** How the last attempt or link ended. */
  readonly lastEnd: LinkEnd;
}

const TIMED_OUT: SessionFault = { code: 'ETIMEDOUT', text: `no connection within ${DIAL_DEADLINE_MS / 1_000} s` };

const machine = setup({
  types: {
    context: {} as DialerContext,
    events: {} as DialerMessage,
    emitted: {} as DialerWish,
    input: {} as DialerInput,
  },
  guards: {
    mayNotRedial: ({ context }) => !context.redial,
    wasRefused: ({ context }) => context.lastEnd === 'refused',
  },
  actions: {
    dial: emit(({ context }) => ({ type: 'dial', address: context.address, way: context.way })),
    giveUpDial: emit({ type: 'give-up-dial' }),
    armDeadline: emit({ type: 'arm-timer', name: 'deadline', delayMs: DIAL_DEADLINE_MS }),
    disarmDeadline: emit({ type: 'disarm-timer', name: 'deadline' }),
    armLasting: emit({ type: 'arm-timer', name: 'lasting', delayMs: LASTING_MS }),
    disarmLasting: emit({ type: 'disarm-timer', name: 'lasting' }),
    armRedial: emit(({ context }) => ({
      type: 'arm-timer',
      name: 'redial',
      delayMs: redialDelayMs(context.attempts),
      jitter: DELAY_JITTER,
    })),
    armRefused: emit(({ context }) => ({
      type: 'arm-timer',
      name: 'redial',
      delayMs: refusedDelayMs(context.attempts),
      jitter: DELAY_JITTER,
    })),
    countAttempt: assign({ attempts: ({ context }) => Math.min(ATTEMPTS_COUNTED, context.attempts + 1) }),
    forgetAttempts: assign({ attempts: 0, lastError: undefined }),
    noteError: assign((_, text: string) => ({ lastError: text, lastEnd: 'failed' as const })),
    noteLinkEnd: assign((_, end: ChildEnded) => ({ lastError: linkEndText(end), lastEnd: linkEnd(end) })),
    raiseLink: emit(({ context }, session: number) => ({ type: 'raise-link', session, policy: context.link })),
    tellFailed: emit(({ context }, fault: SessionFault) => ({
      type: 'tell-failed',
      address: context.address,
      fault,
      willRetry: context.redial,
    })),
    turnAway: emit((_, session: number) => ({ type: 'turn-away', session })),
    tellGivenUp: emit(({ context }) => ({ type: 'tell-given-up', address: context.address })),
  },
}).createMachine({
  id: 'dialer',
  context: ({ input }) => ({ ...input, attempts: 0, lastError: undefined, lastEnd: 'failed' }),
  initial: 'dialing',
  states: {
    dialing: {
      entry: ['countAttempt', 'dial', 'armDeadline'],
      exit: 'disarmDeadline',
      on: {
        'dial.opened': { target: 'linked', actions: { type: 'raiseLink', params: ({ event }) => event.session } },
        'dial.failed': {
          target: 'deciding',
          actions: [
            { type: 'noteError', params: ({ event }) => event.fault.text },
            { type: 'tellFailed', params: ({ event }) => event.fault },
          ],
        },
        'timer.deadline': {
          target: 'deciding',
          actions: [
            'giveUpDial',
            { type: 'noteError', params: TIMED_OUT.text },
            { type: 'tellFailed', params: TIMED_OUT },
          ],
        },
        stop: { target: 'stopped', actions: 'giveUpDial' },
      },
    },
    linked: {
      entry: 'armLasting',
      exit: 'disarmLasting',
      on: {
        'timer.lasting': { actions: 'forgetAttempts' },
        'child.ended': {
          target: 'deciding',
          actions: { type: 'noteLinkEnd', params: ({ event }) => event },
        },
        stop: 'stopped',
      },
    },
    deciding: {
      always: [
        { guard: 'mayNotRedial', target: 'resigned' },
        { guard: 'wasRefused', target: 'waiting', actions: 'armRefused' },
        { target: 'waiting', actions: 'armRedial' },
      ],
    },
    waiting: {
      on: {
        'dial.opened': { actions: { type: 'turnAway', params: ({ event }) => event.session } },
        'timer.redial': 'dialing',
        stop: 'stopped',
      },
    },
    resigned: {
      entry: 'tellGivenUp',
      on: {
        'dial.opened': { actions: { type: 'turnAway', params: ({ event }) => event.session } },
        stop: 'stopped',
      },
    },
    stopped: { type: 'final' },
  },
});

export const dialerActor = defineActor({
  kind: 'dialer',
  machine,
  messages: {
    'dial.opened': 'answer',
    'dial.failed': 'answer',
    'child.ended': 'system',
    'timer.deadline': 'timer',
    'timer.redial': 'timer',
    'timer.lasting': 'timer',
    stop: 'system',
  },
  ignores: {
    // A dial ends once, a link once, and each timer belongs to one state.
    dialing: ['child.ended', 'timer.redial', 'timer.lasting'],
    linked: ['dial.opened', 'dial.failed', 'timer.deadline', 'timer.redial'],
    // A dial that fails in the very moment in which it is given up has failed already.
    waiting: ['dial.failed', 'child.ended', 'timer.deadline', 'timer.lasting'],
    resigned: ['dial.failed', 'child.ended', 'timer.deadline', 'timer.lasting', 'timer.redial'],
  },
  needs: ['sessions', 'security', 'handover', 'node'],
  effects: ({ sessions, security, handover, node }, self) => {
    let dialing: Owned | undefined;
    let links = 0;
    return {
      dial: ({ address, way }) => {
        const heard = {
          opened: (session: Session): void => {
            dialing?.release();
            self.answer({ type: 'dial.opened', session: handover.put(self, session) });
          },
          failed: (fault: SessionFault): void => {
            dialing?.release();
            self.answer({ type: 'dial.failed', fault });
          },
        };
        const giveUp = sessions.dial(address, heard, dialOptions(way, security));
        dialing = self.own('dial', giveUp);
      },
      'give-up-dial': () => dialing?.close(),
      'turn-away': ({ session }) => handover.take(session)?.abort(),
      'raise-link': ({ session, policy }) => {
        links += 1;
        const { id, idleLimitMs } = node;
        self.raise(linkActor, `link-${links}`, { session, self: id, policy, idleLimitMs });
      },
      'tell-failed': ({ address, fault, willRetry }) => self.publish(dialFailed, { address, fault, willRetry }),
      'tell-given-up': ({ address }) => self.publish(peerGivenUp, { address }),
    };
  },
});
