import { assign, emit, setup } from 'xstate';
import type { Address } from '../../runtime/address.js';
import { actorsOver } from '../../runtime/define-actor.js';
import { Lane } from '../../runtime/lane.js';
import type { Session, SessionPort } from '../../runtime/ports.js';
import type { Random } from '../../runtime/random.js';
import type { ChildEnded } from '../../runtime/self.js';
import { STORMY } from '../../runtime/simulation/faults.js';
import type { Program, SimulatedPorts } from '../../runtime/simulation/host.js';
import type { World } from '../../runtime/simulation/world.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import { System } from '../../runtime/system.js';
import type { Turn } from '../../runtime/turn.js';
import type { Story } from './seeded-stories.js';

/** The outside of a gossiping host. */
interface GossipPorts {
  readonly sessions: SessionPort;
  readonly random: Pick<Random, 'below'>;
  readonly turn: Turn;
  readonly host: string;
  /** Sessions that have come and wait for their actor. */
  readonly arrivals: Session[];
}

const define = actorsOver<GossipPorts>();

type TalkerMessage =
  | { readonly type: 'session.closed' }
  | { readonly type: 'rumour.came' }
  | { readonly type: 'timer.talk' }
  | { readonly type: 'stop' };

const talker = define({
  kind: 'talker',
  machine: setup({
    types: {
      context: {} as { readonly heard: number },
      events: {} as TalkerMessage,
      emitted: {} as
        | { readonly type: 'attach' }
        | { readonly type: 'talk'; readonly heard: number }
        | { readonly type: 'arm-timer'; readonly name: string; readonly delayMs: number; readonly jitter: number },
    },
    actions: {
      attach: emit({ type: 'attach' }),
      talk: emit(({ context }) => ({ type: 'talk', heard: context.heard })),
      arm: emit({ type: 'arm-timer', name: 'talk', delayMs: 500, jitter: 0.5 }),
      count: assign({ heard: ({ context }) => context.heard + 1 }),
    },
  }).createMachine({
    context: { heard: 0 },
    initial: 'talking',
    states: {
      talking: {
        entry: ['attach', 'arm'],
        on: {
          'timer.talk': { actions: ['talk', 'arm'] },
          'rumour.came': { actions: 'count' },
          'session.closed': 'silent',
          stop: 'silent',
        },
      },
      silent: { type: 'final' },
    },
  }),
  messages: { 'session.closed': 'answer', 'rumour.came': 'request', 'timer.talk': 'timer', stop: 'system' },
  needs: ['arrivals', 'turn', 'random'],
  effects: ({ arrivals, turn, random }, self) => {
    let lane: Lane | undefined;
    return {
      attach: () => {
        const session = arrivals.shift();
        if (session === undefined) {
          throw new Error('no session has come');
        }
        lane = new Lane(session, turn);
        lane.open();
        self.own('session', () => session.close());
        session.attach({
          bytes: self.whileAlive(() => void self.send(self.address, { type: 'rumour.came' })),
          drained: self.whileAlive(() => lane?.drained()),
          ended: self.whileAlive(() => session.end()),
          closed: self.whileAlive(() => self.answer({ type: 'session.closed' })),
        });
      },
      talk: ({ heard }) => {
        const rumour = new Uint8Array([0, 3, heard & 0xff, random.below(256), random.below(256)]);
        lane?.push(rumour, 2, 5);
      },
    };
  },
  supervision: TELL_PARENT,
});

type HostMessage =
  | { readonly type: 'session.came' }
  | { readonly type: 'dial.failed'; readonly to: string }
  | { readonly type: 'host.dial'; readonly to: string }
  | ChildEnded
  | { readonly type: 'stop' };

