import { type NodeId, resolveNode } from '../protocol/names.js';
import { HOPS_DEFAULT } from '../protocol/netceptor/datagram.js';
import { SeenUpdates } from '../protocol/routing/seen-updates.js';
import type { HostPorts } from '../runtime/host-ports.js';
import type { InspectionHub } from '../runtime/inspection.js';
import type { Outcome } from '../runtime/self.js';
import { System } from '../runtime/system.js';
import { DIRECTORY, PROBER, ROUTER, STREAMS } from './addresses.js';
import { MeshError } from './errors.js';
import { Handover } from './handover.js';
import type { AdvertList } from './mesh/directory-vocabulary.js';
import { Forwarder } from './mesh/forwarder.js';
import { NameTable } from './mesh/name-table.js';
import { OwnUpdates } from './mesh/own-updates.js';
import type { MeshView } from './mesh/router-vocabulary.js';
import { type NodeEnd, nodeActor } from './node.actor.js';
import type { NodeOptions } from './node-options.js';
import { partsOf } from './parts.js';
import type { MeshPorts } from './ports.js';
import type { ProbeResult } from './services/probe.actor.js';
import { MeshStreams } from './streams/mesh-streams.js';
import { streamCrypto } from './streams/stream-crypto.js';
import { StreamKit } from './streams/stream-kit.js';
import { nodeStarted } from './topics.js';
import { VERSION } from './version.js';
import { NodeWork } from './work/node-work.js';
import { WorkKit } from './work/work-kit.js';

/** The reference drops a neighbour that was silent for two of its updates and a second (mesh-protocol 2.5). */
const IDLE_LIMIT_MS = 21_000;

/** Questions to our own actors: answered in the same turn, or not at all. */
const READ_WITHIN_MS = 5_000;
/** A probe has its own deadline of ten seconds; this one is only there so that nothing waits for ever. */
const PROBE_WITHIN_MS = 15_000;

/** A node of the mesh, running. */
export class MeshNode {
  readonly id: NodeId;
  /** Settles with the reason when the node is over, by `stop` or by itself. */
  readonly ended: Promise<NodeEnd>;
  readonly system: System;
  readonly ports: MeshPorts;
  readonly #ready: Promise<void>;

  constructor(options: NodeOptions, outside: HostPorts) {
    this.id = options.id;
    const { clock, random, scheduler } = outside;
    this.system = new System({ name: 'node', clock, random: random.split('actors'), scheduler });
    const names = new NameTable();
    const parts = partsOf(options);
    const forwarder = new Forwarder(options.id, names);
    const { turn } = this.system;
    const streamKit = new StreamKit({
      self: options.id,
      forwarder,
      names,
      clock,
      random: random.split('streams'),
      turn,
      crypto: streamCrypto(clock, random.split('stream crypto')),
    });
    this.ports = {
      clock,
      random: random.split('mesh'),
      turn,
      version: VERSION,
      facts: outside.facts,
      sessions: outside.sessions,
      handover: new Handover(),
      node: { id: options.id, idleLimitMs: Math.max(IDLE_LIMIT_MS, options.maxIdleConnectionTimeoutMs ?? 0) },
      names,
      forwarder,
      seenUpdates: new SeenUpdates(),
      ownUpdates: new OwnUpdates(options.id, clock, random.split('updates')),
      streamKit,
      streams: new MeshStreams(streamKit, STREAMS, (to, message) => this.system.send(to, message)),
      ...workPorts(options, outside, this.system),
      parts,
    };
    this.ended = new Promise((resolve) => {
      this.system.whenEnded((outcome) => resolve(endOf(outcome)));
    });
    this.#ready = new Promise<void>((resolve) => {
      const stop = this.system.hear(nodeStarted, () => {
        stop();
        resolve();
      });
      this.system.whenEnded(stop); // a node that cannot start never says it
    });
    this.system.start(nodeActor, { parts: parts.map(({ name }) => name) }, this.ports);
  }

  /**
   * Settles when all parts are ready; rejects with `start-failed` when one cannot be. Made when it is asked for: who
   * looks only at `ended` must not be told of an unhandled rejection.
   */
  get started(): Promise<void> {
    return Promise.race([this.#ready, this.ended.then(throwEnd)]);
  }

  /** Everything that happens, for loggers, metrics, inspectors. */
  get hub(): InspectionHub {
    return this.system.hub;
  }

  /** Lowers all parts in reverse order. Settles when nothing is left. */
  stop(): Promise<void> {
    return this.system.stop();
  }

  /** What is known of links, routes and costs. */
  view(): Promise<MeshView> {
    return this.system.ask<MeshView>(ROUTER, (replyTo) => ({ type: 'view.read', replyTo }), READ_WITHIN_MS);
  }

  /** The services that are offered in the mesh. */
  adverts(): Promise<AdvertList> {
    return this.system.ask<AdvertList>(DIRECTORY, (replyTo) => ({ type: 'adverts.read', replyTo }), READ_WITHIN_MS);
  }

  /**
   * Asks a node for a sign of life; never rejects for what happens on the way. Rejects with `invalid-configuration` for
   * a name that no node can have.
   */
  async ping(node: string, hops: number = HOPS_DEFAULT): Promise<ProbeResult> {
    const target = resolveNode(node, this.id);
    if (target === undefined) {
      throw new MeshError('invalid-configuration', `no node can be called ${JSON.stringify(node)}`, { node });
    }
    const question = { type: 'probe.wanted', target, hops };
    return await this.system.ask<ProbeResult>(PROBER, (replyTo) => ({ ...question, replyTo }), PROBE_WITHIN_MS);
  }
}

type WorkPorts = Pick<MeshPorts, 'work' | 'workKit' | 'files' | 'processes'>;

/** The work of the node for its clients, and what its work actors need. */
function workPorts(options: NodeOptions, outside: HostPorts, system: System): WorkPorts {
  const { files, processes } = outside;
  const workKit = new WorkKit(options.id, options);
  const work = new NodeWork({
    kit: workKit,
    files,
    clock: outside.clock,
    self: options.id,
    ask: (to, message, withinMs) => system.ask(to, message, withinMs),
    send: (to, message) => system.send(to, message),
  });
  system.whenEnded(() => work.close());
  return { work, workKit, files, processes };
}

function endOf(outcome: Outcome): NodeEnd {
  switch (outcome.type) {
    case 'done':
      return outcome.output as NodeEnd; // the output of nodeActor's machine
    case 'stopped':
      return { type: 'stopped' };
    case 'failed':
      return { type: 'failed', code: outcome.code, text: outcome.text };
    default:
      return outcome satisfies never;
  }
}

function throwEnd(end: NodeEnd): never {
  if (end.type === 'start-failed') {
    throw new MeshError('start-failed', end.fault.text, { ...end });
  }
  throw new MeshError('node-stopped', `the node ended before it was ready (${end.type})`, { ...end });
}
