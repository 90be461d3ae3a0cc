/**
 * Tells the neighbours about our own links: at once when something changes, then every ten seconds, which is also the
 * keepalive of a Go neighbour (mesh-protocol 2.5, 3.2). One per node. What is wanted within 100 ms is told together.
 */
import { emit, setup } from 'xstate';
import { FRAME_PREFIX_BYTES } from '../../protocol/netceptor/stream-framing.js';
import { defineActor } from '../ports.js';
import { framed } from './framed.js';

/** The least time between two floods. */
const PAUSE_MS = 100;
/**
 * A newcomer learns of everybody from the neighbour that it joined at, if that is of our kind; behind a Go neighbour it
 * waits for this. A mesh that starts is all newcomers: one flood answers them all.
 */
const NEWCOMER_MS = 500;
/** A neighbour of the reference drops a link that was silent for 21 s. */
const REPEAT_MS = 10_000;

export type FlooderMessage =
  | { readonly type: 'flood.wanted' }
  /** Somebody is in the mesh who may not know us. */
  | { readonly type: 'newcomer.seen' }
  /** Another node claims our id; it is told so by an update that names its epoch. */
  | { readonly type: 'duplicate.seen'; readonly epoch: bigint }
  | { readonly type: 'timer.pause' }
  | { readonly type: 'timer.repeat' }
  | { readonly type: 'stop' };

type FlooderWish =
  | { readonly type: 'flood'; readonly suspectedDuplicate: bigint }
  | { readonly type: 'arm-timer'; readonly name: 'pause' | 'repeat'; readonly delayMs: number };

const machine = setup({
  types: { events: {} as FlooderMessage, emitted: {} as FlooderWish },
  actions: {
    flood: emit({ type: 'flood', suspectedDuplicate: 0n }),
    floodSuspicion: emit((_, epoch: bigint) => ({ type: 'flood', suspectedDuplicate: epoch })),
    armPause: emit({ type: 'arm-timer', name: 'pause', delayMs: PAUSE_MS }),
    armNewcomer: emit({ type: 'arm-timer', name: 'repeat', delayMs: NEWCOMER_MS }),
    armRepeat: emit({ type: 'arm-timer', name: 'repeat', delayMs: REPEAT_MS }),
  },
}).createMachine({
  id: 'flooder',
  initial: 'ready',
  on: {
    // An ordinary update follows: until it comes the mesh believes the links of the other one.
    'duplicate.seen': {
      target: '.owing',
      actions: [{ type: 'floodSuspicion', params: ({ event }) => event.epoch }, 'armPause'],
    },
    stop: '.stopped',
  },
  states: {
    ready: {
      on: { 'flood.wanted': 'pausing', 'newcomer.seen': 'greeting', 'timer.repeat': 'pausing' },
    },
    /** A newcomer is there; others may be on their way. */
    greeting: {
      entry: 'armNewcomer',
      on: { 'flood.wanted': 'pausing', 'timer.repeat': 'pausing' },
    },
    /** Told a moment ago. */
    pausing: {
      entry: ['flood', 'armPause', 'armRepeat'],
      on: { 'flood.wanted': 'owing', 'newcomer.seen': 'expecting', 'timer.pause': 'ready' },
    },
    /** Told a moment ago, and a newcomer has come since. */
    expecting: {
      on: { 'flood.wanted': 'owing', 'timer.pause': 'greeting' },
    },
    /** Something has changed since. */
    owing: {
      on: { 'timer.pause': 'pausing' },
    },
    stopped: { type: 'final' },
  },
});

export const flooderActor = defineActor({
  kind: 'flooder',
  machine,
  messages: {
    'flood.wanted': 'answer',
    'newcomer.seen': 'answer',
    'duplicate.seen': 'request',
    'timer.pause': 'timer',
    'timer.repeat': 'timer',
    stop: 'system',
  },
  ignores: {
    // The pause is far shorter than the repeat, which is armed anew with each flood.
    pausing: ['timer.repeat'],
    // One flood will do for all that came before it.
    greeting: ['newcomer.seen', 'timer.pause'],
    expecting: ['newcomer.seen', 'timer.repeat'],
    owing: ['flood.wanted', 'newcomer.seen', 'timer.repeat'],
    ready: ['timer.pause'],
  },
  needs: ['forwarder', 'ownUpdates'],
  effects: ({ forwarder, ownUpdates }) => ({
    // Nothing is flooded to nobody: an update without links would only use up a number.
    flood: ({ suspectedDuplicate }) => {
      if (forwarder.lanes.size === 0) {
        return;
      }
      const frame = framed(ownUpdates.next(suspectedDuplicate));
      for (const lane of forwarder.lanes.values()) {
        lane.pushUrgent(frame, FRAME_PREFIX_BYTES, frame.length);
      }
    },
  }),
});
