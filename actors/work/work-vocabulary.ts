import type { UnitId } from '../../protocol/names.js';
import type { Address } from '../../runtime/address.js';
import type { ReplyTo } from '../../runtime/message.js';
import type { ChildEnded } from '../../runtime/self.js';
import type { NewUnit } from './submit-rules.js';

/** What the manager of a node's units is told and asks for: the vocabulary of `manager.actor.ts`. */

/** Where a unit lives: what is asked of it is asked there. */
export interface UnitPlace {
  readonly unitId: UnitId;
  readonly address: Address;
}

/** How long a data folder that cannot be used is left alone. */
export const RETRY_MS = 5_000;

export type ManagerMessage =
  /** Answered with `WorkOutcome<UnitPlace>`. */
  | {
      readonly type: 'unit.wanted';
      readonly unit: NewUnit;
      /** The id that the submitter has given it. */
      readonly unitId: UnitId | undefined;
      readonly replyTo: ReplyTo;
    }
  /** Answered with the address of the unit's actor, or undefined for a unit that is not known. */
  | { readonly type: 'actor.wanted'; readonly unitId: UnitId; readonly replyTo: ReplyTo }
  /** A unit that is not known may have a folder all the same. Answered with true when it is known now. */
  | { readonly type: 'unit.sought'; readonly unitId: UnitId; readonly replyTo: ReplyTo }
  | { readonly type: 'recovery.done' }
  | { readonly type: 'recovery.failed'; readonly text: string }
  | ChildEnded
  | { readonly type: 'timer.retry' }
  | { readonly type: 'stop' };

export type ManagerWish =
  | { readonly type: 'recover' }
  | { readonly type: 'tell-ready' }
  | { readonly type: 'tell-failed'; readonly text: string }
  | { readonly type: 'create'; readonly unit: NewUnit; readonly unitId: UnitId | undefined; readonly replyTo: ReplyTo }
  | { readonly type: 'tell-actor'; readonly unitId: UnitId; readonly replyTo: ReplyTo }
  | { readonly type: 'seek'; readonly unitId: UnitId; readonly replyTo: ReplyTo }
  | { readonly type: 'note-end'; readonly ended: ChildEnded }
  | { readonly type: 'reply'; readonly to: ReplyTo; readonly value: unknown }
  | { readonly type: 'arm-timer'; readonly name: 'retry'; readonly delayMs: number };

export interface ManagerContext {
  readonly lastError: string | undefined;
}
