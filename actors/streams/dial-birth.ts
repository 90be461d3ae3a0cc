import { type NodeId, newName, RANDOM_NAME_BYTES, type ServiceName } from '../../protocol/names.js';
import { payloadStart } from '../../protocol/netceptor/datagram.js';
import { PROBLEM } from '../../protocol/netceptor/unreachable.js';
import type { SessionFault } from '../../runtime/ports.js';
import type { StreamBirth, StreamUser } from './stream-birth.js';
import { BLOCKED, NO_ROUTE, SERVICE_UNKNOWN, SERVICE_UNKNOWN_HERE } from './stream-faults.js';
import { PROTOCOLS, type StreamKit } from './stream-kit.js';
import { StreamPath } from './stream-path.js';
import { dialTrust } from './stream-trust.js';

/** Where a stream is dialled to. */
export interface StreamTarget {
  readonly node: NodeId;
  readonly service: ServiceName;
  /** The `tls-client` to dial with; without it the other end must have none either. */
  readonly tls?: string;
}

/** A dial has an endpoint of its own, on which the other end is always this one. */
const ONLY_PEER = 1;

/** A dial that is about to begin: an ephemeral service of ours, and one connection from there (mesh-protocol 6). */
export function dialBirth(kit: StreamKit, target: StreamTarget, user: StreamUser): StreamBirth {
  const service = newName(kit.random.fill(new Uint8Array(RANDOM_NAME_BYTES)));
  const trust = dialTrust(kit, target.node, target.tls);
  const identity = 'code' in trust ? undefined : trust.identity;
  let unbind: (() => void) | undefined;
  return {
    role: 'dialler',
    names: { local: `${kit.self}:${service}`, remote: `${target.node}:${target.service}` },
    user,
    giveUp: undefined,
    begin: (events) => {
      const { forwarder, names, pool } = kit;
      if ('code' in trust) {
        return trust;
      }
      const destination = names.hashOf(target.node);
      const isSelf = target.node === kit.self;
      if (!isSelf && forwarder.laneTo(destination) === undefined) {
        return NO_ROUTE;
      }
      if (isSelf && !forwarder.services.isBound(target.service)) {
        return SERVICE_UNKNOWN_HERE;
      }
      const settings = { protocols: PROTOCOLS, ...(identity === undefined ? {} : { identity }) };
      const { endpoint, connection } = pool.dial(settings, ONLY_PEER, { failed: () => path.mark() });
      const ends = { destination, destinationService: target.service, sourceService: service };
      const path = new StreamPath(kit, connection, ends, events);
      unbind = forwarder.services.bind(service, {
        packet: (bytes, start, end) => {
          endpoint.receive(ONLY_PEER, bytes.subarray(payloadStart(start), end));
          path.mark();
        },
        unreachable: (notice) => {
          const fault = isAbout(notice, target) ? FAULTS.get(notice.problem) : undefined;
          if (fault !== undefined) {
            events.unreachable(fault);
          }
        },
      });
      return path;
    },
    refusalOf: (chain) => ('code' in trust ? trust.text : trust.refusalOf(chain)),
    end: () => unbind?.(),
  };
}

/** Problems that end a stream: others may pass when the routes change. */
const FAULTS: ReadonlyMap<string, SessionFault> = new Map([
  [PROBLEM.serviceUnknown, SERVICE_UNKNOWN],
  [PROBLEM.blockedByFirewall, BLOCKED],
]);

function isAbout(
  { toNode, toService }: { readonly toNode: NodeId; readonly toService: string },
  target: StreamTarget,
): boolean {
  return toNode === target.node && toService === target.service;
}
