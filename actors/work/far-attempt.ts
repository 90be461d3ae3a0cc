import { type Address, parentOf } from '../../runtime/address.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import type { Self } from '../../runtime/self.js';
import { NODE } from '../addresses.js';
import { type FarBaseMessage, FarLine, type FarReader, type FarWish } from './far-line.js';
import type { FarPorts } from './far-session.js';
import type { AttemptNews, FarOrderNews, FarStartNews, FarWatchNews } from './far-task-vocabulary.js';

/** What every attempt at a task asks for. */
export type AttemptWish =
  | FarWish
  /** Losses, and what the next attempt has to know. */
  | { readonly type: 'tell-task'; readonly news: AttemptNews }
  /** What came of it. */
  | { readonly type: 'tell-unit'; readonly news: FarStartNews | FarOrderNews | FarWatchNews };

export interface Attempt {
  readonly line: FarLine;
  readonly effects: EffectTable<AttemptWish>;
}

/** Who sends one line at a time need not hear of room, and who reads lines gets no bytes. */
const NOTHING: FarReader = { reply: () => undefined, bytes: () => undefined, drained: () => undefined };

/** An attempt's session, and the way to those who care. Above an attempt stands its task, above that the unit's worker. */
export function attemptOf(ports: FarPorts, self: Self<FarBaseMessage>, reader: Partial<FarReader>): Attempt {
  const line = new FarLine(self, { ...NOTHING, ...reader });
  const task: Address = parentOf(self.address) ?? NODE;
  const unit: Address = parentOf(task) ?? NODE;
  return {
    line,
    effects: {
      connect: ({ node }) => line.connect(ports, node),
      ask: ({ text, expects }) => line.ask(text, expects),
      'tell-task': ({ news }) => {
        self.send(task, news);
      },
      'tell-unit': ({ news }) => {
        self.send(unit, news);
      },
    },
  };
}

/** Said of a session that ends when it should not. */
export const SESSION_ENDED = 'the other node ended the session';
export const NO_ANSWER = 'no answer in time';
