import type { CommandContext } from '../../../../actors/control/commands.js';
import type {
  CreatedUnit,
  OutputReader,
  OutputRequest,
  UnitInput,
  UnitRequest,
  WorkDesk,
  WorkOrigin,
  WorkOutcome,
} from '../../../../actors/control/work-desk.js';
import type { WorkSubmit } from '../../../../protocol/control/command-line.js';
import type { UnitOutcome } from '../../../../protocol/control/work-reply.js';
import type { UnitId } from '../../../../protocol/names.js';
import { newUnitStatus, type UnitStatus } from '../../../../protocol/work/status.js';
import type { Address } from '../../../../runtime/address.js';
import type { Message, ReplyTo } from '../../../../runtime/message.js';
import type { DialHandler, SessionAddress } from '../../../../runtime/ports.js';
import type { ManualHost } from '../../../support/manual-host.js';
import { textOf } from '../../../support/recording-session.js';
import { NodeParts } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { RecordingSessions } from '../recording-sessions.js';

export const UNIT = 'hereUnit0001' as UnitId;

export function statusOf(changes: Partial<UnitStatus> = {}): UnitStatus {
  return { ...newUnitStatus('cat'), detail: 'Waiting for Input Data', ...changes };
}

/** A promise that the test settles. */
class Settling<T> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => undefined;
  reject: (thrown: unknown) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** The standard input of a unit, in which the test says when something is stored. */
export class ScriptedInput implements UnitInput {
  readonly written: string[] = [];
  readonly failures: string[] = [];
  /** Writes that are not stored yet, oldest first. */
  readonly #writes: Settling<void>[] = [];
  readonly #start = new Settling<WorkOutcome<'Job Started' | 'Job Submitted'>>();
  state: 'open' | 'complete' | 'failed' = 'open';
  /** True while a write waits for its predecessor: calls must not overlap. */
  hasOverlapped = false;

  write(bytes: Uint8Array): Promise<void> {
    this.hasOverlapped ||= this.#writes.length > 0;
    this.written.push(textOf(bytes));
    const write = new Settling<void>();
    this.#writes.push(write);
    return write.promise;
  }

  end(): Promise<WorkOutcome<'Job Started' | 'Job Submitted'>> {
    this.state = 'complete';
    return this.#start.promise;
  }

  fail(reason: string): void {
    this.state = 'failed';
    this.failures.push(reason);
  }

  /** The oldest write is stored. */
  store(): void {
    this.#writes.shift()?.resolve();
  }

  /** The disk refuses the oldest write. */
  refuse(text: string): void {
    this.#writes.shift()?.reject(new Error(text));
  }

  started(outcome: WorkOutcome<'Job Started' | 'Job Submitted'>): void {
    this.#start.resolve(outcome);
  }

  startBroke(text: string): void {
    this.#start.reject(new Error(text));
  }
}

interface Reading {
  readonly request: OutputRequest;
  readonly reader: OutputReader;
  isStopped: boolean;
}

/** The work of a node, in which the test says what is answered; without an answer a question waits. */
export class ScriptedDesk implements WorkDesk {
  readonly asked: { readonly what: string; readonly with: readonly unknown[] }[] = [];
  readonly readings: Reading[] = [];
  readonly input = new ScriptedInput();
  readonly #answers = new Map<string, Settling<unknown>>();
  #units = 0;

  submit(submit: WorkSubmit, origin: WorkOrigin): Promise<WorkOutcome<CreatedUnit>> {
    return this.#ask('submit', submit, origin);
  }

  status(unitId: UnitId): Promise<WorkOutcome<UnitStatus>> {
    return this.#ask('status', unitId);
  }

  list(unitId: UnitId | undefined): Promise<WorkOutcome<ReadonlyMap<UnitId, UnitStatus>>> {
    return this.#ask('list', unitId);
  }

  cancel(request: UnitRequest): Promise<WorkOutcome<UnitOutcome>> {
    return this.#ask('cancel', request);
  }

  release(request: UnitRequest, options: { readonly force: boolean }): Promise<WorkOutcome<UnitOutcome>> {
    return this.#ask('release', request, options);
  }

  follow(request: OutputRequest, reader: OutputReader): Promise<WorkOutcome<() => void>> {
    const reading = { request, reader, isStopped: false };
    this.readings.push(reading);
    return this.#ask('follow', request);
  }

