import { type Address, childAddress, parentOf, rootAddress } from './address.js';
import { Bus } from './bus.js';
import { Cell } from './cell.js';
import type { CellHost, CellPlace, ChildPlan, ParentCell } from './cell-host.js';
import type { Clock, Scheduler } from './clock.js';
import type { ActorDefinition, AnyActorDefinition } from './definition.js';
import { Dispatcher } from './dispatcher.js';
import { RuntimeError } from './errors.js';
import type { InspectionHub } from './inspection.js';
import type { Message, ReplyTo, Topic } from './message.js';
import type { Random } from './random.js';
import type { Outcome, Sent } from './self.js';
import { Turn } from './turn.js';

export interface SystemOptions {
  /** The name of the first actor, and the first part of every address. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

/** What is under way in a system. */
export interface SystemCounts {
  readonly actors: number;
  /** Questions that wait for an answer. */
  readonly asks: number;
  /** Hearers of topics, actors and others. */
  readonly hearers: number;
  /** Actors that wait for their turn. */
  readonly ready: number;
  /** Streams and lanes that wait for the end of the turn. */
  readonly marked: number;
  /** Since the start. */
  readonly deadLetters: number;
}

/** All actors of one node: assembles the bus, the dispatcher and the first actor, starts and stops them. */
export class System {
  readonly clock: Clock;
  readonly hub: InspectionHub;
  readonly turn: Turn;
  readonly #options: SystemOptions;
  readonly #bus: Bus;
  readonly #dispatcher: Dispatcher;
  readonly #host: CellHost;
  readonly #root: Address;
  readonly #onRootEnded: ((outcome: Outcome) => void)[] = [];
  #outcome: Outcome | undefined;
  readonly #portsByDefinition = new Map<AnyActorDefinition, object>();
  #ports: Readonly<Record<string, unknown>> = {};

