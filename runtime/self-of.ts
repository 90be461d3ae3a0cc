import type { Address } from './address.js';
import type { CellHost, ChildPlan, LifePhase, LivingCell } from './cell-host.js';
import { failureFrom, RuntimeError, type RuntimeErrorCode } from './errors.js';
import { failureDetail } from './inspection.js';
import type { Message, Topic } from './message.js';
import type { Owned, Scope } from './scope.js';
import type { Self } from './self.js';

/** Whose face it is. */
export interface SelfOwner {
  readonly host: CellHost;
  readonly cell: LivingCell;
  readonly life: LifePhase;
  readonly scope: Scope;
}

/** Makes the face that a life's effects see. What it may still do once that life is over is said at `Self`. */
export function selfOf(owner: SelfOwner): Self<never> {
  const { host, cell, life, scope } = owner;
  const self: Self<Message> = {
    address: cell.address,
    get isAlive() {
      return life.isAlive;
    },
    answer: (message) => {
      if (life.isAlive) {
        cell.post(message, 'answer');
      }
    },
    send: (to, message) => (life.isClosed ? 'no-such-actor' : host.send(cell.address, to, message)),
    publish: (topic, payload) => {
      if (!life.isClosed) {
        host.publish(cell.address, topic, payload);
      }
    },
    // The topic's type parameter says what its publishers hand over.
    hear: (topic, toMessage) => hear(owner, topic, toMessage as (payload: unknown) => Message | undefined),
    ask: (to, message, withinMs) =>
      life.isAlive
        ? host.ask(cell.address, to, message, withinMs)
        : Promise.reject(overError('ask-abandoned', cell.address, 'ask')),
    reply: (to, value) => host.reply(cell.address, to, value),
    raise: (definition, name, input, options = {}) => raise(owner, { definition, name, input, options }),
    lower: (address) => {
      if (life.isAlive) {
        host.childOf(cell.address, address)?.stop(() => undefined);
      }
    },
    own: (label, closer) => scope.own(label, closer),
    attempt: (work, done, failed) => {
      work
        .then(
          (value) => self.answer(done(value)),
          (error: unknown) => self.answer(failed(error)),
        )
        .catch((thrown: unknown) => self.fail(thrown));
    },
    whileAlive: (callback) => whileAlive(owner, callback),
    fail: (thrown) => fail(owner, thrown),
  };
  return self as unknown as Self<never>; // erased; defineActor gave the effects their own message type
}

function hear(owner: SelfOwner, topic: Topic<unknown>, toMessage: (payload: unknown) => Message | undefined): Owned {
  const { cell, host, scope } = owner;
  const heard = whileAlive(owner, (payload: unknown) => {
    const message = toMessage(payload);
    if (message !== undefined) {
      cell.send(message);
    }
  });
  return scope.own(`topic ${topic.name}`, host.hear(topic, heard));
}

function raise({ cell, life, host, scope }: SelfOwner, plan: ChildPlan): Address {
  if (!life.isAlive) {
    throw overError('invalid-use', cell.address, `raise ${plan.name}`);
  }
  const child = host.raise(cell.address, plan);
  // Children of one kind are peers and stop together; each has its own limit, so it is waited for.
  const owned = scope.own(`child ${plan.name}`, (done: () => void) => child.stop(done), {
    together: `child ${plan.definition.kind}`,
    isPatient: true,
  });
  child.whenEnded(() => owned.release());
  return child.address;
}

function whileAlive<Args extends readonly unknown[]>(
  { cell, life }: SelfOwner,
  callback: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    if (!life.isAlive) {
      return;
    }
    try {
      callback(...args);
    } catch (thrown) {
      cell.fail(thrown);
    }
  };
}

/** Of a life that is over it is only told: the next life has no part in it. */
function fail({ cell, life, host }: SelfOwner, thrown: unknown): void {
  if (life.isAlive) {
    cell.fail(thrown);
  } else {
    const failure = failureFrom(thrown);
    host.tell(cell.address, 'failure', failure.code, { ...failureDetail(failure), isLate: true });
  }
}

function overError(code: RuntimeErrorCode, address: Address, what: string): RuntimeError {
  return new RuntimeError(code, `${address} is over and cannot ${what}`, { data: { address } });
}
