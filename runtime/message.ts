/** Anything an actor may be sent. `type` is `subject.happened` or `subject.verb`. Plain data, readonly. */
export interface Message {
  readonly type: string;
}

/**
 * How a message type is treated when the mailbox is under pressure.
 * - `request`: counted against the capacity; the overflow policy applies.
 * - `answer`: the end of something this actor asked for; has reserved room, is never dropped.
 * - `timer`: `timer.<name>`; as an answer, and dropped only when the timer was disarmed or armed anew.
 * - `system`: `stop`, `child.ended`; not counted, never dropped. `stop` goes before everything else; `child.ended` keeps
 *   its place, so that what a child said last is read before the news of its end.
 */
export type MessageClass = 'request' | 'answer' | 'timer' | 'system';

/** The message that asks an actor to stop. Sent by the runtime only. */
export const STOP: Message = { type: 'stop' };

/** One-time right to answer an `ask`; plain data, so that a machine may keep it in its context. */
export type ReplyTo = number & { readonly __brand: 'ReplyTo' };

/** A subject that actors publish and others may hear; `Payload` is plain data. */
export interface Topic<Payload> {
  readonly name: string;
  /** Never set; carries the payload's type. */
  readonly payload?: Payload;
}

export function topic<Payload>(name: string): Topic<Payload> {
  return { name };
}
