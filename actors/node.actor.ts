/**
 * The root: raises the parts of the node in order, each after the one before it is ready, and lowers them in reverse
 * (its scope does that). A part that cannot start ends the start; nothing is left half-started. Of two nodes with one
 * id the later one stops itself here (mesh-protocol 3.2).
 */
import { assign, emit, setup } from 'xstate';
import { type Address, childAddress } from '../runtime/address.js';
import type { SessionAddress, SessionFault } from '../runtime/ports.js';
import type { ChildEnded } from '../runtime/self.js';
import { TELL_PARENT } from '../runtime/supervisor.js';
import { NODE } from './addresses.js';
import { defineActor } from './ports.js';
import { duplicateNode, nodeStarted, partFailed, partReady } from './topics.js';

/** A part that takes longer to be ready will not be. */
const PART_WITHIN_MS = 30_000;

export type NodeMessage =
  | { readonly type: 'part.ready'; readonly part: Address }
  | {
      readonly type: 'part.failed';
      readonly part: Address;
      readonly address: SessionAddress | undefined;
      readonly fault: SessionFault;
    }
  | { readonly type: 'duplicate.found' }
  | ChildEnded
  | { readonly type: 'timer.part' }
  | { readonly type: 'stop' };

type NodeWish =
  | { readonly type: 'hear-parts' }
  | { readonly type: 'raise-part'; readonly index: number }
  | { readonly type: 'tell-started' }
  | { readonly type: 'arm-timer'; readonly name: 'part'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'part' };

export interface NodeInput {
  /** The names of the parts, in the order of their start. */
  readonly parts: readonly string[];
}

/** Why the node is over: the output of its machine. */
export type NodeEnd =
  | { readonly type: 'stopped' }
  | { readonly type: 'duplicate' }
  /** A part that the node cannot do without failed again and again. */
  | { readonly type: 'failed'; readonly code: string; readonly text: string }
  | {
      readonly type: 'start-failed';
      readonly part: string;
      readonly address: SessionAddress | undefined;
      readonly fault: SessionFault;
    };

interface NodeContext extends NodeInput {
  /** The part that is being started. */
  readonly index: number;
  readonly end: NodeEnd;
}

type Blame = { readonly address: SessionAddress | undefined; readonly fault: SessionFault };

const LATE: Blame = {
  address: undefined,
  fault: { code: 'ETIMEDOUT', text: `not ready within ${PART_WITHIN_MS / 1_000} s` },
};

const machine = setup({
  types: {
    context: {} as NodeContext,
    events: {} as NodeMessage,
    emitted: {} as NodeWish,
    input: {} as NodeInput,
    output: {} as NodeEnd,
  },
  guards: {
    isLast: ({ context }) => context.index + 1 >= context.parts.length,
    /** A part that was ready before may lose its place and find it again; it is not the one that is waited for. */
    isOther: ({ context }, part: Address) => part !== childAddress(NODE, context.parts[context.index] ?? ''),
  },
  actions: {
    hearParts: emit({ type: 'hear-parts' }),
    raisePart: emit(({ context }) => ({ type: 'raise-part', index: context.index })),
    armPart: emit({ type: 'arm-timer', name: 'part', delayMs: PART_WITHIN_MS }),
    disarmPart: emit({ type: 'disarm-timer', name: 'part' }),
    nextPart: assign({ index: ({ context }) => context.index + 1 }),
    tellStarted: emit({ type: 'tell-started' }),
    blame: assign(({ context }, { address, fault }: Blame) => ({
      end: { type: 'start-failed' as const, part: context.parts[context.index] ?? '', address, fault },
    })),
    noteDuplicate: assign({ end: { type: 'duplicate' as const } }),
  },
}).createMachine({
  id: 'node',
  context: ({ input }) => ({ ...input, index: 0, end: { type: 'stopped' } }),
  initial: 'starting',
  output: ({ context }) => context.end,
  entry: 'hearParts',
  on: {
    'duplicate.found': { target: '.ended', actions: 'noteDuplicate' },
    stop: '.ended',
  },
  states: {
    starting: {
      entry: ['raisePart', 'armPart'],
      exit: 'disarmPart',
      on: {
        'part.ready': [
          { guard: { type: 'isOther', params: ({ event }) => event.part } },
          { guard: 'isLast', target: 'running' },
          { target: 'starting', reenter: true, actions: 'nextPart' },
        ],
        'part.failed': [
          { guard: { type: 'isOther', params: ({ event }) => event.part } },
          {
            target: 'ended',
            actions: { type: 'blame', params: ({ event }) => ({ address: event.address, fault: event.fault }) },
          },
        ],
        'child.ended': {
          target: 'ended',
          actions: { type: 'blame', params: ({ event }) => ({ address: undefined, fault: faultOf(event) }) },
        },
        'timer.part': { target: 'ended', actions: { type: 'blame', params: LATE } },
      },
    },
    running: {
      entry: 'tellStarted',
    },
    ended: { type: 'final' },
  },
});

function faultOf(ended: ChildEnded): SessionFault {
  const { outcome } = ended;
  return outcome.type === 'failed'
    ? { code: outcome.code, text: outcome.text }
    : { code: 'part-ended', text: `it ended (${outcome.type})` };
}

export const nodeActor = defineActor({
  kind: 'node',
  machine,
  messages: {
    'part.ready': 'answer',
    'part.failed': 'answer',
    'duplicate.found': 'answer',
    'child.ended': 'system',
    'timer.part': 'timer',
    stop: 'system',
  },
  ignores: {
    // A listener that loses its place tries again by itself; a dialer told not to redial ends.
    running: ['part.ready', 'part.failed', 'child.ended', 'timer.part'],
  },
  needs: ['parts'],
  stopWithinMs: 30_000,
  supervision: { ...TELL_PARENT, onFailure: 'stop' },
  effects: ({ parts }, self) => ({
    'hear-parts': () => {
      self.hear(partReady, ({ part }) => ({ type: 'part.ready', part }));
      self.hear(partFailed, ({ part, address, fault }) => ({ type: 'part.failed', part, address, fault }));
      self.hear(duplicateNode, ({ weHaveToGo }) => (weHaveToGo ? { type: 'duplicate.found' } : undefined));
    },
    'raise-part': ({ index }) => {
      const part = parts[index];
      const address = part?.raise(self);
      if (part !== undefined && address !== undefined && !part.waits) {
        self.answer({ type: 'part.ready', part: address });
      }
    },
    'tell-started': () => self.publish(nodeStarted, {}),
  }),
});
