import { NODE } from '../../../actors/addresses.js';
import type { Address } from '../../../runtime/address.js';
import type { Message, Topic } from '../../../runtime/message.js';
import type { Owned } from '../../../runtime/scope.js';
import type { Self } from '../../../runtime/self.js';

type Plain = Message & Readonly<Record<string, unknown>>;

/** The face of an actor, for plain code that gets one: writes down what is done with it and does nothing else. */
export class RecordingSelf {
  readonly answers: Plain[] = [];
  readonly sent: { readonly to: Address; readonly message: Plain }[] = [];
  readonly topics: { readonly name: string; readonly payload: unknown }[] = [];
  readonly replies: unknown[] = [];
  readonly failures: unknown[] = [];
  /** Labels of what is owned, oldest first. */
  readonly owned = new Map<string, () => void>();
  isAlive = true;
  readonly #hearers = new Map<string, Set<(payload: unknown) => Plain | undefined>>();

  /** Typed as the code under test wants it. */
  get face(): Self<never> {
    const face: Partial<Self<Plain>> = {
      address: NODE,
      isAlive: this.isAlive,
      answer: (message) => void this.answers.push(message),
      send: (to, message) => {
        this.sent.push({ to, message: message as Plain });
        return 'taken';
      },
      publish: <Payload>({ name }: Topic<Payload>, payload: Payload) => void this.topics.push({ name, payload }),
      reply: (_to, value) => void this.replies.push(value),
      own: (label, closer) => this.#own(label, () => closer(() => undefined)),
      hear: ({ name }, toMessage) => this.#hear(name, toMessage as (payload: unknown) => Plain | undefined),
      fail: (thrown) => void this.failures.push(thrown),
      whileAlive: (callback) => callback,
      attempt: (work, done, failed) => {
        work
          .then(
            (value) => this.answers.push(done(value)),
            (error: unknown) => this.answers.push(failed(error)),
          )
          .catch((thrown: unknown) => this.failures.push(thrown));
      },
    };
    return face as unknown as Self<never>;
  }

  /** The types of the answers, in order. */
  get answerTypes(): readonly string[] {
    return this.answers.map(({ type }) => type);
  }

  /** Somebody publishes. */
  publish<Payload>({ name }: Topic<Payload>, payload: Payload): void {
    for (const toMessage of this.#hearers.get(name) ?? []) {
      const message = toMessage(payload);
      if (message !== undefined) {
        this.answers.push(message);
      }
    }
  }

  /** Closes everything, newest first, as the end of a life does. */
  close(): void {
    this.isAlive = false;
    for (const close of Array.from(this.owned.values()).reverse()) {
      close();
    }
  }

  #hear(name: string, toMessage: (payload: unknown) => Plain | undefined): Owned {
    const hearers = this.#hearers.get(name) ?? new Set();
    this.#hearers.set(name, hearers.add(toMessage));
    return this.#own(`hearing ${name}`, () => void hearers.delete(toMessage));
  }

  #own(label: string, close: () => void): Owned {
    this.owned.set(label, close);
    const release = (): void => void this.owned.delete(label);
    return {
      close: () => {
        if (this.owned.delete(label)) {
          close();
        }
      },
      release,
    };
  }
}