  /** What is answered to each such question from now on. */
  answer(what: keyof WorkDesk, outcome: WorkOutcome<unknown>): void {
    this.#answerOf(what).resolve(outcome);
  }

  refuse(what: keyof WorkDesk, refusal: string): void {
    this.answer(what, { ok: false, refusal });
  }

  breakOff(what: keyof WorkDesk, text: string): void {
    this.#answerOf(what).reject(new Error(text));
  }

  /** A unit waits for its input. */
  create(): void {
    this.#units += 1;
    this.answer('submit', { ok: true, value: { unitId: UNIT, input: this.input } });
  }

  /** Readers are taken. */
  read(): void {
    this.answer('follow', {
      ok: true,
      value: () => {
        const reading = this.readings.at(-1);
        if (reading !== undefined) {
          reading.isStopped = true;
        }
      },
    });
  }

  /** Who reads output last. */
  get reader(): OutputReader {
    const reading = this.readings.at(-1);
    if (reading === undefined) {
      throw new Error('nobody reads');
    }
    return reading.reader;
  }

  get isStopped(): boolean {
    return this.readings.at(-1)?.isStopped === true;
  }

  leftOpen(): readonly string[] {
    const isTaken = this.#answers.has('follow');
    const readers = isTaken ? this.readings.filter(({ isStopped }) => !isStopped) : [];
    return [
      ...readers.map(({ request }) => `a reader of ${request.unitId}`),
      ...(this.#units > 0 && this.input.state === 'open' ? ['the input of a unit'] : []),
    ];
  }

  async #ask<T>(what: string, ...values: readonly unknown[]): Promise<T> {
    this.asked.push({ what, with: values });
    return (await this.#answerOf(what).promise) as T;
  }

  #answerOf(what: string): Settling<unknown> {
    const answer = this.#answers.get(what) ?? new Settling<unknown>();
    this.#answers.set(what, answer);
    return answer;
  }
}

/** Streams of the mesh that the test answers, dial by dial. */
export class ScriptedStreams {
  readonly outside = new RecordingSessions();

  dial(target: object, handler: DialHandler): () => void {
    return this.outside.dial(target as SessionAddress, handler);
  }

  listen(place: object, handler: Parameters<RecordingSessions['listen']>[2]): (done: () => void) => void {
    return this.outside.listen(place as SessionAddress, {}, handler);
  }
}

/** What the actors of the control service get. */
export class ControlParts {
  readonly node;
  readonly facts;
  readonly version;
  readonly handover;
  readonly lineBudget;
  readonly sessions;
  readonly security;
  readonly streams = new ScriptedStreams();
  readonly work = new ScriptedDesk();
  readonly #parts: NodeParts;

  constructor(host: ManualHost) {
    this.#parts = new NodeParts(host);
    const { node, facts, version, handover, lineBudget, sessions, security } = this.#parts;
    this.node = node;
    this.facts = facts;
    this.version = version;
    this.handover = handover;
    this.lineBudget = lineBudget;
    this.sessions = sessions;
    this.security = security;
  }

  leftOpen(): readonly string[] {
    return [...this.#parts.leftOpen(), ...this.streams.outside.leftOpen(), ...this.work.leftOpen()];
  }
}

/** Where commands are carried out, with questions that the test answers. */
export class CommandStage {
  readonly self = new RecordingSelf();
  readonly questions: { readonly to: Address; readonly message: Message & Readonly<Record<string, unknown>> }[] = [];
  readonly parts: ControlParts;
  /** What is answered to a question; an error is a rejection. */
  answer: (message: Readonly<Record<string, unknown>>, to: Address) => unknown = () => new Error('nobody answers');

  constructor(host: ManualHost) {
    this.parts = new ControlParts(host);
  }

  context(origin: WorkOrigin = 'unix'): CommandContext {
    return {
      ports: this.parts as unknown as CommandContext['ports'], // streams stand in for the real ones
      origin,
      own: this.self.face.own,
      ask: async <T>(to: Address, message: (replyTo: ReplyTo) => Message) => {
        const question = message(1 as ReplyTo) as Message & Readonly<Record<string, unknown>>;
        this.questions.push({ to, message: question });
        const answer = this.answer(question, to);
        if (answer instanceof Error) {
          throw answer;
        }
        return answer as T;
      },
    };
  }
}
