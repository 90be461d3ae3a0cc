import assert from 'node:assert/strict';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { AnyActorDefinition } from '../../runtime/define-actor.js';
import { hasTransition, isIgnored } from '../../runtime/machine-run.js';
import { namesIn, nodesOf, pathOf, restingPlaces, transitionName, transitionsOf } from './machine-nodes.js';

/** What a state does with a message. */
export type TableCell = 'handled' | 'ignored' | 'MISSING';

export interface MachineTable {
  readonly types: readonly string[];
  /** One row for each state in which the actor can stay. */
  readonly rows: readonly { readonly state: string; readonly cells: readonly TableCell[] }[];
}

/** Every state by every message. In parallel states it is enough that one region answers. */
export function machineTable(definition: AnyActorDefinition): MachineTable {
  const types = Array.from(definition.messages.keys());
  const rows = restingPlaces(definition.machine).map((node) => ({
    state: pathOf(node),
    cells: types.map((type) => cellOf(definition, node, type)),
  }));
  return { types, rows };
}

/** The table as lines, for a failing test and for people. */
export function printTable({ types, rows }: MachineTable): string {
  const states = rows.map(({ state, cells }) => {
    const missing = types.filter((_, at) => cells[at] === 'MISSING');
    const ignored = types.filter((_, at) => cells[at] === 'ignored');
    return `${state}: missing ${missing.join(', ') || 'nothing'}; ignores ${ignored.join(', ') || 'nothing'}`;
  });
  return states.join('\n');
}

/**
 * The assertion of every actor's test: every message is handled, or named as ignored, in every state; nothing is named
 * that need not be; every state can be reached; every name has its meaning.
 */
export function assertExplicit(definition: AnyActorDefinition): void {
  const problems = problemsOf(definition);
  assert.ok(problems.length === 0, `${definition.kind}:\n  ${problems.join('\n  ')}`);
}

/** All that `assertExplicit` would complain about. */
export function problemsOf(definition: AnyActorDefinition): readonly string[] {
  return [
    ...missing(definition),
    ...staleIgnores(definition),
    ...unreachable(definition.machine),
    ...undeclared(definition),
    ...wrongClasses(definition),
    ...nameless(definition.machine),
  ];
}

function cellOf(definition: AnyActorDefinition, node: AnyStateNode, type: string): TableCell {
  if (hasTransition(definition, pathOf(node), type) || otherRegionHandles(definition, node, type)) {
    return 'handled';
  }
  return isIgnored(definition, pathOf(node), type) ? 'ignored' : 'MISSING';
}

/** True when this state is active only together with a region that handles the message wherever it stands. */
function otherRegionHandles(definition: AnyActorDefinition, node: AnyStateNode, type: string): boolean {
  const { parent } = node;
  if (parent === undefined) {
    return false;
  }
  const regions = parent.type === 'parallel' ? Object.values(parent.states).filter((region) => region !== node) : [];
  return regions.some((region) => handles(definition, region, type)) || otherRegionHandles(definition, parent, type);
}

/** True when the message is handled in every state in which this part of the machine can stay. */
function handles(definition: AnyActorDefinition, node: AnyStateNode, type: string): boolean {
  if (hasTransition(definition, pathOf(node), type)) {
    return true;
  }
  const inner = Object.values(node.states).filter((state) => state.type !== 'final' && state.type !== 'history');
  if (inner.length === 0) {
    return false;
  }
  const answers = (state: AnyStateNode): boolean => handles(definition, state, type);
  return node.type === 'parallel' ? inner.some(answers) : inner.every(answers);
}

function missing(definition: AnyActorDefinition): readonly string[] {
  const { types, rows } = machineTable(definition);
  return rows.flatMap(({ state, cells }) =>
    types.filter((_, at) => cells[at] === 'MISSING').map((type) => `${state} neither handles nor ignores ${type}`),
  );
}

