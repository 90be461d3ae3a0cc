import assert from 'node:assert/strict';
import { type AnyActor, type AnyTransitionDefinition, createActor, type InspectionEvent } from 'xstate';
import type { ActorDefinition, AnyActorDefinition } from '../../runtime/define-actor.js';
import { hasTransition, isIgnored, statePaths } from '../../runtime/machine-run.js';
import type { Message } from '../../runtime/message.js';
import { nodesOf, transitionName, transitionsOf } from './machine-nodes.js';

/** A wish as a plain object; its fields are looked at by comparison. */
export type PlainWish = Message & Readonly<Record<string, unknown>>;

export interface CoverageOptions {
  /** Transitions that need not be taken, each by its full name. */
  readonly waived?: readonly string[];
}

/**
 * Drives machines of one definition alone, without a runtime, and remembers which transitions were taken by all of them
 * together. Make one for each test file; end the file with `coverage`.
 *
 *     const driver = new MachineDriver(link);
 *     const machine = driver.start({ cost: 1 });
 *     assert.deepEqual(machine.send({ type: 'session.closed' }), [{ type: 'disarm-timer', name: 'idle' }]);
 */
export class MachineDriver<Input> {
  readonly #definition: ActorDefinition<Input>;
  readonly #taken = new Set<AnyTransitionDefinition>();

  constructor(definition: ActorDefinition<Input>) {
    this.#definition = definition;
  }

  /** A machine that has entered its first state; what it wished there is in `wishes`. */
  start(input: Input): DrivenMachine {
    return new DrivenMachine(this.#definition, input, (transitions) => {
      for (const transition of transitions) {
        this.#taken.add(transition);
      }
    });
  }

  /** Names of the transitions that no machine of this driver has taken. */
  untaken(): readonly string[] {
    return this.#named()
      .filter(([, transition]) => !this.#taken.has(transition))
      .map(([name]) => name);
  }

  /** Fails when fewer of the transitions were taken than this part of them (0 to 1), the waived ones left aside. */
  atLeast(part: number, { waived = [] }: CoverageOptions = {}): void {
    const names = this.#named().map(([name]) => name);
    const untaken = this.untaken();
    const pointless = waived.filter((name) => !untaken.includes(name));
    assert.deepEqual(pointless, [], 'these waived transitions were taken, or do not exist');
    const left = untaken.filter((name) => !waived.includes(name));
    const counted = names.length - waived.length;
    const reached = counted === 0 ? 1 : (counted - left.length) / counted;
    const percent = `${Math.floor(100 * reached)} % of ${counted} transitions`;
    assert.ok(reached >= part, `${this.#definition.kind}: ${percent} were taken; not these:\n  ${left.join('\n  ')}`);
  }

  /** Every transition with a name of its own: where two read alike they are numbered. */
  #named(): readonly (readonly [string, AnyTransitionDefinition])[] {
    const seen = new Map<string, number>();
    return nodesOf(this.#definition.machine)
      .flatMap(transitionsOf)
      .map((transition) => {
        const name = transitionName(transition);
        const nth = (seen.get(name) ?? 0) + 1;
        seen.set(name, nth);
        return [nth === 1 ? name : `${name} #${nth}`, transition] as const;
      });
  }
}

/** One machine under test. Wishes come back as plain lists; nothing is carried out. */
export class DrivenMachine {
  readonly #definition: AnyActorDefinition;
  readonly #actor: AnyActor;
  readonly #wishes: PlainWish[] = [];
  readonly #errors: unknown[] = [];
  /** What the first state wished on being entered. */
  readonly wishes: readonly PlainWish[];

  constructor(
    definition: AnyActorDefinition,
    input: unknown,
    onTaken: (transitions: readonly AnyTransitionDefinition[]) => void,
  ) {
    this.#definition = definition;
    const inspect = (event: InspectionEvent): void => {
      if (event.type === '@xstate.microstep') {
        onTaken(event._transitions);
      }
    };
    this.#actor = createActor(definition.machine, { input, inspect, clock: noClock });
    this.#actor.on('*', (wish: PlainWish) => this.#wishes.push(wish));
    this.#actor.subscribe({ error: (thrown: unknown) => this.#errors.push(thrown) });
    this.#actor.start();
    this.wishes = this.#outcome();
  }

  /** `a.b`; parallel regions joined by `+`. */
  get state(): string {
    return statePaths(this.#actor.getSnapshot().value).join('+');
  }

  get context(): unknown {
    return this.#actor.getSnapshot().context;
  }

  get isDone(): boolean {
    return this.#actor.getSnapshot().status === 'done';
  }

  get output(): unknown {
    return this.#actor.getSnapshot().output;
  }

  /**
   * Hands it a message; returns what it wishes. Throws what a guard or an assign throws. Fails for a message that the
   * definition does not know, or that this state neither handles nor names as ignored.
   */
  send<M extends Message>(message: M): readonly PlainWish[] {
    const { kind, messages } = this.#definition;
    assert.ok(messages.has(message.type), `${kind} has no message ${message.type}`);
    assert.ok(!this.isDone, `${kind} is at its end and cannot take ${message.type}`);
    const paths = statePaths(this.#actor.getSnapshot().value);
    const isKnown = paths.some((path) => hasTransition(this.#definition, path, message.type));
    const isNamed = paths.some((path) => isIgnored(this.#definition, path, message.type));
    assert.ok(isKnown || isNamed, `${kind} neither handles nor ignores ${message.type} in ${this.state}`);
    this.#actor.send(message);
    return this.#outcome();
  }

  /** Hands it several messages; returns all that it wishes. */
  sendAll(sent: readonly Message[]): readonly PlainWish[] {
    return sent.flatMap((message) => this.send(message));
  }

  #outcome(): readonly PlainWish[] {
    const [thrown] = this.#errors.splice(0);
    if (thrown !== undefined) {
      throw thrown;
    }
    return this.#wishes.splice(0);
  }
}

/** A machine of ours has no delays: a timer is a wish. */
const noClock = {
  setTimeout: () => assert.fail('a machine must wish for its timers (arm-timer) instead of using delays'),
  clearTimeout: () => undefined,
};
