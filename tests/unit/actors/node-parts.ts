import { STREAMS } from '../../../actors/addresses.js';
import { Handover } from '../../../actors/handover.js';
import { Forwarder } from '../../../actors/mesh/forwarder.js';
import { NameTable } from '../../../actors/mesh/name-table.js';
import { OwnUpdates } from '../../../actors/mesh/own-updates.js';
import { SecurityProfiles } from '../../../actors/security/security-profiles.js';
import { MeshStreams } from '../../../actors/streams/mesh-streams.js';
import { streamCrypto } from '../../../actors/streams/stream-crypto.js';
import { StreamKit } from '../../../actors/streams/stream-kit.js';
import { LineBudget } from '../../../protocol/control/line-budget.js';
import type { NodeId, ServiceName } from '../../../protocol/names.js';
import { SeenUpdates } from '../../../protocol/routing/seen-updates.js';
import type { Address } from '../../../runtime/address.js';
import { Lane } from '../../../runtime/lane.js';
import type { Message } from '../../../runtime/message.js';
import { Turn } from '../../../runtime/turn.js';
import type { ManualHost } from '../../support/manual-host.js';
import { RecordingSession } from '../../support/recording-session.js';
import { RecordingSessions } from './recording-sessions.js';

/** Names of a test are good ones. */
export const nodeId = (text: string): NodeId => text as NodeId;
export const serviceName = (text: string): ServiceName => text as ServiceName;

/** The node that is tested, and its neighbours. */
export const HERE = nodeId('here');
export const NEAR = nodeId('near');
export const FAR = nodeId('far');

export const IDLE_LIMIT_MS = 21_000;

/** What the parts of one node share, over a host that the test moves by hand. */
export class NodeParts {
  readonly clock;
  readonly random;
  readonly turn: Turn;
  readonly version = '1.2.3';
  readonly facts = { hostName: 'host', cpuCount: 2, memoryMiB: 4_096 };
  readonly node = { id: HERE, idleLimitMs: IDLE_LIMIT_MS };
  readonly sessions = new RecordingSessions();
  readonly security = new SecurityProfiles();
  readonly handover = new Handover();
  readonly lineBudget = new LineBudget();
  readonly names = new NameTable();
  readonly forwarder: Forwarder;
  readonly ownUpdates: OwnUpdates;
  readonly seenUpdates = new SeenUpdates();
  readonly streamKit: StreamKit;
  readonly streams: MeshStreams;
  /** The way to the actors; a stage sets it. */
  sender: (to: Address, message: Message) => unknown = () => 'taken';
  /** Faults of tasks at the end of a turn. */
  readonly faults: unknown[] = [];

  constructor(host: ManualHost) {
    this.clock = host.clock;
    this.random = host.random.split('parts');
    this.turn = new Turn(host.scheduler, (thrown) => this.faults.push(thrown));
    this.forwarder = new Forwarder(HERE, this.names);
    this.ownUpdates = new OwnUpdates(HERE, this.clock, this.random.split('updates'));
    this.streamKit = new StreamKit({
      self: HERE,
      forwarder: this.forwarder,
      names: this.names,
      clock: this.clock,
      random: this.random.split('streams'),
      turn: this.turn,
      crypto: streamCrypto(this.clock, this.random.split('crypto')),
    });
    this.streams = new MeshStreams(this.streamKit, STREAMS, (to, message) => this.sender(to, message));
  }

  /** What a node has left open outside of its actors. */
  leftOpen(): readonly string[] {
    const services = this.forwarder.services.size;
    const waiting = this.handover.size;
    return [
      ...this.sessions.leftOpen(),
      ...Array.from(this.forwarder.lanes.keys(), (peer) => `lane to ${peer}`),
      ...(services === 0 ? [] : [`${services} bound services`]),
      ...(waiting === 0 ? [] : [`${waiting} sessions to hand over`]),
      ...(this.streamKit.nursery.size === 0 ? [] : ['births in the nursery']),
    ];
  }

  /** A neighbour with an open lane; returns what was sent there. Routes must be set apart from it. */
  neighbour(peer: NodeId, kind: 'stream' | 'message' = 'stream'): RecordingSession {
    const session = new RecordingSession({ kind, name: peer });
    const lane = new Lane(session, this.turn);
    lane.open();
    const ignore = (): undefined => undefined;
    session.attach({ bytes: ignore, drained: () => lane.drained(), ended: ignore, closed: ignore });
    this.forwarder.addLane(peer, lane);
    return session;
  }
}
