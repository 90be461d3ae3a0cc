import type { Address } from './address.js';
import type { CellHost } from './cell-host.js';
import { RuntimeError } from './errors.js';
import { type Envelope, Mailbox, type MailboxLimits, type Posted } from './mailbox.js';
import type { Message, MessageClass, ReplyTo } from './message.js';

/** A cell's mailbox, and the news of every message that it does not take or does not keep. */
export class Inbox {
  readonly #host: CellHost;
  readonly #address: Address;
  readonly #mailbox: Mailbox;

  constructor(host: CellHost, address: Address, limits: MailboxLimits) {
    this.#host = host;
    this.#address = address;
    this.#mailbox = new Mailbox(limits, (envelope) => this.#dropped(envelope));
  }

  /** Messages that wait. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  /** `tie` is the timer's arming or the question that the message carries. */
  post(message: Message, messageClass: MessageClass, tie: number): Posted {
    const posted = this.#mailbox.post(message, messageClass, tie);
    if (posted === 'refused') {
      this.#host.deadLetter(this.#address, message, 'mailbox-full');
    }
    return posted;
  }

  take(): Envelope | undefined {
    return this.#mailbox.take();
  }

  /** The questions that nobody has read yet. */
  questions(): ReadonlySet<ReplyTo> {
    return this.#mailbox.questions();
  }

  /** For a new life at the same place. */
  keepRequestsOnly(): void {
    this.#mailbox.keepRequestsOnly();
  }

  /** Nobody will read here any more. */
  abandon(): void {
    for (const envelope of this.#mailbox.clear()) {
      if (envelope.class === 'request') {
        this.#host.deadLetter(this.#address, envelope.message, 'ended');
      }
    }
  }

  /** A request had to make room for a newer one. */
  #dropped({ message, tie }: Envelope): void {
    this.#host.deadLetter(this.#address, message, 'mailbox-overflow');
    if (tie !== 0) {
      const error = new RuntimeError('mailbox-full', `${this.#address} dropped the question for newer requests`);
      this.#host.abandonAsk(tie as ReplyTo, error); // a request is tied to nothing but a question
    }
  }
}
