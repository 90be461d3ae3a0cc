/**
 * Takes streams in for one service: binds its name, tells the mesh, raises a stream for each arrival, which tells its
 * user itself how it ended. Raised by the streams actor; ends when whoever listens wants no more.
 */
import { emit, setup } from 'xstate';
import { codeOf, describe } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import { DIRECTORY } from '../addresses.js';
import type { DirectoryMessage } from '../mesh/directory-vocabulary.js';
import { defineActor, type MeshPorts } from '../ports.js';
import { bindService } from '../services/bound-service.js';
import type { PlannedListen, StreamPlace } from './mesh-streams.js';
import { streamActor } from './stream.actor.js';
import { STOPPED } from './stream-faults.js';
import { StreamListenerPort } from './stream-listener-port.js';

export type StreamListenerMessage =
  | { readonly type: 'listen.opened' }
  | { readonly type: 'listen.unwanted' }
  | { readonly type: 'listen.failed' }
  /** The key of a birth in the nursery. */
  | { readonly type: 'stream.arrived'; readonly key: number }
  | { readonly type: 'stop' };

type StreamListenerWish =
  | { readonly type: 'listen'; readonly key: number }
  | { readonly type: 'raise-stream'; readonly key: number };

interface StreamListenerInput {
  readonly key: number;
}

const machine = setup({
  types: {
    context: {} as StreamListenerInput,
    events: {} as StreamListenerMessage,
    emitted: {} as StreamListenerWish,
    input: {} as StreamListenerInput,
  },
  actions: {
    listen: emit(({ context }) => ({ type: 'listen', key: context.key })),
    raiseStream: emit((_, key: number) => ({ type: 'raise-stream', key })),
  },
}).createMachine({
  id: 'stream-listener',
  context: ({ input }) => input,
  initial: 'opening',
  on: { 'listen.unwanted': '.closed', stop: '.closed' },
  states: {
    opening: {
      entry: 'listen',
      on: { 'listen.opened': 'open', 'listen.failed': 'closed' },
    },
    open: {
      on: { 'stream.arrived': { actions: { type: 'raiseStream', params: ({ event }) => event.key } } },
    },
    closed: { type: 'final' },
  },
});

type ListenerPorts = Pick<MeshPorts, 'streams' | 'streamKit' | 'forwarder'>;

/** Opens the place that waits under `key`, and tells whoever wants to listen. */
function listen(ports: ListenerPorts, self: Self<StreamListenerMessage>, key: number): void {
  const planned = ports.streams.takeListen(key);
  if (planned === undefined) {
    self.answer({ type: 'listen.failed' });
    return;
  }
  try {
    openPlace(ports, self, planned);
  } catch (thrown) {
    planned.handler.failed({ code: codeOf(thrown), text: describe(thrown) });
    self.answer({ type: 'listen.failed' });
    return;
  }
  self.answer({ type: 'listen.opened' });
  planned.handler.opened();
}

/** Binds the service for as long as this life lasts, or until nobody wants it any more. */
function openPlace(ports: ListenerPorts, self: Self<StreamListenerMessage>, planned: PlannedListen): void {
  const { place, handler } = planned;
  const { nursery } = ports.streamKit;
  let isWanted = true;
  const ending = new PlaceEnd();
  // Owned first, so closed last: by then the place is free.
  self.own('those who wait for the end', () => ending.come());
  const user = { opened: handler.accepted, failed: () => undefined };
  const port = new StreamListenerPort(ports.streamKit, place, user, (birth) => {
    const key = nursery.add(birth);
    const arrived: StreamListenerMessage = { type: 'stream.arrived', key };
    const isTaken = self.send(self.address, arrived) === 'taken';
    return isTaken || nursery.take(key) === undefined;
  });
  self.own('stream endpoint', () => port.close());
  bindService(ports.forwarder, self, place.service, port);
  if (place.advertise) {
    advertise(self, place);
  }
  self.own('listening', () => {
    if (isWanted) {
      handler.failed(STOPPED);
    }
  });
  planned.close = (done) => {
    isWanted = false;
    ending.wait(done);
    self.answer({ type: 'listen.unwanted' });
  };
}

/** Tells the mesh of the service, as long as this life lasts. */
function advertise(self: Self<StreamListenerMessage>, { service, connType, tags }: StreamPlace): void {
  const opened: DirectoryMessage = { type: 'service.opened', service: { service, connType, tags } };
  self.send(DIRECTORY, opened);
  self.own('advertisement', () => {
    const closed: DirectoryMessage = { type: 'service.closed', service };
    self.send(DIRECTORY, closed);
  });
}

/** The end of a listener, for those who wait until its place is free. */
class PlaceEnd {
  #waiting: (() => void)[] | undefined = [];

  /** Called at once where it has come already. */
  wait(done: () => void): void {
    if (this.#waiting === undefined) {
      done();
    } else {
      this.#waiting.push(done);
    }
  }

  come(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const done of waiting) {
      done();
    }
  }
}

export const streamListenerActor = defineActor({
  kind: 'stream-listener',
  machine,
  messages: {
    'listen.opened': 'answer',
    'listen.unwanted': 'answer',
    'listen.failed': 'answer',
    'stream.arrived': 'request',
    stop: 'system',
  },
  ignores: {
    // Nothing arrives before the service is bound.
    opening: ['stream.arrived'],
    // It opens once.
    open: ['listen.opened', 'listen.failed'],
  },
  needs: ['streams', 'streamKit', 'forwarder'],
  supervision: TELL_PARENT,
  effects: (ports, self) => ({
    listen: ({ key }) => listen(ports, self, key),
    'raise-stream': ({ key }) => {
      self.raise(streamActor, `stream-${key}`, { role: 'acceptor', key });
    },
  }),
});
