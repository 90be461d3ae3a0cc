import type { Address } from './address.js';
import type { CellHost, CellPhase, CellPlace } from './cell-host.js';
import type { Timer } from './clock.js';
import type { AnyActorDefinition } from './definition.js';
import type { Runnable } from './dispatcher.js';
import { Ending } from './ending.js';
import { type Failure, failureFrom, RuntimeError } from './errors.js';
import { Inbox } from './inbox.js';
import { failureDetail } from './inspection.js';
import { Life, type LifeState } from './life.js';
import { type Message, type MessageClass, type ReplyTo, STOP } from './message.js';
import type { Outcome, Sent } from './self.js';
import { RestartJudge } from './supervisor.js';

/** One place in the actor tree: its mailbox, the lives that are led there, and what happens when one fails. */
export class Cell implements Runnable {
  readonly address: Address;
  readonly definition: AnyActorDefinition;
  readonly #place: CellPlace;
  readonly #host: CellHost;
  readonly #judge: RestartJudge;
  readonly #inbox: Inbox;
  readonly #ending = new Ending();
  #phase: CellPhase = 'resting';
  #life: Life | undefined;
  #lives = 0;
  #handled = 0;
  #restTimer: Timer | undefined;
  #isHandling = false;
  #pendingFault: { readonly thrown: unknown } | undefined;

  constructor(host: CellHost, place: CellPlace) {
    this.#host = host;
    this.address = place.address;
    this.definition = place.definition;
    this.#place = place;
    this.#judge = new RestartJudge(place.policy);
    this.#inbox = new Inbox(host, place.address, place.definition.mailbox);
  }

  get phase(): CellPhase {
    return this.#phase;
  }

  /** The life that is led now, for inspection. */
  get life(): Life | undefined {
    return this.#life;
  }

  /** Counts lives: 1 at first, one more at each restart. */
  get lives(): number {
    return this.#lives;
  }

  /** Messages that wait. */
  get depth(): number {
    return this.#inbox.depth;
  }

  /** Messages that were handled, over all lives. */
  get handled(): number {
    return this.#handled;
  }

