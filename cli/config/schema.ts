// What a configuration may say: the one table that the parser, the help and the documentation are made from
// (mesh-protocol 9.3). The entities themselves stand in the `*-entities.ts` files beside this one.
import { BACKEND_ENTITIES } from './backend-entities.js';
import type { EntitySection, EntitySpec, ParameterSpec } from './entity-spec.js';
import { NODE_ENTITIES } from './node-entities.js';
import { SERVICE_ENTITIES } from './service-entities.js';
import { TLS_ENTITIES } from './tls-entities.js';
import { WORK_ENTITIES } from './work-entities.js';

/** All entities in the order of the help. */
export const SECTIONS: readonly EntitySection[] = [
  { title: 'The node itself', entities: NODE_ENTITIES },
  { title: 'Links to other nodes', entities: BACKEND_ENTITIES },
  { title: 'Services on the mesh', entities: SERVICE_ENTITIES },
  { title: 'Kinds of work that this node does', entities: WORK_ENTITIES },
  { title: 'TLS and certificates', entities: TLS_ENTITIES },
];

const ENTITIES: ReadonlyMap<string, EntitySpec> = new Map(
  SECTIONS.flatMap(({ entities }) => entities).map((entity) => [entity.name, entity]),
);

/** The entity of exactly this name. */
export function entityNamed(name: string): EntitySpec | undefined {
  return ENTITIES.get(name);
}

/** The names that help shows. */
export function entityNames(): readonly string[] {
  return [...ENTITIES.values()].filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);
}

/** The parameter of this name, in any case. */
export function parameterNamed(entity: EntitySpec, name: string): ParameterSpec | undefined {
  const wanted = name.toLowerCase();
  return entity.parameters.find((parameter) => parameter.name === wanted);
}
