import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** Every state of a machine, the root first. */
export function nodesOf(machine: AnyStateMachine): readonly AnyStateNode[] {
  const nodes: AnyStateNode[] = [machine.root];
  for (const node of nodes) {
    nodes.push(...Object.values(node.states));
  }
  return nodes;
}

/** `a.b`; the root is `(root)`. */
export function pathOf(node: AnyStateNode): string {
  return node.path.length === 0 ? '(root)' : node.path.join('.');
}

/** The states in which an actor can stay: neither final, nor only a memory, nor made of others, nor left at once. */
export function restingPlaces(machine: AnyStateMachine): readonly AnyStateNode[] {
  return nodesOf(machine).filter((node) => node.type === 'atomic' && node.path.length > 0 && !isLeftAtOnce(node));
}

/** True when this state, or one above it, has a transition that needs neither a message nor a guard. */
function isLeftAtOnce(node: AnyStateNode): boolean {
  const isLeft = node.always?.some(({ guard, target }) => guard === undefined && target !== undefined) === true;
  return isLeft || (node.parent !== undefined && isLeftAtOnce(node.parent));
}

/** All transitions that are written at this state: by message, and those that need none. */
export function transitionsOf(node: AnyStateNode): readonly AnyTransitionDefinition[] {
  return [...Array.from(node.transitions.values()).flat(), ...(node.always ?? [])];
}

/** Names of the actions or guards that are mentioned, without those that are written inline. */
export function namesIn(mentioned: unknown): readonly string[] {
  if (typeof mentioned === 'string') {
    return [mentioned];
  }
  if (Array.isArray(mentioned)) {
    return mentioned.flatMap(namesIn);
  }
  const isNamed = typeof mentioned === 'object' && mentioned !== null && 'type' in mentioned;
  return isNamed && typeof mentioned.type === 'string' ? [mentioned.type] : [];
}

/** A transition as people read it: `open.idle: customer.came [isWelcome] -> open.serving`. */
export function transitionName(transition: AnyTransitionDefinition): string {
  const { source, eventType, guard, target } = transition;
  const what = eventType === '' ? 'always' : eventType;
  const [guardName = 'a guard'] = namesIn(guard);
  const condition = guard === undefined ? '' : ` [${guardName}]`;
  const targets = (target ?? []).map((node: AnyStateNode) => pathOf(node));
  return `${pathOf(source)}: ${what}${condition}${targets.length === 0 ? '' : ` -> ${targets.join(' + ')}`}`;
}
