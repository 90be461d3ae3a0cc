import type { U64 } from '../../protocol/bytes.js';
import type { FirewallRule } from '../../protocol/firewall.js';
import { decide, type Verdict } from '../../protocol/forwarding.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import {
  composeDatagram,
  countHop,
  destinationHi,
  destinationLo,
  destinationService,
  HOPS_DEFAULT,
  sourceHi,
  sourceLo,
  sourceService,
} from '../../protocol/netceptor/datagram.js';
import { FRAME_PREFIX_BYTES } from '../../protocol/netceptor/stream-framing.js';
import { encodeUnreachable, PROBLEM, type Problem, UNREACHABLE_SERVICE } from '../../protocol/netceptor/unreachable.js';
import type { Lane } from '../../runtime/lane.js';
import { Firewall } from './firewall.js';
import { type ForwarderCounters, noCounts } from './forwarder-counters.js';
import { framed, pushFramed } from './framed.js';
import type { NameTable } from './name-table.js';
import { ServiceTable } from './service-table.js';
import { emptyTables, type Tables, tablesFor } from './tables.js';

/** A packet that starts here. */
export interface OutgoingDatagram {
  readonly toNode: NodeId;
  readonly toService: ServiceName;
  readonly fromService: ServiceName;
  readonly payload: Uint8Array;
  /** Default 30; a traceroute counts up from 0. */
  readonly hops?: number;
}

/** What became of a packet that starts here, as far as this node can tell. */
export type SendOutcome = 'sent' | 'no-route' | 'service-unknown' | 'lane-full';

/**
 * The data path: one call for each packet; decide, then hand over. No machine, no copy, no object for a packet that
 * passes through. Owns the one live map of bound services; the routes are a snapshot that the router replaces.
 */
export class Forwarder {
  readonly self: NodeId;
  readonly counters: ForwarderCounters = noCounts();
  readonly services = new ServiceTable();
  readonly #names: NameTable;
  readonly #lanes = new Map<NodeId, Lane>();
  readonly #routeWaiters = new Set<() => void>();
  #tables: Tables;
  #firewall: Firewall | undefined;

  constructor(self: NodeId, names: NameTable) {
    this.self = self;
    this.#names = names;
    this.#tables = emptyTables(self, names);
  }

  /** Judges every packet by these rules from the next one on; none accept everything. */
  setFirewall(rules: readonly FirewallRule[]): void {
    this.#firewall = rules.length === 0 ? undefined : new Firewall(rules, this.#names);
  }

  /** True when the packet that starts here, or one with such a header, may pass. Whoever sent it is told where it may not. */
  admits(bytes: Uint8Array, start: number): boolean {
    if (this.#firewall === undefined) {
      return true;
    }
    const verdict = this.#firewall.verdictOf(bytes, start);
    if (verdict === 'accept') {
      return true;
    }
    this.counters[verdict === 'nameless' ? 'nameUnknown' : 'blocked'] += 1;
    if (verdict === 'reject') {
      this.#report(bytes, start, PROBLEM.blockedByFirewall);
    }
    return false;
  }

  /** Lanes to the neighbours, by their ids. */
  get lanes(): ReadonlyMap<NodeId, Lane> {
    return this.#lanes;
  }

  /** A neighbour is there; returns what takes its lane away again. */
  addLane(neighbour: NodeId, lane: Lane): () => void {
    this.#lanes.set(neighbour, lane);
    return () => {
      if (this.#lanes.get(neighbour) === lane) {
        this.#lanes.delete(neighbour);
      }
    };
  }

