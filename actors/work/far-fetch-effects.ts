import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import type { MeshPorts } from '../ports.js';
import { FarLine } from './far-line.js';
import { beginSink } from './far-sink.js';
import type { FarFetchMessage, FarFetchWish } from './far-watch-vocabulary.js';
import type { OutputSink } from './output-store.js';

export type FarFetchPorts = Pick<MeshPorts, 'streams' | 'clock' | 'workKit'>;

/** What a fetch does for its machine. A sink belongs to one stream of results: what another brings is not its own. */
export function farFetchEffects(ports: FarFetchPorts, self: Self<FarFetchMessage>): EffectTable<FarFetchWish> {
  let sink: OutputSink | undefined;
  const line = new FarLine(self, {
    reply: (reply) => {
      if (reply.type === 'reply.stream') {
        self.answer(reply);
      }
    },
    bytes: (chunk) => {
      if (sink?.append(chunk) === false) {
        line.pause();
      }
    },
    drained: () => undefined, // all that we send is one line
  });
  return {
    connect: ({ node }) => line.connect(ports, node),
    disconnect: () => {
      sink = undefined;
      line.disconnect();
    },
    ask: ({ text, expects }) => line.ask(text, expects),
    'begin-sink': ({ unitId }) => {
      const begun = beginSink(ports, unitId, {
        room: self.whileAlive(() => line.resume()),
        failed: (text) => self.answer({ type: 'sink.failed', text }),
      });
      self.attempt(
        begun,
        (opened) => {
          sink = opened;
          return { type: 'sink.begun', offset: opened.nextOffset };
        },
        (error) => ({ type: 'sink.failed', text: describe(error) }),
      );
    },
  };
}