  /** Begins a life: the first, or the next after a rest. */
  start(): void {
    const life = new Life(this, this.#host, (step) => this.tookStep(step));
    this.#lives += 1;
    this.#phase = 'living';
    this.#life = life;
    this.#host.tell(this.address, 'supervision', 'raised', { kind: this.definition.kind, life: this.#lives });
    this.tookStep(() => life.start(this.#place.input));
    if (this.#phase === 'living' && this.#inbox.depth > 0) {
      this.#host.wake(this);
    }
  }

  /** Takes a message from another actor or from outside; `asked` is the question that it carries. */
  send(message: Message, asked?: ReplyTo): Sent {
    const messageClass = this.definition.messages.get(message.type);
    // What comes from a timer or from the runtime itself cannot be sent by anybody else.
    if (messageClass === undefined || messageClass === 'timer' || messageClass === 'system') {
      this.#host.deadLetter(this.address, message, 'unknown-message');
      return 'unknown-message';
    }
    return this.post(message, messageClass, asked);
  }

  /** Asks it to stop, by force when it takes too long. `done` is called once it has ended. */
  stop(done: () => void): void {
    this.whenEnded(done);
    const isFirst = this.#ending.ask();
    if (this.#phase === 'resting') {
      this.#end({ type: 'stopped' });
    } else if (this.#phase === 'living' && isFirst) {
      this.#ending.limit(this.#host.clock, this.definition.stopWithinMs, () => this.#stopByForce());
      this.post(STOP, 'system');
    }
  }

  whenEnded(done: () => void): void {
    if (this.#phase === 'ended') {
      done();
    } else {
      this.#ending.whenEnded(done);
    }
  }

  /** A fault of this actor that did not happen inside a step. */
  fail(thrown: unknown): void {
    if (this.#isHandling) {
      this.#pendingFault ??= { thrown };
    } else if (this.#phase === 'living') {
      this.#onFailure(thrown);
    } else {
      this.#tellFailure(thrown);
    }
  }

  /** Takes a message whose class is known. `tie` is the timer's arming or the question that it carries. */
  post(message: Message, messageClass: MessageClass, tie = 0): Sent {
    if (this.#phase === 'ended') {
      this.#host.deadLetter(this.address, message, 'ended');
      return 'no-such-actor';
    }
    const posted = this.#inbox.post(message, messageClass, tie);
    if (posted === 'overrun') {
      const text = `${this.address} asked for more at once than its mailbox can take`;
      this.fail(new RuntimeError('mailbox-overrun', text, { data: { type: message.type } }));
    }
    if (posted === 'taken' && this.#phase === 'living') {
      this.#host.wake(this);
    }
    return posted === 'taken' ? 'taken' : 'refused';
  }

  runOne(): boolean {
    const life = this.#life;
    const envelope = this.#phase === 'living' ? this.#inbox.take() : undefined;
    if (life === undefined || envelope === undefined) {
      return false;
    }
    this.#handled += 1;
    this.tookStep(() => life.handle(envelope));
    return this.#phase === 'living' && this.#inbox.depth > 0;
  }

  /** Runs a step of the life that is led now and acts upon what came of it. Whatever it throws is a failure. */
  tookStep(step: () => LifeState): void {
    if (this.#phase !== 'living') {
      return;
    }
    this.#isHandling = true;
    let state: LifeState;
    try {
      state = step();
    } catch (thrown) {
      state = { type: 'failed', thrown };
    }
    this.#isHandling = false;
    this.#afterStep(state);
  }

  #afterStep(state: LifeState): void {
    const fault = this.#pendingFault;
    this.#pendingFault = undefined;
    if (state.type === 'failed') {
      this.#onFailure(state.thrown);
    } else if (fault !== undefined) {
      this.#onFailure(fault.thrown);
    } else if (state.type === 'done') {
      const { output } = state;
      this.#closeLife(() => this.#end(this.#ending.isAsked ? { type: 'stopped' } : { type: 'done', output }));
    }
  }

  /** A life that is being closed needs no force: what it opened has limits of its own. */
  #stopByForce(): void {
    if (this.#phase === 'living') {
      this.#host.tell(this.address, 'supervision', 'stop-overdue', { state: this.#life?.state });
      this.#closeLife(() => this.#end({ type: 'stopped' }));
    }
  }

  #onFailure(thrown: unknown): void {
    const failure = this.#tellFailure(thrown);
    this.#closeLife(() => {
      const outcome = { type: 'failed', code: failure.code, text: failure.text } as const;
      if (this.#ending.isAsked) {
        this.#end(outcome);
      } else {
        this.#judgeFailure(outcome, thrown);
      }
    });
  }

  #judgeFailure(outcome: Extract<Outcome, { readonly type: 'failed' }>, thrown: unknown): void {
    const verdict = this.#judge.judge(this.#host.clock.monotonicMs(), this.#host.random);
    this.#host.tell(this.address, 'supervision', verdict.type, { ...verdict });
    if (verdict.type === 'restart') {
      this.#phase = 'resting';
      this.#life = undefined;
      this.#inbox.keepRequestsOnly();
      this.#restTimer = this.#host.clock.setTimer(verdict.delayMs, () => this.start());
      return;
    }
    this.#end(outcome);
    if (verdict.type === 'escalate') {
      const code = verdict.gaveUp ? 'restart-limit' : 'child-escalated';
      this.#place.parent?.fail(new RuntimeError(code, `${this.address} failed: ${outcome.text}`, { cause: thrown }));
    }
  }

  #closeLife(then: () => void): void {
    this.#phase = 'closing';
    this.#host.abandonAsks(this.address, this.#inbox.questions());
    this.#life?.close(then);
  }

  #end(outcome: Outcome): void {
    this.#phase = 'ended';
    this.#life = undefined;
    this.#restTimer?.cancel();
    this.#ending.cancelLimit();
    this.#inbox.abandon();
    this.#host.abandonAsks(this.address, new Set());
    this.#host.ended(this.#place, outcome);
    this.#ending.ended((thrown) => this.#tellFailure(thrown));
  }

  #tellFailure(thrown: unknown): Failure {
    const failure = failureFrom(thrown);
    this.#host.tell(this.address, 'failure', failure.code, { ...failureDetail(failure), state: this.#life?.state });
    return failure;
  }
}