  constructor(options: SystemOptions) {
    const { name, clock, scheduler } = options;
    this.#options = options;
    this.clock = clock;
    this.#root = rootAddress(name);
    this.#bus = new Bus(clock);
    this.hub = this.#bus.hub;
    this.#dispatcher = new Dispatcher(scheduler, (thrown) => this.#bus.note(this.#root, 'dispatcher', thrown));
    this.turn = new Turn(scheduler, (thrown) => this.#bus.note(this.#root, 'turn-task', thrown));
    this.#host = this.#makeHost();
  }

  /** Raises the first actor. It raises the rest, in order; when it stops they are lowered in reverse. Once only. */
  start<Input>(definition: ActorDefinition<Input>, input: Input, ports: object): Address {
    if (this.#outcome !== undefined) {
      throw new RuntimeError('system-stopped', `${this.#root} has ended; make a new system`);
    }
    this.#ports = Object.fromEntries(Object.entries(ports));
    const plan: ChildPlan = { definition, name: this.#options.name, input, options: {} };
    return this.#raise(undefined, plan, this.#root).address;
  }

  /** Stops the first actor, and with it everything. Settles when nothing is left. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      const root = this.cellAt(this.#root);
      if (root === undefined) {
        resolve();
      } else {
        root.stop(resolve);
      }
    });
  }

  /** Hears when the first actor is gone, for whatever reason; at once when it is gone already. */
  whenEnded(heard: (outcome: Outcome) => void): void {
    if (this.#outcome === undefined) {
      this.#onRootEnded.push(heard);
    } else {
      heard(this.#outcome);
    }
  }

  send(to: Address, message: Message): Sent {
    return this.#bus.send(undefined, to, message);
  }

  /** Puts a question; settles always, at the latest after `withinMs`. */
  ask<T>(to: Address, message: (replyTo: ReplyTo) => Message, withinMs: number): Promise<T> {
    return this.#bus.ask<T>({ target: to }, message, withinMs);
  }

  /** Hears a topic from outside the actors; returns what ends it. */
  hear<Payload>(topic: Topic<Payload>, hearer: (payload: Payload) => void): () => void {
    return this.#bus.hear(topic, (payload) => hearer(payload as Payload)); // the topic's publishers are typed by it
  }

  /** Hands the payload to every hearer, at once. `from` is who says it, for the records. */
  publish<Payload>(from: Address, topic: Topic<Payload>, payload: Payload): void {
    this.#bus.publish(from, topic, payload);
  }

  /** Living actors, in the order of their raising. */
  cells(): Iterable<Cell> {
    return this.#bus.cells.values();
  }

  cellAt(address: Address): Cell | undefined {
    return this.#bus.cells.get(address);
  }

  /** What is under way, for the question whether something was left behind. */
  counts(): SystemCounts {
    const bus = this.#bus;
    return {
      actors: bus.cells.size,
      asks: bus.asks,
      hearers: bus.hearers,
      ready: this.#dispatcher.depth,
      marked: this.turn.marked,
      deadLetters: bus.deadLetters,
    };
  }

  #makeHost(): CellHost {
    const bus = this.#bus;
    return {
      clock: this.clock,
      random: this.#options.random.split('cells'),
      get isWatched() {
        return bus.hub.isWatched;
      },
      portsFor: (definition) => this.#portsFor(definition),
      wake: (cell) => this.#dispatcher.wake(cell),
      send: (from, to, message) => bus.send(from, to, message),
      publish: (from, topic, payload) => bus.publish(from, topic, payload),
      hear: (topic, hearer) => bus.hear(topic, hearer),
      ask: (from, to, message, withinMs) => bus.ask({ target: to, asker: from }, message, withinMs),
      reply: (from, to, value) => bus.reply(from, to, value),
      abandonAsks: (cell, unread) => bus.abandonAsks(cell, unread),
      abandonAsk: (replyTo, error) => bus.abandonAsk(replyTo, error),
      raise: (parent, plan) => this.#raise(this.cellAt(parent), plan, childAddress(parent, plan.name)),
      childOf: (parent, child) => (parentOf(child) === parent ? this.cellAt(child) : undefined),
      tell: (cell, kind, subject, detail) => bus.tell(cell, kind, subject, detail),
      show: (cell, kind, subject, detail) => bus.show(cell, kind, subject, detail),
      deadLetter: (to, message, reason) => bus.deadLetter(to, message, reason),
      ended: (place, outcome) => this.#ended(place, outcome),
    };
  }

  /** Made once for each definition: thousands of its actors share them. */
  #portsFor(definition: AnyActorDefinition): object {
    const known = this.#portsByDefinition.get(definition);
    if (known !== undefined) {
      return known;
    }
    const entries = definition.needs.map((name) => {
      if (!Object.hasOwn(this.#ports, name)) {
        throw new RuntimeError('invalid-use', `${definition.kind} needs the port ${name}, which this node has not`);
      }
      return [name, this.#ports[name]] as const;
    });
    const ports = Object.freeze(Object.fromEntries(entries));
    this.#portsByDefinition.set(definition, ports);
    return ports;
  }

  #raise(parent: ParentCell | undefined, plan: ChildPlan, address: Address): Cell {
    const policy = plan.options.supervision ?? plan.definition.supervision;
    const cell = new Cell(this.#host, { address, definition: plan.definition, parent, input: plan.input, policy });
    this.#bus.enter(cell);
    cell.start();
    return cell;
  }

  #ended({ address, parent, definition }: CellPlace, outcome: Outcome): void {
    this.#bus.leave(address);
    this.#bus.tell(address, 'supervision', 'ended', { kind: definition.kind, outcome });
    if (parent === undefined) {
      this.#rootEnded(outcome);
    } else if (parent.definition.messages.has('child.ended')) {
      const message = { type: 'child.ended', child: address, kind: definition.kind, outcome };
      parent.post(message, 'system');
    }
  }

  #rootEnded(outcome: Outcome): void {
    this.#outcome = outcome;
    for (const heard of this.#onRootEnded.splice(0)) {
      try {
        heard(outcome);
      } catch (thrown) {
        this.#bus.note(this.#root, 'end-hearer', thrown);
      }
    }
  }
}
