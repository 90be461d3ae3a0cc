/**
 * Who offers what: our own services, told to the mesh, and what the mesh tells (mesh-protocol 3.3). One per node. A new
 * neighbour is told everything at once, and a node that appears makes us repeat ourselves within a second; the
 * reference leaves both waiting for up to a minute.
 */
import { emit, setup } from 'xstate';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import type { ReceivedAdvert, WorkCommand } from '../../protocol/netceptor/service-advert.js';
import type { ReplyTo } from '../../runtime/message.js';
import { defineActor } from '../ports.js';
import { linkEstablished, nodeAppeared } from '../topics.js';
import { DirectoryBook } from './directory-book.js';
import type { DirectoryMessage, OwnService } from './directory-vocabulary.js';

/** Own services that open together are told together. */
const GATHER_MS = 100;
/** Newcomers are answered together, and not more often: a mesh that starts is all newcomers. */
const NEWCOMERS_MS = 1_000;
/** As often as the reference repeats itself. */
const REPEAT_MS = 60_000;

type DirectoryWish =
  | { readonly type: 'hear-mesh' }
  | { readonly type: 'accept'; readonly advert: ReceivedAdvert; readonly via: NodeId | undefined }
  | { readonly type: 'add-service'; readonly service: OwnService }
  | { readonly type: 'drop-service'; readonly service: ServiceName }
  | { readonly type: 'set-work-types'; readonly workTypes: readonly WorkCommand[] }
  | { readonly type: 'tell-neighbour'; readonly peer: NodeId }
  | { readonly type: 'tell-mesh' }
  | { readonly type: 'tell-adverts'; readonly replyTo: ReplyTo }
  | { readonly type: 'arm-timer'; readonly name: 'tell' | 'repeat'; readonly delayMs: number };

const machine = setup({
  types: { events: {} as DirectoryMessage, emitted: {} as DirectoryWish },
  actions: {
    hearMesh: emit({ type: 'hear-mesh' }),
    accept: emit((_, news: { advert: ReceivedAdvert; via: NodeId | undefined }) => ({ type: 'accept', ...news })),
    addService: emit((_, service: OwnService) => ({ type: 'add-service', service })),
    dropService: emit((_, service: ServiceName) => ({ type: 'drop-service', service })),
    setWorkTypes: emit((_, workTypes: readonly WorkCommand[]) => ({ type: 'set-work-types', workTypes })),
    tellNeighbour: emit((_, peer: NodeId) => ({ type: 'tell-neighbour', peer })),
    tellMesh: emit({ type: 'tell-mesh' }),
    tellAdverts: emit((_, replyTo: ReplyTo) => ({ type: 'tell-adverts', replyTo })),
    armGather: emit({ type: 'arm-timer', name: 'tell', delayMs: GATHER_MS }),
    armNewcomers: emit({ type: 'arm-timer', name: 'tell', delayMs: NEWCOMERS_MS }),
    armRepeat: emit({ type: 'arm-timer', name: 'repeat', delayMs: REPEAT_MS }),
  },
}).createMachine({
  id: 'directory',
  initial: 'calm',
  entry: ['hearMesh', 'armRepeat'],
  on: {
    'advert.received': {
      actions: { type: 'accept', params: ({ event }) => ({ advert: event.advert, via: event.via }) },
    },
    'service.opened': {
      target: '.gathering',
      actions: { type: 'addService', params: ({ event }) => event.service },
    },
    'service.closed': { actions: { type: 'dropService', params: ({ event }) => event.service } },
    'work-types.changed': {
      target: '.gathering',
      actions: { type: 'setWorkTypes', params: ({ event }) => event.workTypes },
    },
    'neighbour.came': { actions: { type: 'tellNeighbour', params: ({ event }) => event.peer } },
    'adverts.read': { actions: { type: 'tellAdverts', params: ({ event }) => event.replyTo } },
    'timer.repeat': { target: '.calm', actions: ['tellMesh', 'armRepeat'] },
    stop: '.stopped',
  },
  states: {
    /** The mesh knows our services. */
    calm: {
      on: { 'node.appeared': 'answering' },
    },
    /** Our own services have changed a moment ago. */
    gathering: {
      entry: 'armGather',
      on: { 'timer.tell': { target: 'calm', actions: 'tellMesh' } },
    },
    /** Somebody is new in the mesh; others may be on their way. */
    answering: {
      entry: 'armNewcomers',
      on: { 'timer.tell': { target: 'calm', actions: 'tellMesh' } },
    },
    stopped: { type: 'final' },
  },
});

export const directoryActor = defineActor({
  kind: 'directory',
  machine,
  messages: {
    'advert.received': 'request',
    'service.opened': 'answer',
    'service.closed': 'answer',
    'work-types.changed': 'answer',
    'neighbour.came': 'answer',
    'node.appeared': 'request',
    'adverts.read': 'request',
    'timer.tell': 'timer',
    'timer.repeat': 'timer',
    stop: 'system',
  },
  ignores: {
    // What is about to be told reaches the newcomer too.
    gathering: ['node.appeared'],
    answering: ['node.appeared'],
    // Armed before the repeat told everybody.
    calm: ['timer.tell'],
  },
  mailbox: { capacity: 8_192, overflow: 'drop-oldest' },
  needs: ['node', 'clock', 'forwarder'],
  effects: (ports, self) => {
    const book = new DirectoryBook(ports, self);
    return {
      'hear-mesh': () => {
        self.hear(linkEstablished, ({ peer }) => ({ type: 'neighbour.came', peer }));
        self.hear(nodeAppeared, () => ({ type: 'node.appeared' }));
      },
      accept: ({ advert, via }) => book.accept(advert, via),
      'add-service': ({ service }) => book.addService(service),
      'drop-service': ({ service }) => book.dropService(service),
      'set-work-types': ({ workTypes }) => book.setWorkTypes(workTypes),
      'tell-neighbour': ({ peer }) => book.tellNeighbour(peer),
      'tell-mesh': () => book.tellMesh(),
      'tell-adverts': ({ replyTo }) => self.reply(replyTo, book.adverts()),
    };
  },
});
