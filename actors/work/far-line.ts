import {
  type RefusalKind,
  type ReplyOutcome,
  readStreamStart,
  readSubmitPrompt,
  readSubmitResult,
  readUnitOutcome,
  readUnitStatus,
  refusalKind,
} from '../../protocol/control/reply-reader.js';
import type { NodeId } from '../../protocol/names.js';
import { decodeText } from '../../protocol/text.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';
import type { Owned } from '../../runtime/scope.js';
import type { Self } from '../../runtime/self.js';
import { nodeAppeared } from '../topics.js';
import { type FarLoss, type FarPorts, FarSession } from './far-session.js';

/** What every session with another node may bring, as messages. */
export type FarBaseMessage =
  | { readonly type: 'far.ready' }
  | { readonly type: 'far.ended' }
  | { readonly type: 'far.lost'; readonly loss: FarLoss }
  | { readonly type: 'reply.refused'; readonly text: string; readonly kind: RefusalKind }
  | { readonly type: 'reply.garbled'; readonly line: string };

/** What was asked for; each to its own expectation, and to none that did not ask. */
export type FarReply =
  | { readonly type: 'reply.prompt'; readonly unitId: string }
  | { readonly type: 'reply.result' }
  | { readonly type: 'reply.status'; readonly status: UnitStatus }
  | { readonly type: 'reply.outcome' }
  /** What follows is no line; it has gone to the raw reader since. */
  | { readonly type: 'reply.stream' };

export type FarMessage = FarBaseMessage | FarReply;

export type FarReplyNamed<Name extends FarReply['type']> = Extract<FarReply, { readonly type: Name }>;

/** What is to be answered next. */
export type FarExpectation = 'prompt' | 'result' | 'status' | 'outcome' | 'follow' | 'results';

export type FarWish =
  | { readonly type: 'connect'; readonly node: NodeId }
  | { readonly type: 'ask'; readonly text: string; readonly expects: FarExpectation };

export const FAR_BASE_MESSAGES = {
  'far.ready': 'answer',
  'far.ended': 'answer',
  'far.lost': 'answer',
  'reply.refused': 'answer',
  'reply.garbled': 'answer',
} as const satisfies { readonly [K in FarBaseMessage['type']]: MessageClass };

/** What each user of a session hears in its own way. */
export interface FarReader {
  /** Only what was asked for comes. */
  reply(reply: FarReply): void;
  /** Bytes of a stream. */
  bytes(chunk: Uint8Array): void;
  /** The other node takes more. */
  drained(): void;
}

const STARTED_ANEW: FarLoss = {
  kind: 'lost',
  fault: { code: 'started-anew', text: 'the other node has started anew' },
};

/** Characters of a line that is quoted in a reason. */
const QUOTED_MAX = 1_000;

/** A session with another node's control service, for an actor: its replies are messages, its streams are not. */
export class FarLine {
  readonly #self: Self<FarBaseMessage>;
  readonly #reader: FarReader;
  #session: { readonly far: FarSession; readonly owned: Owned } | undefined;
  #expects: FarExpectation = 'status';

  constructor(self: Self<FarBaseMessage>, reader: FarReader) {
    this.#self = self;
    this.#reader = reader;
  }

  /**
   * The session ends with the actor. It is lost as soon as the other node is heard to have started anew: the stream
   * would only find out at its idle limit, since nobody over there knows of it any more.
   */
  connect(ports: FarPorts, node: NodeId): void {
    const self = this.#self;
    const session = new FarSession(ports, node, {
      ready: () => self.answer({ type: 'far.ready' }),
      line: self.whileAlive((line: Uint8Array) => this.#tell(this.#read(line))),
      bytes: self.whileAlive((chunk: Uint8Array) => this.#reader.bytes(chunk)),
      drained: self.whileAlive(() => this.#reader.drained()),
      ended: () => self.answer({ type: 'far.ended' }),
      lost: (loss) => self.answer({ type: 'far.lost', loss }),
    });
    const news = self.hear(nodeAppeared, (appeared) => {
      return appeared.node === node ? { type: 'far.lost', loss: STARTED_ANEW } : undefined;
    });
    const owned = self.own('far session', () => {
      news.close();
      session.close();
    });
    this.#session = { far: session, owned };
  }

  /** Ends the session; another may be opened. */
  disconnect(): void {
    this.#session?.owned.close();
    this.#session = undefined;
  }

  ask(text: string, expects: FarExpectation): void {
    this.#expects = expects;
    if (expects === 'prompt') {
      this.#session?.far.openInput();
    }
    this.#session?.far.sendText(text);
  }

  /** False: wait for `drained`. */
  sendBytes(bytes: Uint8Array): boolean {
    return this.#session?.far.sendBytes(bytes) ?? true;
  }

  /** We send no more; what comes next is the result. */
  end(): void {
    this.#session?.far.end();
  }

  pause(): void {
    this.#session?.far.pause();
  }

  resume(): void {
    this.#session?.far.resume();
  }

  #tell(message: FarMessage): void {
    switch (message.type) {
      case 'far.ready':
      case 'far.ended':
      case 'far.lost':
      case 'reply.refused':
      case 'reply.garbled':
        this.#self.answer(message);
        break;
      default:
        this.#reader.reply(message);
    }
  }

  #read(line: Uint8Array): FarMessage {
    switch (this.#expects) {
      case 'prompt':
        return this.#readPrompt(line);
      case 'result':
        return message(line, readSubmitResult(line), () => ({ type: 'reply.result' }));
      case 'status':
        return message(line, readUnitStatus(line), (status) => ({ type: 'reply.status', status }));
      case 'outcome':
        return message(line, readUnitOutcome(line), () => ({ type: 'reply.outcome' }));
      case 'follow':
      case 'results':
        return message(line, readStreamStart(line, this.#expects), () => {
          this.#session?.far.readRaw();
          return { type: 'reply.stream' };
        });
      default:
        return this.#expects satisfies never;
    }
  }

  /** Without a prompt there is no unit, and so no input whose end could be mistaken. After it there is only the result. */
  #readPrompt(line: Uint8Array): FarMessage {
    const reply = message(line, readSubmitPrompt(line), (unitId) => ({ type: 'reply.prompt', unitId }));
    if (reply.type === 'reply.prompt') {
      this.#expects = 'result';
    } else {
      this.#session?.far.forgetInput();
    }
    return reply;
  }
}

function message<T>(line: Uint8Array, reply: ReplyOutcome<T>, made: (value: T) => FarReply): FarMessage {
  switch (reply.type) {
    case 'reply':
      return made(reply.value);
    case 'refused':
      return { type: 'reply.refused', text: reply.text, kind: refusalKind(reply.text) };
    case 'garbled':
      return { type: 'reply.garbled', line: decodeText(line).slice(0, QUOTED_MAX) };
    default:
      return reply satisfies never;
  }
}
