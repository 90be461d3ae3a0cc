/**
 * One client of the control service: greets, reads a line, carries it out, answers, reads the next (control-and-work
 * 1.2). Raised by the control server for each session, whether it came over a socket or over the mesh. `connect`,
 * `work submit` and `work results` take the rest of the session for themselves.
 */
import { emit, setup } from 'xstate';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import { defineActor } from '../ports.js';
import { sessionEffects } from './session-effects.js';
import { SESSION_IGNORES, type SessionInput, type SessionMessage, type SessionWish } from './session-vocabulary.js';

/** What is said to a client whose line does not end. */
const TOO_LONG = 'ERROR: the line is too long\n';

/** How long a client may take to read what was said last and to close. */
const FAREWELL_MS = 60_000;

const machine = setup({
  types: {
    context: {} as SessionInput,
    events: {} as SessionMessage,
    emitted: {} as SessionWish,
    input: {} as SessionInput,
  },
  actions: {
    attach: emit(({ context }) => ({ type: 'attach', session: context.session, origin: context.origin })),
    readLine: emit({ type: 'read-line' }),
    runCommand: emit({ type: 'run-command' }),
    sendText: emit((_, text: string) => ({ type: 'send-text', text })),
    join: emit({ type: 'join' }),
    receive: emit({ type: 'receive' }),
    stream: emit({ type: 'stream' }),
    hangUp: emit({ type: 'hang-up' }),
    armFarewell: emit({ type: 'arm-timer', name: 'farewell', delayMs: FAREWELL_MS }),
  },
  guards: {
    readsOn: (_, next: 'close' | 'read') => next === 'read',
  },
}).createMachine({
  id: 'control-session',
  context: ({ input }) => input,
  initial: 'attaching',
  on: {
    'session.closed': '.over',
    stop: '.over',
  },
  states: {
    /** Takes the session and greets. */
    attaching: {
      entry: 'attach',
      on: { 'session.attached': 'reading', 'session.missing': 'over' },
    },
    /** Waits for a line. */
    reading: {
      entry: 'readLine',
      on: {
        'line.read': { target: 'running', actions: 'runCommand' },
        'line.too-long': { target: 'closing', actions: { type: 'sendText', params: TOO_LONG } },
        'input.ended': 'closing',
      },
    },
    /** Carries a command out; the client is not read meanwhile. */
    running: {
      on: {
        'command.replied': { target: 'reading', actions: { type: 'sendText', params: ({ event }) => event.text } },
        'command.bridges': 'bridging',
        'command.receives': 'receiving',
        'command.streams': 'streaming',
      },
    },
    /** Joined with a stream of the mesh. */
    bridging: {
      entry: 'join',
      on: { 'bridge.ended': 'over' },
    },
    /**
     * Stores the standard input of a unit, up to the client's end. Whatever comes of it, no command follows: what a
     * client still sends after an error is more of that input.
     */
    receiving: {
      entry: 'receive',
      on: {
        'payload.settled': { target: 'closing', actions: { type: 'sendText', params: ({ event }) => event.text } },
      },
    },
    /** Sends the output of a unit. */
    streaming: {
      entry: 'stream',
      on: {
        'stream.refused': { target: 'reading', actions: { type: 'sendText', params: ({ event }) => event.text } },
        'stream.ended': [
          { guard: { type: 'readsOn', params: ({ event }) => event.next }, target: 'reading' },
          { target: 'closing' },
        ],
      },
    },
    /** We have said all; the client reads it and closes. A Go client would lose what we cut off (mesh-protocol 6). */
    closing: {
      entry: ['hangUp', 'armFarewell'],
      on: { 'timer.farewell': 'over' },
    },
    over: { type: 'final' },
  },
});

export const sessionActor = defineActor({
  kind: 'control-session',
  machine,
  messages: {
    'session.attached': 'answer',
    'session.missing': 'answer',
    'session.closed': 'answer',
    'line.read': 'answer',
    'line.too-long': 'answer',
    'input.ended': 'answer',
    'command.replied': 'answer',
    'command.bridges': 'answer',
    'command.receives': 'answer',
    'command.streams': 'answer',
    'payload.settled': 'answer',
    'stream.refused': 'answer',
    'stream.ended': 'answer',
    'bridge.ended': 'answer',
    'timer.farewell': 'timer',
    stop: 'system',
  },
  ignores: SESSION_IGNORES,
  needs: ['node', 'facts', 'version', 'handover', 'lineBudget', 'security', 'streams', 'work'],
  supervision: TELL_PARENT,
  effects: sessionEffects,
});
