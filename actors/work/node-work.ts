import type { WorkSubmit } from '../../protocol/control/command-line.js';
import { type UnitOutcome, unknownUnitText } from '../../protocol/control/work-reply.js';
import type { NodeId, UnitId } from '../../protocol/names.js';
import { WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { Address } from '../../runtime/address.js';
import type { Clock } from '../../runtime/clock.js';
import { codeOf, describe } from '../../runtime/errors.js';
import type { FilePort } from '../../runtime/file-port.js';
import type { Message, ReplyTo } from '../../runtime/message.js';
import { WORK } from '../addresses.js';
import type {
  CreatedUnit,
  OutputReader,
  OutputRequest,
  UnitInput,
  UnitRequest,
  WorkDesk,
  WorkOrigin,
  WorkOutcome,
} from '../control/work-desk.js';
import { MeshError } from '../errors.js';
import { OutputFollower } from './output-follower.js';
import { newUnitFor, signatureRefusal } from './submit-rules.js';
import { JOB_STARTED, JOB_SUBMITTED, type StartOutcome, type UnitMessage } from './unit-vocabulary.js';
import type { WorkKit } from './work-kit.js';
import type { ManagerMessage, UnitPlace } from './work-vocabulary.js';

/** Questions to our own actors: answered at once, or after a few writes to the disk. */
const ANSWER_WITHIN_MS = 30_000;
/** The input may have to travel to another node first. Who waits longer is told that the start is pending, as it is. */
const START_WITHIN_MS = 3_600_000;
/** A command has ten seconds to go, and another node is to be reached for it. */
const ORDER_WITHIN_MS = 60_000;
/** Readers of output at the same time: each has a file open, and 64 KiB. */
const READERS_MAX = 512;
/** A unit's actor may come to its end while it is asked; the next one answers. */
const TRIES_MAX = 3;

/** What readers hear last. */
const NODE_OVER = 'the node is being stopped';

export interface NodeWorkParts {
  readonly kit: WorkKit;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly self: NodeId;
  readonly ask: <T>(to: Address, message: (replyTo: ReplyTo) => Message, withinMs: number) => Promise<T>;
  readonly send: (to: Address, message: Message) => unknown;
}

/** The work of this node for its clients: the face of the manager and its units. */
export class NodeWork implements WorkDesk {
  readonly #parts: NodeWorkParts;
  readonly #followers = new Set<OutputFollower>();
  #state: 'open' | 'over' = 'open';

  constructor(parts: NodeWorkParts) {
    this.#parts = parts;
  }

  /** Who reads output now: for the question what was left behind. */
  get readers(): number {
    return this.#followers.size;
  }

  /** Nobody reads any more: the node is over. */
  close(): void {
    this.#state = 'over';
    for (const follower of this.#followers) {
      follower.fail(NODE_OVER);
    }
  }

  submit(submit: WorkSubmit, _origin: WorkOrigin): Promise<WorkOutcome<CreatedUnit>> {
    return orRefusal(this.#submit(submit));
  }

  async #submit(submit: WorkSubmit): Promise<WorkOutcome<CreatedUnit>> {
    const { kit, clock, self } = this.#parts;
    const unit = newUnitFor(submit, { self, types: kit.types, nowMs: clock.wallMs() });
    if (!unit.ok) {
      return unit;
    }
    const made = await this.#ask<WorkOutcome<UnitPlace>>(WORK, (replyTo): ManagerMessage => {
      return { type: 'unit.wanted', unit: unit.value, unitId: submit.unitId, replyTo };
    });
    if (!made.ok) {
      return made;
    }
    const { unitId, address } = made.value;
    const ready = await this.#ask<WorkOutcome<'ready'>>(address, (replyTo): UnitMessage => {
      return { type: 'input.wanted', replyTo };
    });
    return ready.ok ? { ok: true, value: { unitId, input: this.#inputOf(made.value) } } : ready;
  }

  status(unitId: UnitId): Promise<WorkOutcome<UnitStatus>> {
    return orRefusal(this.#status(unitId));
  }

  async #status(unitId: UnitId): Promise<WorkOutcome<UnitStatus>> {
    const status = await this.#find(unitId);
    return status === undefined ? unknown(unitId) : { ok: true, value: status };
  }

  async list(unitId: UnitId | undefined): Promise<WorkOutcome<ReadonlyMap<UnitId, UnitStatus>>> {
    if (unitId === undefined) {
      return { ok: true, value: this.#parts.kit.board.all() };
    }
    const status = await this.status(unitId);
    return status.ok ? { ok: true, value: new Map([[unitId, status.value]]) } : status;
  }

  cancel(request: UnitRequest): Promise<WorkOutcome<UnitOutcome>> {
    return this.#ordered(request, 'cancel pending', (replyTo) => ({ type: 'unit.cancel', replyTo }));
  }

  release(request: UnitRequest, { force }: { readonly force: boolean }): Promise<WorkOutcome<UnitOutcome>> {
    return this.#ordered(request, 'release pending', (replyTo) => ({ type: 'unit.release', replyTo, force }));
  }

  follow(request: OutputRequest, reader: OutputReader): Promise<WorkOutcome<() => void>> {
    return orRefusal(this.#follow(request, reader));
  }

  async #follow(request: OutputRequest, reader: OutputReader): Promise<WorkOutcome<() => void>> {
    const { unitId, startPosition } = request;
    const refusal = (await this.#refusalOf(request)) ?? this.#readerRefusal();
    if (refusal !== undefined) {
      return { ok: false, refusal };
    }
    const { board } = this.#parts.kit;
    const path = this.#parts.kit.pathsOf(unitId).stdout;
    const follower = new OutputFollower({ board, files: this.#parts.files, unitId, path }, startPosition, reader);
    this.#followers.add(follower);
    follower.run().finally(() => this.#followers.delete(follower));
    return { ok: true, value: () => follower.stop() };
  }

  #readerRefusal(): string | undefined {
    const isFull = this.#followers.size >= READERS_MAX;
    const full = isFull ? 'this node has too many readers of results now; try again later' : undefined;
    return this.#state === 'over' ? NODE_OVER : full;
  }

  /** The status of a unit, which may have to be looked for on the disk. */
  async #find(unitId: UnitId): Promise<UnitStatus | undefined> {
    const { board } = this.#parts.kit;
    if (board.get(unitId) === undefined) {
      await this.#ask<boolean>(WORK, (replyTo): ManagerMessage => ({ type: 'unit.sought', unitId, replyTo }));
    }
    return board.get(unitId);
  }

  async #refusalOf(request: UnitRequest): Promise<string | undefined> {
    const status = await this.#find(request.unitId);
    return status === undefined ? unknownUnitText(request.unitId) : signatureRefusal(status, request);
  }

  #ordered(
    request: UnitRequest,
    pending: UnitOutcome,
    message: (replyTo: ReplyTo) => UnitMessage,
  ): Promise<WorkOutcome<UnitOutcome>> {
    return orRefusal(this.#order(request, pending, message));
  }

  async #order(
    request: UnitRequest,
    pending: UnitOutcome,
    message: (replyTo: ReplyTo) => UnitMessage,
  ): Promise<WorkOutcome<UnitOutcome>> {
    const { unitId } = request;
    const refusal = await this.#refusalOf(request);
    if (refusal !== undefined) {
      return { ok: false, refusal };
    }
    for (let tries = 1; ; tries += 1) {
      const address = await this.#addressOf(unitId);
      if (address === undefined) {
        return unknown(unitId);
      }
      try {
        return await this.#parts.ask<WorkOutcome<UnitOutcome>>(address, message, ORDER_WITHIN_MS);
      } catch (error) {
        if (codeOf(error) === 'ask-timeout') {
          return { ok: true, value: pending };
        }
        if (tries === TRIES_MAX) {
          return { ok: false, refusal: describe(error) };
        }
      }
    }
  }

  #addressOf(unitId: UnitId): Promise<Address | undefined> {
    return this.#ask(WORK, (replyTo): ManagerMessage => ({ type: 'actor.wanted', unitId, replyTo }));
  }

  #inputOf(place: UnitPlace): UnitInput {
    const { unitId, address } = place;
    const { kit, send } = this.#parts;
    const intake = kit.intakes.get(unitId);
    return {
      write: (bytes) => intake?.write(bytes) ?? Promise.reject(new MeshError('unit-gone', `${unitId} takes no input`)),
      end: () => orRefusal(Promise.resolve(intake?.close()).then(() => this.#start(place))),
      fail: (reason) => {
        const failed: UnitMessage = { type: 'input.failed', reason };
        send(address, failed);
      },
    };
  }

  async #start({ unitId, address }: UnitPlace): Promise<StartOutcome> {
    try {
      return await this.#parts.ask<StartOutcome>(
        address,
        (replyTo): UnitMessage => ({ type: 'input.complete', replyTo }),
        START_WITHIN_MS,
      );
    } catch (error) {
      return codeOf(error) === 'ask-timeout' ? JOB_SUBMITTED : this.#startedOrNot(unitId, describe(error));
    }
  }

  /** The unit's actor ended before it answered: what has become of the unit tells. */
  #startedOrNot(unitId: UnitId, reason: string): StartOutcome {
    const status = this.#parts.kit.board.get(unitId);
    const isStarted = status !== undefined && status.state !== WORK_STATE.pending && status.state !== WORK_STATE.failed;
    return isStarted ? JOB_STARTED : { ok: false, refusal: status?.detail ?? reason };
  }

  #ask<T>(to: Address, message: (replyTo: ReplyTo) => Message): Promise<T> {
    return this.#parts.ask<T>(to, message, ANSWER_WITHIN_MS);
  }
}

/** A question that finds no answer - the node is being stopped, or has too much to do - is a refusal, too. */
async function orRefusal<T>(work: Promise<WorkOutcome<T>>): Promise<WorkOutcome<T>> {
  try {
    return await work;
  } catch (error) {
    return { ok: false, refusal: describe(error) };
  }
}

function unknown(unitId: UnitId): { readonly ok: false; readonly refusal: string } {
  return { ok: false, refusal: unknownUnitText(unitId) };
}
