import assert from 'node:assert/strict';
import { createMachine, emit } from 'xstate';
import { type Address, childAddress, rootAddress } from '../../../runtime/address.js';
import { type ActorDefinition, actorsOver } from '../../../runtime/define-actor.js';
import type { Message, MessageClass, ReplyTo } from '../../../runtime/message.js';
import type { Outcome, Self } from '../../../runtime/self.js';
import { TELL_PARENT } from '../../../runtime/supervisor.js';
import type { System } from '../../../runtime/system.js';
import { ManualHost, RecordLog } from '../../support/manual-host.js';
import { NodeParts } from './node-parts.js';

const ROOT = rootAddress('node');

/** Everything as an event, none of whose fields are looked at here. */
type Told = Message & Readonly<Record<string, unknown>>;

interface Ended {
  readonly child: Address;
  readonly outcome: Outcome;
}

const defineStaged = actorsOver<object>();

/** An actor that writes down what it is told, and answers when the test says so. */
export class Listener {
  readonly told: Told[] = [];
  #self: Self<never> | undefined;

  /** The types of what it was told, in order. */
  get types(): readonly string[] {
    return this.told.map(({ type }) => type);
  }

  /** What it was told last with this type. */
  last(type: string): Told {
    const found = this.told.filter((told) => told.type === type).at(-1);
    assert.ok(found !== undefined, `nobody said ${type}, but: ${this.types.join(', ')}`);
    return found;
  }

  /** Answers the last question of this type. */
  answer(type: string, value: unknown): void {
    const { replyTo } = this.last(type);
    this.#self?.reply(replyTo as ReplyTo, value);
  }

  definition(types: readonly string[]): ActorDefinition<undefined> {
    const classes: Record<string, MessageClass> = Object.fromEntries(types.map((type) => [type, 'request']));
    const machine = createMachine({
      initial: 'listening',
      states: { listening: { on: { '*': { actions: emit(({ event }) => ({ type: 'note', event })) } } } },
    });
    const definition = defineStaged({
      kind: 'listener',
      machine,
      messages: classes as never,
      needs: [],
      effects: (_ports, self) => {
        this.#self = self as Self<never>;
        return { note: (wish: unknown) => void this.told.push((wish as { readonly event: Told }).event) };
      },
    });
    return definition as ActorDefinition<undefined>;
  }
}

/**
 * A stage for one actor: a parent that hears of its end, listeners at the addresses of other parts of a node, and the
 * ports of a node. Time and turns are moved by hand.
 */
export class ActorStage {
  readonly host = new ManualHost();
  readonly system: System = this.host.system();
  readonly records = new RecordLog(this.system, 'news');
  readonly parts = new NodeParts(this.host);
  /** Ends of the actors that were raised, in order. */
  readonly ended: Ended[] = [];
  #self: Self<Told> | undefined;

  /** `ports` are added to those of a node; a function makes them over this stage's host. */
  constructor(ports: object | ((host: ManualHost) => object) = {}) {
    const all = Object.fromEntries(Object.entries(this.parts));
    const added = typeof ports === 'function' ? ports(this.host) : ports;
    this.parts.sender = (to, message) => this.system.send(to, message);
    this.system.start(this.#parent(), undefined, { ...all, ...added });
    this.host.run();
  }

  /** Raises an actor below `node`, as a node would. */
  raise<Input>(definition: ActorDefinition<Input>, input: Input, name: string = definition.kind): Address {
    assert.ok(this.#self !== undefined);
    const address = this.#self.raise(definition, name, input, { supervision: TELL_PARENT });
    this.host.run();
    return address;
  }

  /** Somebody at `node/<name>` who knows these messages. */
  listener(name: string, types: readonly string[]): Listener {
    const listener = new Listener();
    this.raise(listener.definition(types), undefined, name);
    return listener;
  }

  send<M extends Message>(to: Address, message: M): void {
    this.system.send(to, message);
    this.host.run();
  }

  /** Stops an actor as its parent would. */
  stop(address: Address): void {
    this.#self?.lower(address);
    this.host.run();
  }

  state(address: Address): string {
    return this.system.cellAt(address)?.life?.state ?? 'gone';
  }

  /** Payloads of a topic, in order. */
  heard(topic: string): readonly unknown[] {
    return this.records
      .of('topic')
      .filter(({ subject }) => subject === topic)
      .map(({ detail }) => detail['payload']);
  }

  /** Failures and unhandled messages, which no healthy actor makes. */
  get alarms(): readonly string[] {
    const alarms = this.records.records.filter(({ kind }) => kind === 'failure' || kind === 'unhandled');
    return alarms.map(({ address, kind, subject, detail }) => `${address} ${kind} ${subject} ${detail['text'] ?? ''}`);
  }

  /** How the actor of that name has ended. */
  outcome(name: string): Outcome | undefined {
    return this.ended.find(({ child }) => child === childAddress(ROOT, name))?.outcome;
  }

  #parent(): ActorDefinition<undefined> {
    const machine = createMachine({
      initial: 'watching',
      states: {
        watching: { on: { 'child.ended': { actions: emit(({ event }) => ({ type: 'note', event })) } } },
      },
    });
    const definition = defineStaged({
      kind: 'stage',
      machine,
      messages: { 'child.ended': 'system' } as never,
      needs: [],
      effects: (_ports, self) => {
        this.#self = self as unknown as Self<Told>;
        return { note: (wish: unknown) => void this.ended.push((wish as { readonly event: Ended }).event) };
      },
    });
    return definition as ActorDefinition<undefined>;
  }
}