function staleIgnores(definition: AnyActorDefinition): readonly string[] {
  const { machine, ignores, messages } = definition;
  const places = restingPlaces(machine);
  return Array.from(ignores).flatMap(([state, types]) => {
    const within = state === '*' ? places : places.filter((node) => `${pathOf(node)}.`.startsWith(`${state}.`));
    if (within.length === 0) {
      return [`ignores names the state ${state}, which there is not`];
    }
    return Array.from(types).flatMap((type) => {
      const isNeeded = within.some((node) => !hasTransition(definition, pathOf(node), type));
      return [
        ...(messages.has(type) ? [] : [`ignores names the message ${type}, which there is not`]),
        ...(isNeeded ? [] : [`${state} ignores ${type}, but handles it`]),
        ...(isTwice(definition, state, type) ? [`${state} ignores ${type}, which is ignored above it already`] : []),
      ];
    });
  });
}

function isTwice(definition: AnyActorDefinition, state: string, type: string): boolean {
  if (state === '*') {
    return false;
  }
  const above = state.slice(0, Math.max(0, state.lastIndexOf('.')));
  const isEverywhere = definition.ignores.get('*')?.has(type) === true;
  return isEverywhere || (above !== '' && isIgnored(definition, above, type));
}

function unreachable(machine: AnyStateMachine): readonly string[] {
  const reached = new Set<AnyStateNode>();
  const waiting: AnyStateNode[] = [machine.root];
  for (const node of waiting) {
    if (!reached.has(node)) {
      reached.add(node);
      waiting.push(...neighboursOf(node));
    }
  }
  const unreached = nodesOf(machine).filter((node) => node.type !== 'history' && !reached.has(node));
  return unreached.map((node) => `no transition leads to ${pathOf(node)}`);
}

/** Where one can be right after having been in this state. */
function neighboursOf(node: AnyStateNode): readonly AnyStateNode[] {
  const entered = node.type === 'parallel' ? Object.values(node.states) : (node.initial?.target ?? []);
  const targets = transitionsOf(node).flatMap((transition) => transition.target ?? []);
  const above = node.parent === undefined ? [] : [node.parent];
  return [...entered, ...targets, ...above];
}

function undeclared(definition: AnyActorDefinition): readonly string[] {
  const { machine, messages } = definition;
  const described = nodesOf(machine).flatMap((node) => Array.from(node.transitions.keys()));
  const own = new Set(described.filter((type) => !type.startsWith('xstate.') && !type.endsWith('*')));
  const unknown = Array.from(own).filter((type) => !messages.has(type));
  const unused = Array.from(messages.keys()).filter(
    (type) => !restingPlaces(machine).some((node) => hasTransition(definition, pathOf(node), type)),
  );
  return [
    ...unknown.map((type) => `${type} is handled but has no class in messages`),
    ...unused.map((type) => `${type} is handled in no state`),
  ];
}

/** What the runtime itself sends has a class of its own. */
function wrongClasses({ messages }: AnyActorDefinition): readonly string[] {
  const system = new Set(['stop', 'child.ended']);
  const wrong = Array.from(messages).filter(([type, messageClass]) => {
    const isTimer = type.startsWith('timer.');
    return isTimer !== (messageClass === 'timer') || system.has(type) !== (messageClass === 'system');
  });
  const problems = wrong.map(([type, messageClass]) => `${type} cannot be of class ${messageClass}`);
  return messages.has('stop') ? problems : [...problems, 'there is no answer to stop'];
}

/** XState passes over a name that has no implementation, without a word. */
function nameless(machine: AnyStateMachine): readonly string[] {
  const actions = new Set(Object.keys(machine.implementations.actions));
  const guards = new Set(Object.keys(machine.implementations.guards));
  return nodesOf(machine).flatMap((node) => {
    const transitions = transitionsOf(node);
    const mentioned = [node.entry, node.exit, ...transitions.map((transition) => transition.actions)].flatMap(namesIn);
    const own = mentioned.filter((name) => !name.startsWith('xstate.') && !actions.has(name));
    const unknownGuards = transitions.filter((transition) => {
      return namesIn(transition.guard).some((name) => !name.startsWith('xstate.') && !guards.has(name));
    });
    return [
      ...own.map((name) => `${pathOf(node)} names the action ${name}, which there is not`),
      ...unknownGuards.map((transition) => `there is no such guard: ${transitionName(transition)}`),
    ];
  });
}
