import type { ActorDefinition } from '../runtime/define-actor.js';
import { controlServerActor } from './control/server.actor.js';
import { PLAIN_WAY } from './mesh/dial-way.js';
import { dialerActor } from './mesh/dialer.actor.js';
import { directoryActor } from './mesh/directory.actor.js';
import { flooderActor } from './mesh/flooder.actor.js';
import type { LinkPolicy } from './mesh/link-rules.js';
import { listenerActor } from './mesh/listener.actor.js';
import { routerActor } from './mesh/router.actor.js';
import type { LinkOptions, NodeOptions } from './node-options.js';
import type { PlannedPart } from './ports.js';
import { pingActor } from './services/ping.actor.js';
import { proberActor } from './services/prober.actor.js';
import { unreachableActor } from './services/unreachable.actor.js';
import { streamsActor } from './streams/streams.actor.js';
import { managerActor } from './work/manager.actor.js';

/** What the reference takes where nothing is said (mesh-protocol 1.5). */
const COST_DEFAULT = 1;

/** The parts of a node in the order of their start; they end in reverse. What others lean on comes first. */
export function partsOf(options: NodeOptions): readonly PlannedPart[] {
  return [
    part('flooder', flooderActor, undefined),
    part('router', routerActor, undefined),
    part('directory', directoryActor, undefined),
    part('unreachable', unreachableActor, undefined),
    part('ping', pingActor, undefined),
    part('prober', proberActor, undefined),
    part('streams', streamsActor, undefined),
    waitingPart('work', managerActor, undefined),
    ...(options.controlServices ?? []).map(({ service, tls, sockets = [] }, at) =>
      waitingPart(`control-${at + 1}`, controlServerActor, { service, sockets, ...named(tls) }),
    ),
    ...(options.listeners ?? []).map(({ address, tls, ...link }, at) =>
      waitingPart(`listener-${at + 1}`, listenerActor, { address, ...named(tls), link: policyOf(link) }),
    ),
    ...(options.peers ?? []).map(({ address, way = PLAIN_WAY, redial = true, ...link }, at) =>
      part(`dialer-${at + 1}`, dialerActor, { address, way, redial, link: policyOf(link) }),
    ),
  ];
}

function part<Input>(name: string, definition: ActorDefinition<Input>, input: Input): PlannedPart {
  return { name, waits: false, raise: (parent) => parent.raise(definition, name, input) };
}

/** A part that says by itself when it is ready. */
function waitingPart<Input>(name: string, definition: ActorDefinition<Input>, input: Input): PlannedPart {
  return { ...part(name, definition, input), waits: true };
}

function named(tls: string | undefined): { readonly tls?: string } {
  return tls === undefined ? {} : { tls };
}

function policyOf(link: LinkOptions & { readonly nodeCosts?: Readonly<Record<string, number>> }): LinkPolicy {
  return { cost: link.cost ?? COST_DEFAULT, nodeCosts: link.nodeCosts ?? {}, allowedPeers: link.allowedPeers };
}
