import type { NodeId, ServiceName, UnitId } from '../protocol/names.js';
import type { Unreachable } from '../protocol/netceptor/unreachable.js';
import type { Address } from '../runtime/address.js';
import { topic } from '../runtime/message.js';
import type { SessionAddress, SessionFault } from '../runtime/ports.js';

/** The words that actors publish. They belong to nobody; whoever cares may hear them. Payloads are plain data. */

/** All parts are ready. */
export const nodeStarted = topic<Record<string, never>>('node.started');

/** A part that the node waits for at its start is ready. */
export const partReady = topic<{ readonly part: Address }>('part.ready');

/** A part that the node waits for cannot do its work now. */
export const partFailed = topic<{
  readonly part: Address;
  /** `undefined` for what has no place on this machine. */
  readonly address: SessionAddress | undefined;
  readonly fault: SessionFault;
}>('part.failed');

/** The control service takes clients in. */
export const controlReady = topic<{
  readonly service: ServiceName | undefined;
  readonly sockets: readonly SessionAddress[];
}>('control.ready');

/** Sessions are taken in here. */
export const listening = topic<{ readonly address: SessionAddress }>('listener.listening');

/** Somebody came and did not get as far as a session: a certificate that is not good enough, a greeting that is none. */
export const sessionRefused = topic<{
  readonly address: SessionAddress;
  readonly remote: string;
  readonly fault: SessionFault;
}>('listener.refused');

/** A dial led to nothing. */
export const dialFailed = topic<{
  readonly address: SessionAddress;
  readonly fault: SessionFault;
  readonly willRetry: boolean;
}>('dial.failed');

/** A peer that is not dialled again (`redial=false`) is gone. */
export const peerGivenUp = topic<{ readonly address: SessionAddress }>('peer.given-up');

/** A link knows its peer and carries traffic. */
export const linkEstablished = topic<{ readonly peer: NodeId; readonly cost: number; readonly remote: string }>(
  'link.established',
);

/** A link is over; without a peer it was over before it began. */
export const linkClosed = topic<{
  readonly peer: NodeId | undefined;
  readonly remote: string;
  readonly code: LinkEndCode;
  readonly text: string;
}>('link.closed');

export type LinkEndCode =
  | 'lost'
  | 'silent'
  | 'no-greeting'
  | 'refused-own-id'
  | 'refused-not-allowed'
  | 'refused-connected-already'
  | 'refused-id-changed'
  | 'refused-not-listed'
  | 'refused-cost'
  | 'rejected-by-peer'
  | 'stopped';

/** A neighbour is silent for longer than it should be; it is asked for a sign of life. */
export const linkSuspect = topic<{ readonly peer: NodeId; readonly silentMs: number }>('link.suspect');

/** The router begins (again): links tell it of themselves. */
export const routerStarted = topic<Record<string, never>>('router.started');

/** The routes were computed anew and differ. */
export const routesChanged = topic<{
  /** Next hop by destination. */
  readonly routes: ReadonlyMap<NodeId, NodeId>;
}>('routes.changed');

/** A node that was never heard of, or that has started anew, is in the mesh. */
export const nodeAppeared = topic<{ readonly node: NodeId }>('node.appeared');

/** Another node claims our id. Of the two the one that started later has to go (mesh-protocol 3.2, step 2). */
export const duplicateNode = topic<{ readonly node: NodeId; readonly via: NodeId; readonly weHaveToGo: boolean }>(
  'node.duplicate',
);

/** A node tells that another one claims its id. */
export const duplicateSuspected = topic<{
  readonly node: NodeId;
  readonly updateId: string;
  readonly restarted: boolean;
}>('node.duplicate-suspected');

/** A notice that a packet of ours did not arrive. */
export const unreachableReceived = topic<{ readonly from: NodeId; readonly notice: Unreachable }>(
  'unreachable.received',
);

/** A foreign or own advertisement was stored or taken back. */
export const advertChanged = topic<{ readonly node: NodeId; readonly service: ServiceName; readonly gone: boolean }>(
  'advert.changed',
);

/** A unit of work has come to another state, or has something new to say. */
export const unitChanged = topic<{
  readonly unitId: UnitId;
  readonly workType: string;
  /** One of `WORK_STATE`. */
  readonly state: number;
  readonly detail: string;
}>('unit.changed');

/** A unit and all its files are gone. */
export const unitReleased = topic<{ readonly unitId: UnitId }>('unit.released');

/** A file of a unit could not be written. */
export const unitStorageFailed = topic<{ readonly unitId: UnitId; readonly text: string }>('unit.storage-failed');

/** Another node could not be reached for a unit of ours, or was lost; it will be tried again. */
export const unitFarLost = topic<{
  readonly unitId: UnitId;
  readonly node: NodeId;
  /** What was to be done there. */
  readonly task: 'start' | 'watch' | 'cancel' | 'release';
  readonly text: string;
}>('unit.far-lost');
