import { createMachine, emit } from 'xstate';
import type { FarTaskInput } from '../../../../actors/work/far-task-vocabulary.js';
import { OutputStore } from '../../../../actors/work/output-store.js';
import type { Address } from '../../../../runtime/address.js';
import { type ActorDefinition, actorsOver } from '../../../../runtime/define-actor.js';
import type { Message, MessageClass, Topic } from '../../../../runtime/message.js';
import type { Self } from '../../../../runtime/self.js';
import { TELL_PARENT } from '../../../../runtime/supervisor.js';
import { ManualHost, RecordLog } from '../../../support/manual-host.js';
import { FAR } from '../node-parts.js';
import { type FrozenParts, frozenOutside } from './frozen-ports.js';
import { type FarDial, pass, remoteExtra, remoteStatus, UNIT, WorkParts } from './work-parts.js';

/** What somebody above was told; its fields are looked at by comparison. */
export type Told = Message & Readonly<Record<string, unknown>>;

/** Everything that an attempt, a task or a worker tells those above it. */
const NEWS = [
  ...['attempt.left', 'attempt.lost', 'attempt.again', 'attempt.thrived', 'task.lost', 'expiry.came'],
  ...['start.left', 'start.done', 'start.refused', 'start.untrusted', 'order.done', 'order.refused'],
  ...['far.status', 'watch.complete', 'watch.gone', 'work.started', 'work.changed', 'work.ordered'],
];

/** A task for the unit of these tests, on the node of these tests. */
export function taskInput(changes: Partial<FarTaskInput> = {}): FarTaskInput {
  const common = { unitId: UNIT, node: FAR, extra: remoteExtra(), status: remoteStatus() };
  return { task: 'watch', ...common, farUnitId: 'there', ...changes };
}

/** `far.status` and the like, with whatever fields. */
export function said(type: string, fields: object = {}): Told {
  return { type, ...fields };
}

/** For the fault matrix of an actor that needs the unit's output: it is there, and its disk never answers. */
export function outsideWithOutput(host: ManualHost): { readonly ports: FrozenParts; leftOpen(): readonly string[] } {
  const { ports, leftOpen } = frozenOutside(host);
  putOutput(ports);
  // The output is the test's own, as it is the unit's in a node.
  return { ports, leftOpen: () => leftOpen().filter((left) => left !== `the output of ${UNIT}`) };
}

/**
 * The unit's worker, below it a task, and below these the actor that is tested. Worker and task write down what they are
 * told. The other node is played by the test, and the disk takes its time.
 */
export class FarStage {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  readonly system = this.host.system();
  readonly records = new RecordLog(this.system, 'news');
  readonly toUnit: Told[] = [];
  readonly toTask: Told[] = [];
  #unit: Self<Told> | undefined;
  #task: Self<Told> | undefined;

  /** `instead`: ports in place of those of the parts. */
  constructor(instead: object = {}) {
    const ports = { ...Object.fromEntries(Object.entries(this.parts)), ...instead };
    this.system.start(
      recorder(this.toUnit, (self) => {
        this.#unit = self;
      }),
      undefined,
      ports,
    );
    this.host.run();
    const task = recorder(this.toTask, (self) => {
      this.#task = self;
    });
    this.belowUnit(task, undefined, 'task');
  }

  /** Raises an attempt: below the task. */
  belowTask<Input>(definition: ActorDefinition<Input>, input: Input): Address {
    return this.#raise(this.#task, definition, input, 'subject');
  }

  /** Raises a task, or a worker: below the unit. */
  belowUnit<Input>(definition: ActorDefinition<Input>, input: Input, name = 'subject'): Address {
    return this.#raise(this.#unit, definition, input, name);
  }

  /** The last session that was dialled. */
  get last(): FarDial {
    return this.parts.streams.last;
  }

  /** The unit's output, kept by nobody but the test. */
  putOutput(text = ''): OutputStore {
    this.parts.put('stdout', text);
    return putOutput(this.parts);
  }

  send(to: Address, message: Message): void {
    this.system.send(to, message);
    this.host.run();
  }

  /** Ends an actor from outside, as its parent would. */
  stop(address: Address): void {
    this.system.cellAt(address)?.stop(() => undefined);
    this.host.run();
  }

  state(address: Address): string {
    return this.system.cellAt(address)?.life?.state ?? 'gone';
  }

  publish<Payload>(topic: Topic<Payload>, payload: Payload): void {
    this.#unit?.publish(topic, payload);
    this.host.run();
  }

  /** Lets time pass, promises included. */
  pass(ms?: number): Promise<void> {
    return pass(this.host, ms);
  }

  /** Failures and unhandled messages, which no healthy actor makes. */
  get alarms(): readonly string[] {
    const alarms = this.records.records.filter(({ kind }) => kind === 'failure' || kind === 'unhandled');
    return alarms.map(({ address, kind, subject, detail }) => `${address} ${kind} ${subject} ${detail['text'] ?? ''}`);
  }

  #raise<Input>(
    parent: Self<Told> | undefined,
    definition: ActorDefinition<Input>,
    input: Input,
    name: string,
  ): Address {
    if (parent === undefined) {
      throw new Error('the actor above is not there yet');
    }
    const address = parent.raise(definition, name, input, { supervision: TELL_PARENT });
    this.host.run();
    return address;
  }
}

function putOutput({ files, workKit, disk }: WorkParts): OutputStore {
  const { stdout } = workKit.pathsOf(UNIT);
  disk.content.makeFolders(stdout.slice(0, stdout.lastIndexOf('/')));
  const store = new OutputStore(files, stdout, (size) => workKit.board.stored(UNIT, size));
  workKit.outputs.set(UNIT, store);
  return store;
}

/** An actor that writes down what it is told, and gives the test its face. */
function recorder(told: Told[], born: (self: Self<Told>) => void): ActorDefinition<undefined> {
  const machine = createMachine({
    initial: 'listening',
    states: { listening: { on: { '*': { actions: emit(({ event }) => ({ type: 'note', event })) } } } },
  });
  const classes: Record<string, MessageClass> = Object.fromEntries(NEWS.map((type) => [type, 'answer']));
  const definition = actorsOver<object>()({
    kind: 'recorder',
    machine,
    messages: classes as never,
    needs: [],
    effects: (_ports, self) => {
      born(self as unknown as Self<Told>);
      return { note: (wish: unknown) => void told.push((wish as { readonly event: Told }).event) };
    },
  });
  return definition as ActorDefinition<undefined>;
}
