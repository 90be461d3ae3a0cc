import { type AnyActor, createActor } from 'xstate';
import type { Clock, Timer } from './clock.js';
import type { AnyActorDefinition } from './definition.js';
import type { Message } from './message.js';

/** What one message did to a machine. */
export interface Step {
  /** Wishes in the order of their emission. */
  readonly wishes: readonly Message[];
  /** False when no state has a transition for this message type. */
  readonly isHandled: boolean;
  readonly status: 'active' | 'done' | 'error';
  /** What was thrown by a guard, an assign or a delay. */
  readonly thrown: unknown;
  readonly output: unknown;
}

/** Hears of a step that no message of ours caused: an extension's machine may use XState's own delays and invocations. */
export type OwnStepHearer = (step: Step) => void;

const NONE: readonly Message[] = [];

/**
 * One life of a machine. The only place that runs XState: a message goes in, wishes come out.
 * Nothing else of XState's own actor system is used: its queue is empty after each step, so order and bounds are ours.
 */
export class MachineRun {
  readonly #actor: AnyActor;
  readonly #definition: AnyActorDefinition;
  readonly #onOwnStep: OwnStepHearer;
  #wishes: Message[] = [];
  #thrown: unknown;
  #isDriven = false;

  /** Never throws: a context that cannot be made is the error of the first step. */
  constructor(definition: AnyActorDefinition, run: { input: unknown; clock: Clock; onOwnStep: OwnStepHearer }) {
    this.#definition = definition;
    this.#onOwnStep = run.onOwnStep;
    this.#actor = createActor(definition.machine, { input: run.input, clock: xstateClock(run.clock) });
    this.#actor.on('*', (wish: Message) => {
      this.#wishes.push(wish);
    });
    this.#actor.subscribe({
      next: () => this.#notice(),
      error: (thrown: unknown) => {
        this.#thrown = thrown;
        this.#notice();
      },
    });
  }

  /** Enters the first state. */
  start(): Step {
    this.#drive(() => this.#actor.start());
    return this.#step(true);
  }

  send(message: Message): Step {
    const before = this.#actor.getSnapshot();
    this.#drive(() => this.#actor.send(message));
    const isSame = this.#actor.getSnapshot() === before && this.#wishes.length === 0;
    return this.#step(!isSame || this.knows(message.type));
  }

  /** Stops XState's own bookkeeping; runs no action. */
  end(): void {
    this.#drive(() => this.#actor.stop());
  }

  /** The active state, `a` or `a.b`; parallel regions joined by `+`. Empty when there is none: the first step failed. */
  get state(): string {
    return statePaths(this.#actor.getSnapshot().value).join('+');
  }

  get context(): unknown {
    return this.#actor.getSnapshot().context;
  }

  /** True when an active state, or one above it, has a transition for this type (whatever its guards say now). */
  knows(type: string): boolean {
    const paths = statePaths(this.#actor.getSnapshot().value);
    return paths.some((path) => hasTransition(this.#definition, path, type));
  }

  /** True when this type is named as ignored in the active state. */
  ignores(type: string): boolean {
    return statePaths(this.#actor.getSnapshot().value).some((path) => isIgnored(this.#definition, path, type));
  }

  #drive(act: () => void): void {
    this.#isDriven = true;
    try {
      act();
    } finally {
      this.#isDriven = false;
    }
  }

  #notice(): void {
    if (!this.#isDriven) {
      this.#onOwnStep(this.#step(true));
    }
  }

  #step(isHandled: boolean): Step {
    const snapshot = this.#actor.getSnapshot();
    const wishes = this.#wishes.length === 0 ? NONE : this.#wishes;
    if (wishes !== NONE) {
      this.#wishes = [];
    }
    const thrown = this.#thrown ?? (snapshot.status === 'error' ? snapshot.error : undefined);
    const status = thrown === undefined ? snapshot.status : 'error';
    return { wishes, isHandled, status: status === 'stopped' ? 'done' : status, thrown, output: snapshot.output };
  }
}

/** Every active state as a dotted path. */
export function statePaths(value: unknown, above = ''): readonly string[] {
  if (typeof value === 'string') {
    return [above === '' ? value : `${above}.${value}`];
  }
  if (typeof value !== 'object' || value === null) {
    return above === '' ? [] : [above];
  }
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return above === '' ? [] : [above];
  }
  return entries.flatMap(([name, inner]) => statePaths(inner, above === '' ? name : `${above}.${name}`));
}

/** `a.b.c` and everything above it. */
function prefixes(path: string): readonly string[] {
  const parts = path.split('.');
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'));
}

/** True when `type` is named as ignored in the state at `path`, in one above it, or everywhere. */
export function isIgnored(definition: AnyActorDefinition, path: string, type: string): boolean {
  return ['*', ...prefixes(path)].some((state) => definition.ignores.get(state)?.has(type) === true);
}

/** True when the state at `path`, or one above it, has a transition for messages of this type. */
export function hasTransition(definition: AnyActorDefinition, path: string, type: string): boolean {
  let node = definition.machine.root;
  if (takes(node.transitions, type)) {
    return true;
  }
  for (const name of path.split('.')) {
    const inner = node.states[name];
    if (inner === undefined) {
      return false;
    }
    node = inner;
    if (takes(node.transitions, type)) {
      return true;
    }
  }
  return false;
}

/** XState's descriptors: the type itself, `*`, or `a.b.*` for every type that begins with `a.b` as whole words. */
function takes(transitions: ReadonlyMap<string, unknown>, type: string): boolean {
  if (transitions.has(type) || transitions.has('*')) {
    return true;
  }
  for (const descriptor of transitions.keys()) {
    if (descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1))) {
      return true;
    }
  }
  return false;
}

interface XStateClock {
  setTimeout(fire: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** One for each clock: thousands of machines share it. */
const xstateClocks = new WeakMap<Clock, XStateClock>();

/** The core's machines never use it (a timer is a wish); an extension's may. */
function xstateClock(clock: Clock): XStateClock {
  const known = xstateClocks.get(clock);
  if (known !== undefined) {
    return known;
  }
  const made: XStateClock = {
    setTimeout: (fire, ms) => clock.setTimer(ms, fire),
    clearTimeout: (timer) => timer.cancel(),
  };
  xstateClocks.set(clock, made);
  return made;
}
