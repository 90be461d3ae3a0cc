import { assign, emit, setup } from 'xstate';
import { actorsOver } from '../../runtime/define-actor.js';
import type { Message, ReplyTo } from '../../runtime/message.js';
import type { ChildEnded } from '../../runtime/self.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';

/** What the sample actors may reach of the outside. */
export interface SamplePorts {
  readonly lamp: Lamp;
}

/** A pretended device with something to leave open. */
export interface Lamp {
  /** Returns what switches it off. */
  switchOn(name: string): () => void;
}

/** A lamp that remembers what is on. */
export class SampleLamp implements Lamp {
  readonly #on = new Set<string>();

  switchOn(name: string): () => void {
    this.#on.add(name);
    return () => {
      this.#on.delete(name);
    };
  }

  leftOpen(): readonly string[] {
    return Array.from(this.#on, (name) => `lamp ${name}`);
  }
}

export const defineSample = actorsOver<SamplePorts>();

type TallyMessage =
  | { readonly type: 'tally.add'; readonly amount: number }
  | { readonly type: 'tally.ask'; readonly replyTo: ReplyTo }
  | { readonly type: 'tally.freeze' }
  | { readonly type: 'timer.report' }
  | { readonly type: 'stop' };

type TallyWish =
  | { readonly type: 'arm-timer'; readonly name: string; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: string }
  | { readonly type: 'reply'; readonly to: ReplyTo; readonly value: unknown }
  | { readonly type: 'switch-on' };

const tallyMachine = setup({
  types: {
    context: {} as { readonly sum: number },
    input: {} as { readonly start: number },
    events: {} as TallyMessage,
    emitted: {} as TallyWish,
  },
  guards: {
    isSmall: ({ event }) => event.type === 'tally.add' && event.amount < 100,
  },
  actions: {
    add: assign({ sum: ({ context, event }) => context.sum + (event.type === 'tally.add' ? event.amount : 0) }),
    switchOn: emit({ type: 'switch-on' }),
    armReport: emit({ type: 'arm-timer', name: 'report', delayMs: 1_000 }),
    disarmReport: emit({ type: 'disarm-timer', name: 'report' }),
    answerSum: emit(({ context, event }) => ({
      type: 'reply',
      to: (event as { readonly replyTo: ReplyTo }).replyTo,
      value: context.sum,
    })),
  },
}).createMachine({
  context: ({ input }) => ({ sum: input.start }),
  initial: 'counting',
  states: {
    counting: {
      entry: ['switchOn', 'armReport'],
      on: {
        'tally.add': { guard: 'isSmall', actions: 'add' },
        'tally.ask': { actions: 'answerSum' },
        'tally.freeze': { target: 'frozen', actions: 'disarmReport' },
        'timer.report': { actions: 'armReport' },
        stop: 'ended',
      },
    },
    frozen: {
      on: {
        'tally.ask': { actions: 'answerSum' },
        stop: 'ended',
      },
    },
    ended: { type: 'final' },
  },
});

/** A flat sample: counts, answers, and may be frozen. */
export const tally = defineSample({
  kind: 'tally',
  machine: tallyMachine,
  messages: {
    'tally.add': 'request',
    'tally.ask': 'request',
    'tally.freeze': 'request',
    'timer.report': 'timer',
    stop: 'system',
  },
  ignores: { frozen: ['tally.add', 'tally.freeze', 'timer.report'] },
  needs: ['lamp'],
  effects: ({ lamp }, self) => ({
    'switch-on': () => {
      self.own('lamp', lamp.switchOn(self.address));
    },
  }),
  supervision: TELL_PARENT,
});

type ShopMessage =
  | { readonly type: 'shop.open' }
  | { readonly type: 'shop.close' }
  | { readonly type: 'customer.came'; readonly name: string }
  | { readonly type: 'customer.paid' }
  | ChildEnded
  | { readonly type: 'stop' };

type ShopWish =
  | { readonly type: 'raise-counter' }
  | { readonly type: 'raise-customer'; readonly name: string }
  | { readonly type: 'arm-timer'; readonly name: string; readonly delayMs: number };

const shopMachine = setup({
  types: {
    context: {} as { readonly served: number },
    events: {} as ShopMessage | { readonly type: 'timer.closing' },
    emitted: {} as ShopWish,
  },
  actions: {
    raiseCounter: emit({ type: 'raise-counter' }),
    raiseCustomer: emit(({ event }) => ({
      type: 'raise-customer',
      name: event.type === 'customer.came' ? event.name : '',
    })),
    countServed: assign({ served: ({ context }) => context.served + 1 }),
    armClosing: emit({ type: 'arm-timer', name: 'closing', delayMs: 60_000 }),
  },
}).createMachine({
  context: { served: 0 },
  initial: 'shut',
  states: {
    shut: {
      on: { 'shop.open': 'open', 'shop.close': {}, stop: 'ended' },
    },
    open: {
      initial: 'idle',
      entry: ['raiseCounter', 'armClosing'],
      on: {
        'shop.close': 'shut',
        'timer.closing': 'shut',
        'child.ended': {},
        stop: 'ended',
      },
      states: {
        idle: { on: { 'customer.came': { target: 'serving', actions: 'raiseCustomer' } } },
        serving: { on: { 'customer.paid': { target: 'idle', actions: 'countServed' } } },
      },
    },
    ended: { type: 'final' },
  },
});

/** A nested sample: a shop that raises children while it is open. */
export const shop = defineSample({
  kind: 'shop',
  machine: shopMachine,
  messages: {
    'shop.open': 'request',
    'shop.close': 'request',
    'customer.came': 'request',
    'customer.paid': 'request',
    'timer.closing': 'timer',
    'child.ended': 'system',
    stop: 'system',
  },
  ignores: {
    shut: ['customer.came', 'customer.paid', 'timer.closing', 'child.ended'],
    open: ['shop.open'],
    'open.idle': ['customer.paid'],
    'open.serving': ['customer.came'],
  },
  needs: ['lamp'],
  effects: ({ lamp }, self) => ({
    'raise-counter': () => {
      self.own('sign', lamp.switchOn('sign'));
    },
    'raise-customer': ({ name }) => {
      self.raise(tally, name, { start: 0 });
    },
  }),
});

/** Any message at all, for tests that send what a definition does not know. */
export function message(type: string, fields: Readonly<Record<string, unknown>> = {}): Message {
  return { type, ...fields };
}
