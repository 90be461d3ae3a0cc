import type { CellHost, LifePhase, LivingCell } from './cell-host.js';
import { CellTimers, TIMER_PREFIX } from './cell-timers.js';
import type { BuiltInWish } from './definition.js';
import { failureFrom, RuntimeError } from './errors.js';
import { failureDetail } from './inspection.js';
import { MachineRun, type Step } from './machine-run.js';
import type { Envelope } from './mailbox.js';
import { type Message, STOP } from './message.js';
import { Scope } from './scope.js';
import type { Self } from './self.js';
import { selfOf } from './self-of.js';

/** What is true of a life after a step. */
export type LifeState =
  | { readonly type: 'goes-on' }
  | { readonly type: 'done'; readonly output: unknown }
  | { readonly type: 'failed'; readonly thrown: unknown };

type Effect = (wish: never) => void;

const GOES_ON: LifeState = { type: 'goes-on' };
const DONE: LifeState = { type: 'done', output: undefined };

/** Long enough for a listener or a file to close in order; then the scope goes on without it, and says so. */
const CLOSE_WITHIN_MS = 5_000;

/** One life of an actor, from its machine's first state to the closing of everything that it opened. */
export class Life implements LifePhase {
  readonly scope: Scope;
  readonly timers: CellTimers;
  readonly #cell: LivingCell;
  readonly #host: CellHost;
  readonly #self: Self<never>;
  readonly #onOwnStep: (step: () => LifeState) => void;
  #effects: ReadonlyMap<string, Effect> = new Map();
  #run: MachineRun | undefined;
  #phase: 'living' | 'closing' | 'closed' = 'living';

  /** `onOwnStep` runs a step that the machine took by itself, as the cell runs those that messages cause. */
  constructor(cell: LivingCell, host: CellHost, onOwnStep: (step: () => LifeState) => void) {
    this.#cell = cell;
    this.#host = host;
    const patience = { clock: host.clock, closeWithinMs: CLOSE_WITHIN_MS };
    this.scope = new Scope((label, thrown) => this.#closerFailed(label, thrown), patience);
    this.timers = new CellTimers(host.clock, host.random, (name, generation) => {
      cell.post({ type: `${TIMER_PREFIX}${name}` }, 'timer', generation);
    });
    this.#self = selfOf({ host, cell, life: this, scope: this.scope });
    this.#onOwnStep = onOwnStep;
  }

  get isAlive(): boolean {
    return this.#phase === 'living';
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  get state(): string {
    return this.#run?.state ?? '';
  }

  get context(): unknown {
    return this.#run?.context;
  }

  /**
   * Makes the effects and enters the machine's first state. What the definition throws here (a missing port, an effect
   * table or a context that cannot be made) is a failure like any other: what was opened before it is closed.
   */
  start(input: unknown): LifeState {
    const { definition } = this.#cell;
    try {
      const ports = this.#host.portsFor(definition) as never; // erased by defineActor
      this.#effects = new Map(Object.entries<Effect>(definition.effects(ports, this.#self as never)));
      const onOwnStep = (step: Step): void => this.#onOwnStep(() => this.#settle(step, undefined, ''));
      this.#run = new MachineRun(definition, { input, clock: this.#host.clock, onOwnStep });
    } catch (thrown) {
      return { type: 'failed', thrown };
    }
    return this.#settle(this.#run.start(), undefined, '');
  }

  handle(envelope: Envelope): LifeState {
    const { message } = envelope;
    const run = this.#run;
    if (run === undefined || this.#isSpentTimer(envelope)) {
      return GOES_ON;
    }
    const from = this.#host.isWatched ? run.state : '';
    const step = run.send(message);
    const settled = this.#settle(step, message, from);
    return !step.isHandled && settled === GOES_ON ? this.#unhandled(message) : settled;
  }

  /** No message is handled any more; all that was opened is closed, then `done` is called. */
  close(done: () => void): void {
    this.#phase = 'closing';
    this.timers.disarmAll();
    this.#run?.end();
    this.scope.close(() => {
      this.#phase = 'closed';
      done();
    });
  }

  #isSpentTimer(envelope: Envelope): boolean {
    const isTimer = envelope.class === 'timer';
    return isTimer && !this.timers.spend(envelope.message.type.slice(TIMER_PREFIX.length), envelope.tie);
  }

  /** A message that the state neither handles nor names as ignored. Who has no answer to `stop` is stopped at once. */
  #unhandled(message: Message): LifeState {
    const isStop = message.type === STOP.type;
    const isExpected = isStop && !this.#cell.definition.messages.has(STOP.type);
    if (this.#run?.ignores(message.type) === true) {
      return GOES_ON;
    }
    if (!isExpected) {
      this.#host.tell(this.#cell.address, 'unhandled', message.type, { state: this.state });
    }
    return isStop ? DONE : GOES_ON;
  }

  #closerFailed(label: string, thrown: unknown): void {
    this.#host.tell(this.#cell.address, 'failure', 'close-failed', { ...failureDetail(failureFrom(thrown)), label });
    if (this.isAlive) {
      this.#cell.fail(thrown);
    }
  }

  /** Grants the step's wishes in order, then looks whether the machine is at its end. */
  #settle(step: Step, message: Message | undefined, from: string): LifeState {
    if (this.#host.isWatched) {
      this.#show(step, message, from);
    }
    if (step.status === 'error') {
      return { type: 'failed', thrown: step.thrown };
    }
    try {
      for (const wish of step.wishes) {
        this.#grant(wish);
      }
    } catch (thrown) {
      return { type: 'failed', thrown };
    }
    return step.status === 'done' ? { type: 'done', output: step.output } : GOES_ON;
  }

  #grant(wish: Message): void {
    const effect = this.#effects.get(wish.type);
    if (effect !== undefined) {
      effect(wish as never); // the table was checked against the machine's wishes by defineActor
      return;
    }
    if (!this.#grantBuiltIn(wish as BuiltInWish)) {
      throw new RuntimeError('unhandled-wish', `${this.#cell.definition.kind} has no effect for ${wish.type}`);
    }
  }

  #grantBuiltIn(wish: BuiltInWish): boolean {
    switch (wish.type) {
      case 'arm-timer':
        this.timers.arm(wish.name, wish.delayMs, wish.jitter);
        return true;
      case 'disarm-timer':
        this.timers.disarm(wish.name);
        return true;
      case 'send':
        this.#self.send(wish.to, wish.message);
        return true;
      case 'publish':
        this.#self.publish(wish.topic, wish.payload);
        return true;
      case 'reply':
        this.#host.reply(this.#cell.address, wish.to, wish.value);
        return true;
      case 'lower':
        this.#self.lower(wish.address);
        return true;
      default:
        return false;
    }
  }

  #show(step: Step, message: Message | undefined, from: string): void {
    const detail = { from, to: this.state, message };
    this.#host.show(this.#cell.address, 'step', message?.type ?? 'start', detail);
    for (const wish of step.wishes) {
      this.#host.show(this.#cell.address, 'effect', wish.type, { wish });
    }
  }
}
