import { Forwarder } from '../../actors/mesh/forwarder.js';
import { framed } from '../../actors/mesh/framed.js';
import { NameTable } from '../../actors/mesh/name-table.js';
import { goTime, instantFromMs } from '../../protocol/go-time.js';
import { hashName } from '../../protocol/hash.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import {
  composeDatagram,
  datagramFault,
  destinationHi,
  destinationLo,
  destinationServiceHi,
  destinationServiceLo,
  HEADER_BYTES,
  hopsToLive,
  payloadStart,
  sourceHi,
  sourceLo,
} from '../../protocol/netceptor/datagram.js';
import { NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import { decodeRouteUpdate, encodeRouteUpdate, type RouteUpdate } from '../../protocol/netceptor/route-update.js';
import {
  CONN_TYPE,
  CONTROL_SERVICE_TAG,
  decodeServiceAdvert,
  encodeServiceAdvert,
  type ServiceAdvert,
} from '../../protocol/netceptor/service-advert.js';
import { FrameCutter } from '../../protocol/netceptor/stream-framing.js';
import { Lane } from '../../runtime/lane.js';
import type { Session } from '../../runtime/ports.js';
import { Turn } from '../../runtime/turn.js';
import { ManualScheduler } from '../support/manual-host.js';
import type { Bench, Row } from './row.js';
import { machineAndBus } from './runtime-events.js';

/** Bytes of a packet with a full QUIC datagram in it. */
const PACKET_BYTES = 1_250;
/** Frames of one read of a socket. */
const FRAMES_PER_READ = 52;
const READS = 10_000;

/** CPU time of our own code for the things that happen most. */
export const inProcess: Bench = {
  name: 'in one process',
  run: async () => [forwarding(), headerView(), ...updates(), ...adverts(), ...(await machineAndBus())],
};

/** A packet that passes through: cut out of the read, decided on, counted down, gathered, written. */
function forwarding(): Row {
  const names = new NameTable();
  const forwarder = new Forwarder('b' as NodeId, names);
  const scheduler = new ManualScheduler();
  const turn = new Turn(scheduler, (thrown) => {
    throw thrown;
  });
  const lane = new Lane(deafSession(), turn);
  lane.open();
  forwarder.addLane('c' as NodeId, lane);
  forwarder.setRoutes(new Map([['c' as NodeId, 'c' as NodeId]]));
  const frame = framed(
    composeDatagram(
      {
        hops: 30,
        source: names.hashOf('a' as NodeId),
        destination: names.hashOf('c' as NodeId),
        sourceService: 'aaaaaaaa' as ServiceName,
        destinationService: 'control' as ServiceName,
      },
      new Uint8Array(PACKET_BYTES - HEADER_BYTES),
    ),
  );
  const read = new Uint8Array(frame.length * FRAMES_PER_READ);
  const fill = (): void => {
    for (let at = 0; at < FRAMES_PER_READ; at += 1) {
      read.set(frame, at * frame.length);
    }
  };
  const cutter = new FrameCutter();
  const pass = (): void => {
    fill();
    cutter.push(read, (bytes, start, end, hasPrefix) => forwarder.pass(bytes, start, end, hasPrefix));
    scheduler.run();
  };
  // Filling the buffer is the bench's own work and is taken off.
  const micros = cpuMicros(pass, READS) - cpuMicros(fill, READS);
  const ours = micros / FRAMES_PER_READ;
  return { scenario: `forward a packet of ${PACKET_BYTES} B`, unit: 'µs CPU', ours, aim: 2, better: 'less' };
}

/** All that the data path reads of a packet, where it lies. */
function headerView(): Row {
  const packet = composeDatagram(
    {
      hops: 30,
      source: hashName('a'),
      destination: hashName('c'),
      sourceService: 'aaaaaaaa' as ServiceName,
      destinationService: 'control' as ServiceName,
    },
    new Uint8Array(PACKET_BYTES - HEADER_BYTES),
  );
  let sum = 0;
  const view = (): void => {
    if (datagramFault(packet, 0, packet.length) === undefined) {
      sum += hopsToLive(packet, 0) + sourceHi(packet, 0) + sourceLo(packet, 0);
      sum += destinationHi(packet, 0) + destinationLo(packet, 0) + payloadStart(0);
      sum += destinationServiceHi(packet, 0) + destinationServiceLo(packet, 0);
    }
  };
  const ours = cpuMicros(view, 10_000_000);
  // What is read must be used, or the compiler leaves it out.
  return {
    scenario: 'view the header of a packet',
    unit: 'µs CPU',
    ours,
    better: 'less',
    note: sum > 0 ? '' : 'empty',
  };
}

function adverts(): readonly Row[] {
  const advert: ServiceAdvert = {
    nodeId: 'execution-node-17' as NodeId,
    service: 'control' as ServiceName,
    time: goTime(instantFromMs(1_795_216_559_500)),
    connType: CONN_TYPE.streamTls,
    tags: new Map([CONTROL_SERVICE_TAG]),
    workCommands: ['ansible-runner', 'kubernetes-runtime-auth', 'kubernetes-incluster-auth'].map((workType) => {
      return { workType, secure: true };
    }),
    cancel: false,
    extensions: NO_EXTENSIONS,
  };
  const bytes = encodeServiceAdvert(advert);
  return [
    {
      scenario: 'decode a service advertisement',
      unit: 'µs CPU',
      ours: cpuMicros(() => decodeServiceAdvert(bytes), 100_000),
      better: 'less',
    },
    {
      scenario: 'encode a service advertisement',
      unit: 'µs CPU',
      ours: cpuMicros(() => encodeServiceAdvert(advert), 100_000),
      better: 'less',
    },
  ];
}

function updates(): readonly Row[] {
  const update: RouteUpdate = {
    nodeId: 'execution-node-17' as NodeId,
    updateId: 'Ab3dE6gH',
    updateEpoch: 30_118_736_391_759_400n,
    updateSequence: 1_234n,
    connections: new Map(['hop-1', 'hop-2', 'controller'].map((id) => [id as NodeId, 1])),
    forwardingNode: 'hop-1' as NodeId,
    suspectedDuplicate: 0n,
    extensions: NO_EXTENSIONS,
  };
  const bytes = encodeRouteUpdate(update);
  return [
    {
      scenario: 'decode a routing update',
      unit: 'µs CPU',
      ours: cpuMicros(() => decodeRouteUpdate(bytes), 100_000),
      better: 'less',
    },
    {
      scenario: 'encode a routing update',
      unit: 'µs CPU',
      ours: cpuMicros(() => encodeRouteUpdate(update), 100_000),
      better: 'less',
    },
  ];
}

/** CPU time of one call, in microseconds, after a warm-up of a tenth. */
export function cpuMicros(work: () => void, times: number): number {
  for (let at = 0; at < times / 10; at += 1) {
    work();
  }
  const before = process.cpuUsage();
  for (let at = 0; at < times; at += 1) {
    work();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** A session that takes everything and keeps nothing. */
function deafSession(): Session {
  return {
    kind: 'stream',
    local: '',
    remote: '',
    backlogBytes: 0,
    attach: () => undefined,
    send: () => true,
    end: () => undefined,
    close: () => undefined,
    abort: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  };
}
