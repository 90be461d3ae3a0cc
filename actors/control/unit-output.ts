import { errorLine } from '../../protocol/control/reply.js';
import { followLine, resultsLine } from '../../protocol/control/work-reply.js';
import { encodeText } from '../../protocol/text.js';
import { encodeFollowBlock, encodeFollowEnd, encodeFollowStatus } from '../../protocol/work/follow.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { Session } from '../../runtime/ports.js';
import type { OutputReader, OutputRequest, WorkDesk } from './work-desk.js';

/** How a unit's output is sent: raw, as the reference does it, or in our own form with the status in between. */
export type OutputForm = 'results' | 'follow';

export type OutputEnd =
  | { readonly type: 'refused'; readonly text: string }
  | { readonly type: 'ended' }
  /** There is no client any more. */
  | { readonly type: 'gone' };

/** Output on its way to a client. */
export interface OutputTask {
  /** Settles when all was handed to the session, or when the session is over. */
  readonly end: Promise<OutputEnd>;
  /** What the client has sent meanwhile. */
  readonly rest: Uint8Array;
  /** Sends no more: the session is being ended. */
  stop(): void;
}

/** Bytes that a client may send while it is being sent output; whoever sends more is not listening. */
const MEANWHILE_BYTES_MAX = 65_536;

const NOTHING = new Uint8Array(0);

/**
 * Sends the output of a unit from a position on, as it comes, until the unit is done. The client may stop sending
 * meanwhile, as receptorctl does.
 */
export function streamOutput(session: Session, desk: WorkDesk, form: OutputForm, request: OutputRequest): OutputTask {
  const sending = new OutputSending(session, form);
  return {
    end: sendAll(sending, desk, form, request),
    get rest() {
      return sending.rest;
    },
    stop: () => sending.leave(),
  };
}

async function sendAll(
  sending: OutputSending,
  desk: WorkDesk,
  form: OutputForm,
  request: OutputRequest,
): Promise<OutputEnd> {
  const followed = await desk.follow(request, sending);
  if (!followed.ok) {
    return { type: 'refused', text: errorLine(followed.refusal) };
  }
  sending.begin(form === 'results' ? resultsLine(request.unitId) : followLine(request.unitId));
  const end = await sending.over;
  followed.value();
  return end;
}

/** One unit's output on its way to one client. */
class OutputSending implements OutputReader {
  readonly over: Promise<OutputEnd>;
  rest: Uint8Array = NOTHING;
  readonly #session: Session;
  readonly #form: OutputForm;
  #finish: (end: OutputEnd) => void = () => undefined;
  #state: 'sending' | 'gone' = 'sending';
  #room: (() => void) | undefined;
  #isFull = false;
  /** The newest status that found no room; older ones mean nothing any more. */
  #late: UnitStatus | undefined;
  #held: Uint8Array[] | undefined = [];

  constructor(session: Session, form: OutputForm) {
    this.#session = session;
    this.#form = form;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** The client is told what comes; what has come before it was told follows at once. */
  begin(line: string): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#state === 'gone') {
      return;
    }
    this.#session.attach({
      bytes: (chunk) => this.#keep(chunk),
      drained: () => this.#drained(),
      ended: () => undefined,
      closed: () => this.leave(),
    });
    this.#send([encodeText(line), ...held]);
  }

  /** There is no client any more. */
  leave(): void {
    this.#state = 'gone';
    this.#end({ type: 'gone' });
  }

  async bytes(offset: number, chunk: Uint8Array): Promise<void> {
    const parts = this.#form === 'follow' ? [encodeFollowBlock(offset, chunk.length), chunk] : [chunk];
    if (!this.#send(parts)) {
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    }
  }

  /** A client that does not read is told the newest status once it does; a unit may have any number of them. */
  status(status: UnitStatus): void {
    if (this.#form !== 'follow') {
      return;
    }
    if (this.#isFull) {
      this.#late = status;
    } else {
      this.#send([encodeFollowStatus(status)]);
    }
  }

  end(status: UnitStatus, size: number): void {
    if (this.#form === 'follow') {
      this.#send([encodeFollowEnd(status, size)]);
    }
    this.#end({ type: 'ended' });
  }

  /** There is no room for a reason in a raw stream; in our own form the line says it. */
  failed(text: string): void {
    if (this.#form === 'follow') {
      this.#send([encodeText(errorLine(text))]);
    }
    this.#end({ type: 'ended' });
  }

  #send(parts: readonly Uint8Array[]): boolean {
    if (this.#held !== undefined) {
      this.#held.push(...parts);
      return true;
    }
    this.#isFull = !this.#session.send(parts);
    return !this.#isFull;
  }

  #drained(): void {
    const late = this.#late;
    this.#late = undefined;
    this.#isFull = false;
    if (late !== undefined) {
      this.#send([encodeFollowStatus(late)]);
    }
    this.#wake();
  }

  #keep(chunk: Uint8Array): void {
    const rest = new Uint8Array(this.rest.length + chunk.length);
    rest.set(this.rest);
    rest.set(chunk, this.rest.length);
    this.rest = rest;
    if (rest.length > MEANWHILE_BYTES_MAX) {
      this.#session.abort();
      this.leave();
    }
  }

  #wake(): void {
    this.#room?.();
    this.#room = undefined;
  }

  #end(end: OutputEnd): void {
    this.#late = undefined;
    this.#wake();
    this.#finish(end);
  }
}
