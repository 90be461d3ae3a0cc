import assert from 'node:assert/strict';
import type { Address } from '../../runtime/address.js';
import type { ActorDefinition } from '../../runtime/define-actor.js';
import type { Outcome, Self, Sent } from '../../runtime/self.js';
import type { System } from '../../runtime/system.js';
import { ManualHost, RecordLog } from './manual-host.js';
import { type ProbeInput, type ProbeMessage, ProbeStage, probe } from './probe-actor.js';

type ProbeSelf = Self<ProbeMessage>;

/** A system whose first actor is a probe, on a host that is moved by hand. */
export class ProbeSystem {
  readonly host = new ManualHost();
  readonly system: System = this.host.system();
  readonly stage = new ProbeStage();
  readonly records = new RecordLog(this.system);
  readonly outcomes: Outcome[] = [];
  #root: Address | undefined;

  constructor() {
    this.system.whenEnded((outcome) => this.outcomes.push(outcome));
  }

  get root(): Address {
    assert.ok(this.#root !== undefined, 'the system was not started');
    return this.#root;
  }

  /** What the probes were told since the last look. */
  said(): readonly string[] {
    return this.stage.log.splice(0);
  }

  start(definition: ActorDefinition<ProbeInput> = probe(), input: ProbeInput = {}): this {
    this.#root = this.system.start(definition, input, { stage: this.stage });
    this.host.run();
    return this;
  }

  /** Sends a message that waits until the actors run. */
  post(to: Address, message: ProbeMessage): Sent {
    return this.system.send(to, message);
  }

  /** Sends a message and lets the actors handle it. */
  tell(to: Address, message: ProbeMessage): void {
    this.system.send(to, message);
    this.host.run();
  }

  /** Runs something inside a step of an actor, as its effect. */
  act<T>(address: Address, act: (self: ProbeSelf) => T): T {
    const results: { value: T }[] = [];
    this.tell(address, { type: 'probe.do', act: (self) => void results.push({ value: act(self) }) });
    const [result] = results;
    assert.ok(result !== undefined, `${address} did not act`);
    return result.value;
  }

  /** Raises a child of an actor. */
  raise(parent: Address, name: string, definition = probe(), input: ProbeInput = {}): Address {
    return this.act(parent, (self) => self.raise(definition, name, input));
  }

  /** The phase of the actor there, or `gone`. */
  phase(address: Address): string {
    return this.system.cellAt(address)?.phase ?? 'gone';
  }

  /** Supervision records, as `address verdict`. */
  supervision(): readonly string[] {
    return this.records.lines('supervision');
  }

  /** Failure records, as `address code`. */
  failures(): readonly string[] {
    return this.records.lines('failure');
  }

  /** Dead letters, as `address type reason`. */
  deadLetters(): readonly string[] {
    return this.records
      .of('dead-letter')
      .map(({ address, subject, detail }) => `${address} ${subject} ${detail['reason']}`);
  }
}