  /** Follows these routes from the next packet on, and wakes those who wait for one. */
  setRoutes(routes: ReadonlyMap<NodeId, NodeId>): void {
    this.#tables = tablesFor(this.self, this.#names, routes, this.#lanes);
    const waiting = Array.from(this.#routeWaiters);
    this.#routeWaiters.clear();
    for (const wake of waiting) {
      wake();
    }
  }

  /** Calls `wake` once, when there are other routes: for a stream that has something to send and no way to send it. */
  whenRouted(wake: () => void): void {
    this.#routeWaiters.add(wake);
  }

  /** Whoever waits for routes is gone. */
  forgetRouted(wake: () => void): void {
    this.#routeWaiters.delete(wake);
  }

  /** The lane on the way to a node; `undefined` without a route or when it is ourselves. For streams, which write themselves. */
  laneTo(destination: U64): Lane | undefined {
    return this.#tables.lanes.get(destination.hi, destination.lo);
  }

  /** A packet that came over a link. With `hasPrefix` its two length bytes stand right before `start`. */
  pass(bytes: Uint8Array, start: number, end: number, hasPrefix: boolean): void {
    const verdict = this.#decide(bytes, start, end);
    switch (verdict) {
      case 'forward':
        this.#forward(bytes, start, end, hasPrefix);
        break;
      case 'deliver':
        this.#deliver(bytes, start, end);
        break;
      case 'expired':
        this.counters.expired += 1;
        this.#report(bytes, start, PROBLEM.messageExpired);
        break;
      case 'no-route':
        this.counters.noRoute += 1;
        break;
      case 'malformed':
        this.counters.malformed += 1;
        break;
      case 'blocked':
        break;
      default:
        verdict satisfies never;
    }
  }

  /** Sends a packet that starts here. */
  send(datagram: OutgoingDatagram): SendOutcome {
    const header = {
      hops: datagram.hops ?? HOPS_DEFAULT,
      source: this.#names.hashOf(this.self),
      destination: this.#names.hashOf(datagram.toNode),
      sourceService: datagram.fromService,
      destinationService: datagram.toService,
    };
    return this.sendComposed(composeDatagram(header, datagram.payload));
  }

  /** Sends a whole packet that the caller has composed. */
  sendComposed(packet: Uint8Array): SendOutcome {
    return this.#originate(framed(packet), FRAME_PREFIX_BYTES);
  }

  #originate(bytes: Uint8Array, start: number): SendOutcome {
    const end = bytes.length;
    const verdict = this.#decide(bytes, start, end);
    switch (verdict) {
      case 'forward':
        return this.#forward(bytes, start, end, true) ? 'sent' : 'lane-full';
      case 'deliver':
        return this.deliverOwn(bytes, start, end);
      case 'expired':
        this.counters.expired += 1;
        this.#report(bytes, start, PROBLEM.messageExpired);
        return 'sent';
      case 'no-route':
        return 'no-route';
      case 'malformed':
        this.counters.malformed += 1;
        return 'no-route';
      // The sender hears by a notice, or, as by a network, not at all.
      case 'blocked':
        return 'sent';
      default:
        return verdict satisfies never;
    }
  }

  /** Delivers a packet of this node to itself; the sender hears at once when nobody is there. */
  deliverOwn(bytes: Uint8Array, start: number, end: number): SendOutcome {
    const handler = this.services.handlerOf(bytes, start);
    if (handler === undefined) {
      return 'service-unknown';
    }
    this.counters.delivered += 1;
    handler.packet(bytes, start, end);
    return 'sent';
  }

  #decide(bytes: Uint8Array, start: number, end: number): Verdict | 'blocked' {
    const verdict = decide(bytes, start, end, this.#tables);
    return verdict === 'malformed' || this.admits(bytes, start) ? verdict : 'blocked';
  }

  #forward(bytes: Uint8Array, start: number, end: number, hasPrefix: boolean): boolean {
    const lane = this.#tables.lanes.get(destinationHi(bytes, start), destinationLo(bytes, start));
    if (lane === undefined) {
      return false;
    }
    countHop(bytes, start);
    const isTaken = hasPrefix ? lane.push(bytes, start, end) : pushFramed(lane, bytes.subarray(start, end));
    this.counters[isTaken ? 'forwarded' : 'laneFull'] += 1;
    return isTaken;
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    if (this.#names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start)) === undefined) {
      this.counters.nameUnknown += 1;
      return;
    }
    const handler = this.services.handlerOf(bytes, start);
    if (handler === undefined) {
      this.counters.serviceUnknown += 1;
      this.#report(bytes, start, PROBLEM.serviceUnknown);
      return;
    }
    this.counters.delivered += 1;
    handler.packet(bytes, start, end);
  }

  /** Tells the source what happened, unless the packet is such a notice itself (never report on a report). */
  #report(bytes: Uint8Array, start: number, problem: Problem): void {
    const fromNode = this.#names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start));
    const toNode = this.#names.nameOf(destinationHi(bytes, start), destinationLo(bytes, start));
    const fromService = sourceService(bytes, start);
    if (fromNode === undefined || toNode === undefined || fromService === UNREACHABLE_SERVICE) {
      return;
    }
    const toService = destinationService(bytes, start);
    this.send({
      toNode: fromNode,
      toService: UNREACHABLE_SERVICE,
      fromService: UNREACHABLE_SERVICE,
      payload: encodeUnreachable({ fromNode, toNode, fromService, toService, problem }),
    });
  }
}
