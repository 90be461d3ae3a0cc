import type { WorkSubmit } from '../../protocol/control/command-line.js';
import type { UnitOutcome } from '../../protocol/control/work-reply.js';
import type { UnitId } from '../../protocol/names.js';
import type { UnitStatus } from '../../protocol/work/status.js';

/** What was asked for, or the text of the `ERROR:` line that refuses it (letter for letter as clients expect it). */
export type WorkOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: string };

/** Where a request comes from: a Unix socket needs no signature (control-and-work 3.6). */
export type WorkOrigin = 'unix' | 'network';

export interface UnitRequest {
  readonly unitId: UnitId;
  /** Empty for none. */
  readonly signature: string;
  readonly origin: WorkOrigin;
}

/** A unit that waits for its standard input. */
export interface CreatedUnit {
  readonly unitId: UnitId;
  readonly input: UnitInput;
}

/** The standard input of a unit, on its way to the disk. Calls must not overlap: wait for each promise. */
export interface UnitInput {
  /** Settles when it is stored and there is room for more; rejects with a `MeshError` when it cannot be. */
  write(bytes: Uint8Array): Promise<void>;
  /** All of it is there: the unit is started. */
  end(): Promise<WorkOutcome<'Job Started' | 'Job Submitted'>>;
  /** It was cut short: the unit fails with this reason and never runs. */
  fail(reason: string): void;
}

/** Who reads a unit's output. */
export interface OutputReader {
  /** Output from byte `offset` on, without gaps. Nothing more is handed over until the promise settles. */
  bytes(offset: number, chunk: Uint8Array): Promise<void>;
  /** The status has changed; the first one comes at once. */
  status(status: UnitStatus): void;
  /** The unit will not change any more and all its output, `size` bytes, was handed over. */
  end(status: UnitStatus, size: number): void;
  /** It cannot go on: the unit was released, or its output cannot be read. */
  failed(text: string): void;
}

export interface OutputRequest extends UnitRequest {
  /** Byte of the output to start at. */
  readonly startPosition: number;
}

/** The work of this node, as the control service sees it; the work actors are behind it. */
export interface WorkDesk {
  submit(submit: WorkSubmit, origin: WorkOrigin): Promise<WorkOutcome<CreatedUnit>>;
  status(unitId: UnitId): Promise<WorkOutcome<UnitStatus>>;
  list(unitId: UnitId | undefined): Promise<WorkOutcome<ReadonlyMap<UnitId, UnitStatus>>>;
  cancel(request: UnitRequest): Promise<WorkOutcome<UnitOutcome>>;
  release(request: UnitRequest, options: { readonly force: boolean }): Promise<WorkOutcome<UnitOutcome>>;
  /** Hands the output to `reader` as it comes; returns what stops that. */
  follow(request: OutputRequest, reader: OutputReader): Promise<WorkOutcome<() => void>>;
}
