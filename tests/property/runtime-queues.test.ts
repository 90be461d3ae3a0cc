import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Mailbox, type OverflowPolicy } from '../../runtime/mailbox.js';
import type { MessageClass } from '../../runtime/message.js';
import { Ring } from '../../runtime/ring.js';

describe('a ring', () => {
  it('behaves as a plain list does', () => {
    const operations = fc.array(
      fc.oneof(
        fc.nat().map((item) => ({ push: item })),
        fc.constant('shift' as const),
        fc.constant('clear' as const),
      ),
      {
        maxLength: 400,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), operations, (capacity, steps) => {
        const ring = new Ring<number>(capacity);
        let model: number[] = [];
        for (const step of steps) {
          if (step === 'shift') {
            assert.equal(ring.shift(), model.shift());
          } else if (step === 'clear') {
            ring.clear();
            model = [];
          } else {
            ring.push(step.push);
            model.push(step.push);
          }
          assert.equal(ring.size, model.length);
          assert.equal(ring.peek(), model[0]);
        }
        assert.deepEqual([...ring], model);
      }),
    );
  });
});

interface Waiting {
  readonly name: number;
  readonly class: MessageClass;
  readonly isStop: boolean;
}

/** A mailbox as its description says it, with no thought for speed. */
class MailboxModel {
  readonly #capacity: number;
  readonly #reserved: number;
  readonly #overflow: OverflowPolicy;
  waiting: Waiting[] = [];
  readonly dropped: number[] = [];

  constructor(capacity: number, reserved: number, overflow: OverflowPolicy) {
    this.#capacity = capacity;
    this.#reserved = reserved;
    this.#overflow = overflow;
  }

  post(envelope: Waiting): string {
    const requests = this.waiting.filter((waits) => waits.class === 'request');
    if (envelope.class === 'request' && requests.length >= this.#capacity) {
      const [oldest] = requests;
      if (this.#overflow === 'refuse' || oldest === undefined) {
        return 'refused';
      }
      this.waiting = this.waiting.filter((waits) => waits !== oldest);
      this.dropped.push(oldest.name);
    }
    const reserved = this.waiting.filter((waits) => waits.class === 'answer' || waits.class === 'timer');
    if ((envelope.class === 'answer' || envelope.class === 'timer') && reserved.length >= this.#reserved) {
      return 'overrun';
    }
    this.waiting.push(envelope);
    return 'taken';
  }

  take(): number | undefined {
    const next = this.waiting.find((waits) => waits.isStop) ?? this.waiting[0];
    this.waiting = this.waiting.filter((waits) => waits !== next);
    return next?.name;
  }
}

describe('a mailbox', () => {
  it('behaves as its description says: order, bounds, what is dropped and what never is', () => {
    const post = fc.record({
      class: fc.constantFrom<MessageClass>('request', 'request', 'answer', 'timer', 'system'),
      isStop: fc.boolean(),
    });
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: post },
        { weight: 2, arbitrary: fc.constant('take' as const) },
        fc.constant('restart' as const),
      ),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.nat(6),
        fc.constantFrom<OverflowPolicy>('refuse', 'drop-oldest'),
        steps,
        (capacity, reserved, overflow, script) => {
          const dropped: number[] = [];
          const nameOf = (message: object | undefined) =>
            message !== undefined && 'name' in message ? message.name : undefined;
          const mailbox = new Mailbox({ capacity, reserved, overflow }, ({ message }) =>
            dropped.push(Number(nameOf(message))),
          );
          const model = new MailboxModel(capacity, reserved, overflow);
          for (const [name, step] of script.entries()) {
            if (step === 'take') {
              assert.equal(nameOf(mailbox.take()?.message), model.take());
            } else if (step === 'restart') {
              mailbox.keepRequestsOnly();
              model.waiting = model.waiting.filter((waits) => waits.class === 'request');
            } else {
              const isStop = step.class === 'system' && step.isStop;
              const message = { type: isStop ? 'stop' : 'other', name };
              assert.equal(mailbox.post(message, step.class), model.post({ name, class: step.class, isStop }));
            }
            assert.equal(mailbox.depth, model.waiting.length);
          }
          assert.deepEqual(dropped, model.dropped);
          for (let left = model.waiting.length; left >= 0; left -= 1) {
            assert.equal(nameOf(mailbox.take()?.message), model.take());
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