const gossiper = define({
  kind: 'gossiper',
  machine: setup({
    types: {
      context: {} as { readonly raised: number },
      events: {} as HostMessage,
      emitted: {} as
        | { readonly type: 'listen' }
        | { readonly type: 'dial'; readonly to: string }
        | { readonly type: 'raise-talker'; readonly number: number },
    },
    actions: {
      listen: emit({ type: 'listen' }),
      dial: emit(({ event }) => ({ type: 'dial', to: 'to' in event ? event.to : '' })),
      raise: emit(({ context }) => ({ type: 'raise-talker', number: context.raised })),
      count: assign({ raised: ({ context }) => context.raised + 1 }),
    },
  }).createMachine({
    context: { raised: 0 },
    initial: 'open',
    states: {
      open: {
        entry: 'listen',
        on: {
          'session.came': { actions: ['raise', 'count'] },
          'host.dial': { actions: 'dial' },
          'dial.failed': { actions: 'dial' },
          'child.ended': {},
          stop: 'ended',
        },
      },
      ended: { type: 'final' },
    },
  }),
  messages: {
    'session.came': 'answer',
    'dial.failed': 'answer',
    'host.dial': 'request',
    'child.ended': 'system',
    stop: 'system',
  },
  needs: ['sessions', 'host', 'arrivals'],
  effects: ({ sessions, host, arrivals }, self) => {
    const came = self.whileAlive((session: Session) => {
      arrivals.push(session);
      self.answer({ type: 'session.came' });
    });
    return {
      listen: () => {
        const address = { transport: 'tcp', host, portNumber: 1 } as const;
        const handler = { opened: () => undefined, accepted: came, failed: () => undefined };
        self.own('listener', sessions.listen(address, {}, handler));
      },
      dial: ({ to }) => {
        const failed = self.whileAlive(() => self.answer({ type: 'dial.failed', to }));
        self.own(`dial ${to}`, sessions.dial({ transport: 'tcp', host: to, portNumber: 1 }, { opened: came, failed }));
      },
      'raise-talker': ({ number }) => {
        self.raise(talker, `talker-${number}`, undefined);
      },
    };
  },
});

export interface GossipProgram extends Program {
  readonly system: System;
  readonly address: Address;
}

/** What may be put in on purpose, to see whether the double run finds it. */
export interface GossipFault {
  /** Draws past the ports. */
  readonly below?: (limit: number) => number;
}

/** A gossiping program on one host; every record of its actors goes into the world's trace. */
export function gossipOn(world: World, name: string, fault: GossipFault = {}): GossipProgram {
  return world.host(name).start((ports: SimulatedPorts) => {
    const { clock, scheduler, sessions } = ports;
    const system = new System({ name, clock, scheduler, random: ports.random.split('system') });
    world.trace.follow(name, system.hub);
    const random = fault.below === undefined ? ports.random.split('rumours') : { below: fault.below };
    const address = system.start(gossiper, undefined, {
      sessions,
      random,
      turn: system.turn,
      host: name,
      arrivals: [],
    });
    return { system, address, stop: () => system.stop() };
  });
}

const HOSTS = ['a', 'b', 'c', 'd', 'e'] as const;

/** Five hosts that talk, in bad weather, while ways are cut and hosts die and come back; at last all stop in order. */
export function gossip(fault: GossipFault = {}): Story {
  return async (world) => {
    const chance = world.random('troubles');
    world.network.setFaults(STORMY);
    const begin = (name: string): void => {
      const { system, address } = gossipOn(world, name, fault);
      for (const to of HOSTS.filter((host) => host > name)) {
        system.send(address, { type: 'host.dial', to } as HostMessage);
      }
    };
    HOSTS.forEach(begin);
    for (let trouble = 0; trouble < 12; trouble += 1) {
      await world.advance(1_000 + chance.below(1_000));
      const one = HOSTS[chance.below(HOSTS.length)] ?? 'a';
      const other = HOSTS[chance.below(HOSTS.length)] ?? 'b';
      if (chance.unit() < 0.5) {
        world.network.cut(one, other);
      } else if (world.host(one).isRunning) {
        world.host(one).crash({ isSilent: chance.unit() < 0.5 });
      } else {
        begin(one);
      }
    }
    world.network.healAll();
    await world.advance(5_000);
    for (const host of world.hosts()) {
      await world.wait(host.stop(), 30_000);
    }
  };
}
