import { assign, emit, setup } from 'xstate';
import { systemClock, systemScheduler } from '../../runtime/clock.js';
import { actorsOver } from '../../runtime/define-actor.js';
import type { ReplyTo } from '../../runtime/message.js';
import { seededRandom } from '../../runtime/random.js';
import { System } from '../../runtime/system.js';
import type { Row } from './row.js';

type CounterMessage =
  | { readonly type: 'count' }
  | { readonly type: 'count.read'; readonly replyTo: ReplyTo }
  | { readonly type: 'stop' };

type CounterWish = { readonly type: 'counted' } | { readonly type: 'tell'; readonly replyTo: ReplyTo };

const machine = setup({
  types: { context: {} as { count: number }, events: {} as CounterMessage, emitted: {} as CounterWish },
  actions: {
    count: assign({ count: ({ context }) => context.count + 1 }),
    counted: emit({ type: 'counted' }),
    tell: emit((_, replyTo: ReplyTo) => ({ type: 'tell', replyTo })),
  },
}).createMachine({
  id: 'counter',
  context: { count: 0 },
  initial: 'counting',
  states: {
    counting: {
      on: {
        count: { actions: ['count', 'counted'] },
        'count.read': { actions: { type: 'tell', params: ({ event }) => event.replyTo } },
        stop: 'stopped',
      },
    },
    stopped: { type: 'final' },
  },
});

/** One message through mailbox, dispatcher, machine and effect; and a question with its answer. */
export async function machineAndBus(): Promise<readonly Row[]> {
  let counted = 0;
  const counter = actorsOver<object>()({
    kind: 'counter',
    machine,
    messages: { count: 'request', 'count.read': 'request', stop: 'system' },
    mailbox: { capacity: BURST + 1 },
    needs: [],
    effects: (_, self) => ({
      counted: () => {
        counted += 1;
      },
      tell: ({ replyTo }) => self.reply(replyTo, counted),
    }),
  });
  const options = { name: 'bench', clock: systemClock, scheduler: systemScheduler };
  const system = new System({ ...options, random: seededRandom('bench') });
  const address = system.start(counter, undefined, {});
  const ask = (): Promise<number> => system.ask<number>(address, (replyTo) => ({ type: 'count.read', replyTo }), 5_000);
  const burst = async (): Promise<void> => {
    for (let at = 0; at < BURST; at += 1) {
      system.send(address, { type: 'count' });
    }
    await ask();
  };
  const perMessage = (await cpuMicrosAsync(burst, 50)) / BURST;
  const perAsk = await cpuMicrosAsync(async () => {
    await ask();
  }, 20_000);
  await system.stop();
  return [
    { scenario: 'a message: mailbox, machine, assign, effect', unit: 'µs CPU', ours: perMessage, better: 'less' },
    { scenario: 'a question over the bus and its answer', unit: 'µs CPU', ours: perAsk, better: 'less' },
  ];
}

const BURST = 4_096;

async function cpuMicrosAsync(work: () => Promise<void>, times: number): Promise<number> {
  await work();
  const before = process.cpuUsage();
  for (let at = 0; at < times; at += 1) {
    await work();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
