import { LineBudget } from '../protocol/control/line-budget.js';
import { type NodeId, resolveNode } from '../protocol/names.js';
import { HOPS_DEFAULT, HOPS_MAX } from '../protocol/netceptor/datagram.js';
import { SeenUpdates } from '../protocol/routing/seen-updates.js';
import type { Address } from '../runtime/address.js';
import { codeOf, describe } from '../runtime/errors.js';
import type { HostPorts } from '../runtime/host-ports.js';
import type { InspectionHub } from '../runtime/inspection.js';
import type { Message, ReplyTo } from '../runtime/message.js';
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
import { IDLE_LIMIT_MS } from './option-rules.js';
import { partsOf } from './parts.js';
import type { MeshPorts } from './ports.js';
import { SecurityProfiles } from './security/security-profiles.js';
import type { ProbeResult } from './services/probe.actor.js';
import { MeshStreams } from './streams/mesh-streams.js';
import { streamCrypto } from './streams/stream-crypto.js';
import { StreamKit } from './streams/stream-kit.js';
import { nodeStarted } from './topics.js';
import { VERSION } from './version.js';
import { NodeWork } from './work/node-work.js';
import { WorkKit } from './work/work-kit.js';

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

  /** `security` are the profiles of all names that `options` mentions. */
  constructor(options: NodeOptions, outside: HostPorts, security: SecurityProfiles = new SecurityProfiles()) {
    this.id = options.id;
    const { clock, random, scheduler, facts, sessions } = outside;
    this.system = new System({ name: 'node', clock, random: random.split('actors'), scheduler });
    const names = new NameTable();
    const parts = partsOf(options);
    const forwarder = new Forwarder(options.id, names);
    forwarder.setFirewall(options.firewall ?? []);
    const { turn } = this.system;
    const streamKit = new StreamKit({
      self: options.id,
      forwarder,
      names,
      clock,
      random: random.split('streams'),
      turn,
      crypto: streamCrypto(clock, random.split('stream crypto')),
      security,
    });
    this.ports = {
      clock,
      random: random.split('mesh'),
      turn,
      version: VERSION,
      facts,
      sessions,
      security,
      handover: new Handover(),
      lineBudget: new LineBudget(),
      node: { id: options.id, idleLimitMs: options.maxIdleConnectionTimeoutMs ?? IDLE_LIMIT_MS },
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
    this.#ready = readinessOf(this.system);
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
    return this.#ask<MeshView>(ROUTER, (replyTo) => ({ type: 'view.read', replyTo }), READ_WITHIN_MS);
  }

  /** The services that are offered in the mesh. */
  adverts(): Promise<AdvertList> {
    return this.#ask<AdvertList>(DIRECTORY, (replyTo) => ({ type: 'adverts.read', replyTo }), READ_WITHIN_MS);
  }

  /**
   * Asks the node with this id for a sign of life (`localhost` is this one), over at most `hops` links, 0 to 255. What
   * happens on the way is told by the result; rejects with `invalid-argument` for what can be no id or number of hops.
   */
  async ping(target: string, hops: number = HOPS_DEFAULT): Promise<ProbeResult> {
    const node = typeof target === 'string' ? resolveNode(target, this.id) : undefined;
    if (node === undefined) {
      throw new MeshError('invalid-argument', 'target: the id of a node is expected', {
        field: 'target',
        value: target,
      });
    }
    if (!Number.isInteger(hops) || hops < 0 || hops > HOPS_MAX) {
      const text = `hops: a whole number from 0 to ${HOPS_MAX} is expected`;
      throw new MeshError('invalid-argument', text, { field: 'hops', value: hops });
    }
    const question = { type: 'probe.wanted', target: node, hops };
    return await this.#ask<ProbeResult>(PROBER, (replyTo) => ({ ...question, replyTo }), PROBE_WITHIN_MS);
  }

  /** Rejects with a `MeshError`: `node-stopped`, or `timeout` where a part of ours is too busy to answer. */
  async #ask<T>(to: Address, message: (replyTo: ReplyTo) => Message, withinMs: number): Promise<T> {
    try {
      return await this.system.ask<T>(to, message, withinMs);
    } catch (error) {
      const code = codeOf(error) === 'ask-timeout' || codeOf(error) === 'mailbox-full' ? 'timeout' : 'node-stopped';
      throw new MeshError(code, describe(error), {}, error);
    }
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

/** Settles when the node says that it is ready; never where it cannot start. */
function readinessOf(system: System): Promise<void> {
  return new Promise((resolve) => {
    const stop = system.hear(nodeStarted, () => {
      stop();
      resolve();
    });
    system.whenEnded(stop);
  });
}

function throwEnd(end: NodeEnd): never {
  switch (end.type) {
    case 'start-failed':
      throw new MeshError('start-failed', `${end.part}: ${end.fault.text}`, { ...end });
    case 'failed':
      throw new MeshError('start-failed', end.text, { ...end });
    case 'duplicate':
      throw new MeshError('node-stopped', 'another node of the mesh has the same id, and is older', { ...end });
    case 'stopped':
      throw new MeshError('node-stopped', 'the node was stopped before it was ready', { ...end });
    default:
      return end satisfies never;
  }
}
