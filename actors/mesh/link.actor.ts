/**
 * One neighbour: a session that greets, agrees on who and at what cost, carries traffic, and ends (mesh-protocol 2).
 * Raised by a dialer or a listener on a fresh session. The router hears of it when it is established and when it is
 * over. Liveness is received traffic; a neighbour of our own kind is asked for a sign of life before it is given up.
 */
import { assign, emit, setup } from 'xstate';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import { defineActor } from '../ports.js';
import { linkEffects } from './link-effects.js';
import {
  GREET_EVERY_MS,
  GREETING_WITHIN_MS,
  greeted,
  greetingRefusal,
  meaningOf,
  PULSE_KIN_MS,
  PULSE_MS,
  silenceOf,
  withUpdate,
} from './link-rules.js';
import {
  ended,
  faultTextIn,
  type LinkContext,
  type LinkInput,
  type LinkMessage,
  type LinkResult,
  type LinkWish,
  peerOf,
  reasonIn,
  silentMsIn,
  updateIn,
} from './link-vocabulary.js';

const machine = setup({
  types: {
    context: {} as LinkContext,
    events: {} as LinkMessage,
    emitted: {} as LinkWish,
    input: {} as LinkInput,
    output: {} as LinkResult,
  },
  guards: {
    isUnwanted: ({ context, event }) => greetingRefusal(context, updateIn(event)) !== undefined,
    isOutdated: ({ context, event }) => meaningOf(context, updateIn(event)) === 'outdated',
    listsUs: ({ context, event }) => meaningOf(context, updateIn(event)) === 'lists-us',
    omitsUs: ({ context, event }) => meaningOf(context, updateIn(event)) === 'omits-us',
    changesId: ({ context, event }) => meaningOf(context, updateIn(event)) === 'id-changed',
    disagrees: ({ context, event }) => meaningOf(context, updateIn(event)) === 'cost-differs',
    isDead: ({ context, event }) => silenceOf(context, silentMsIn(event)) === 'dead',
    isSuspect: ({ context, event }) => silenceOf(context, silentMsIn(event)) === 'suspect',
    isQuiet: ({ context, event }) => silenceOf(context, silentMsIn(event)) === 'quiet',
  },
  actions: {
    attach: emit(({ context }) => ({ type: 'attach', session: context.session })),
    greet: emit({ type: 'greet' }),
    armGreet: emit({ type: 'arm-timer', name: 'greet', delayMs: GREET_EVERY_MS }),
    armGreeting: emit({ type: 'arm-timer', name: 'greeting', delayMs: GREETING_WITHIN_MS }),
    disarmGreet: emit({ type: 'disarm-timer', name: 'greet' }),
    disarmGreeting: emit({ type: 'disarm-timer', name: 'greeting' }),
    notePeer: assign(({ context, event }) => greeted(context, updateIn(event))),
    claim: emit(({ context }) => ({ type: 'claim', peer: peerOf(context) })),
    open: emit(({ context }) => ({ type: 'open', peer: peerOf(context), cost: context.cost })),
    announce: emit(({ context }) => ({ type: 'announce', peer: peerOf(context), cost: context.cost })),
    noteUpdate: assign(({ context, event }) => withUpdate(context, updateIn(event))),
    passUpdate: emit(({ event }) => ({ type: 'pass-update', update: updateIn(event) })),
    armPulse: emit(({ context }) => ({
      type: 'arm-timer',
      name: 'pulse',
      delayMs: context.peerKind === 'kin' ? PULSE_KIN_MS : PULSE_MS,
    })),
    measureSilence: emit({ type: 'measure-silence' }),
    probe: emit({ type: 'probe' }),
    tellSuspect: emit(({ context, event }) => ({
      type: 'tell-suspect',
      peer: peerOf(context),
      silentMs: silentMsIn(event),
    })),
    sendReject: emit(({ context }) => ({ type: 'send-reject', reason: context.result.text })),
    noteLoss: assign(({ context, event }) => ended(context, 'lost', faultTextIn(event))),
    noteSilence: assign(({ context }) => ended(context, 'silent')),
    noteNoGreeting: assign(({ context }) => ended(context, 'no-greeting')),
    noteUnwanted: assign(({ context, event }) =>
      ended(context, greetingRefusal(context, updateIn(event)) ?? 'refused-not-allowed'),
    ),
    noteConnectedAlready: assign(({ context }) => ended(context, 'refused-connected-already')),
    noteIdChanged: assign(({ context }) => ended(context, 'refused-id-changed')),
    noteNotListed: assign(({ context }) => ended(context, 'refused-not-listed')),
    noteCost: assign(({ context, event }) =>
      ended(context, 'refused-cost', `${updateIn(event).connections.get(context.self)}`),
    ),
    noteRejected: assign(({ context, event }) => ended(context, 'rejected-by-peer', reasonIn(event))),
    noteStopped: assign(({ context }) => ended(context, 'stopped')),
    tellClosed: emit(({ context }) => ({ type: 'tell-closed', result: context.result })),
  },
}).createMachine({
  id: 'link',
  context: ({ input }) => ({
    ...input,
    peer: undefined,
    latest: undefined,
    cost: input.policy.cost,
    peerKind: 'unknown',
    result: { code: 'lost', text: 'the session was gone before it was read', peer: undefined },
  }),
  initial: 'greeting',
  output: ({ context }) => context.result,
  on: {
    'session.missing': '.closed',
    'session.closed': { target: '.closed', actions: 'noteLoss' },
    'reject.received': { target: '.closed', actions: 'noteRejected' },
    stop: { target: '.closed', actions: 'noteStopped' },
  },
  states: {
    greeting: {
      entry: ['attach', 'greet', 'armGreet', 'armGreeting'],
      exit: ['disarmGreet', 'disarmGreeting'],
      on: {
        'timer.greet': { actions: ['greet', 'armGreet'] },
        'timer.greeting': { target: 'closed', actions: 'noteNoGreeting' },
        'update.received': [
          { guard: 'isUnwanted', target: 'refusing', actions: ['notePeer', 'noteUnwanted'] },
          { target: 'claiming', actions: 'notePeer' },
        ],
      },
    },
    claiming: {
      entry: 'claim',
      on: {
        'claim.granted': 'established',
        'claim.refused': { target: 'refusing', actions: 'noteConnectedAlready' },
      },
    },
    established: {
      entry: ['announce', 'open', 'armPulse'],
      initial: 'unconfirmed',
      on: {
        'update.received': [
          { guard: 'isOutdated' },
          { guard: 'changesId', target: 'refusing', actions: 'noteIdChanged' },
          { guard: 'disagrees', target: 'refusing', actions: 'noteCost' },
          { guard: 'omitsUs', target: 'refusing', actions: 'noteNotListed' },
          { actions: ['noteUpdate', 'passUpdate'] },
        ],
        'router.started': { actions: 'announce' },
        'timer.pulse': { actions: 'measureSilence' },
        'silence.measured': [
          { guard: 'isDead', target: 'closed', actions: 'noteSilence' },
          { guard: 'isQuiet', actions: ['probe', 'armPulse'] },
          { actions: 'armPulse' },
        ],
      },
      states: {
        /** The neighbour has not yet told that it counts us among its links; its late greetings mean nothing. */
        unconfirmed: {
          on: {
            'update.received': [
              { guard: 'omitsUs' },
              { guard: 'listsUs', target: 'confirmed', actions: ['noteUpdate', 'passUpdate'] },
            ],
          },
        },
        confirmed: {
          on: { 'silence.measured': { guard: 'isSuspect', target: 'suspect', actions: 'tellSuspect' } },
        },
        /** It has not answered: asked once more at every pulse. */
        suspect: {
          entry: ['probe', 'armPulse'],
          on: {
            'silence.measured': [
              { guard: 'isDead', target: '#link.closed', actions: 'noteSilence' },
              { guard: 'isSuspect', actions: ['probe', 'armPulse'] },
              { target: 'confirmed', actions: 'armPulse' },
            ],
          },
        },
      },
    },
    refusing: { entry: 'sendReject', always: 'closed' },
    closed: { type: 'final', entry: 'tellClosed' },
  },
});

export const linkActor = defineActor({
  kind: 'link',
  machine,
  messages: {
    'update.received': 'request',
    'reject.received': 'answer',
    'session.closed': 'answer',
    'session.missing': 'answer',
    'router.started': 'answer',
    'claim.granted': 'answer',
    'claim.refused': 'answer',
    'silence.measured': 'answer',
    'timer.greet': 'timer',
    'timer.greeting': 'timer',
    'timer.pulse': 'timer',
    stop: 'system',
  },
  ignores: {
    // Heard, measured and asked for only once the link is established.
    greeting: ['router.started', 'silence.measured', 'timer.pulse', 'claim.granted', 'claim.refused'],
    // The wire holds back what comes behind the greeting; the timers of the greeting are disarmed.
    claiming: ['update.received', 'router.started', 'silence.measured', 'timer.pulse', 'timer.greet', 'timer.greeting'],
    established: ['timer.greet', 'timer.greeting', 'claim.granted', 'claim.refused'],
  },
  needs: ['handover', 'turn', 'clock', 'forwarder', 'ownUpdates', 'seenUpdates'],
  supervision: TELL_PARENT,
  effects: linkEffects,
});
