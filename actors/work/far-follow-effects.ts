import { type FollowEvent, FollowReader } from '../../protocol/work/follow-reader.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import type { MeshPorts } from '../ports.js';
import { attemptOf } from './far-attempt.js';
import { beginSink } from './far-sink.js';
import type { FarFollowMessage, FarFollowWish } from './far-watch-vocabulary.js';
import type { OutputSink, SinkEvents } from './output-store.js';

export type FarFollowPorts = Pick<MeshPorts, 'streams' | 'clock' | 'workKit'>;

/** What an attempt to follow a unit does for its machine. The bytes of the output pass beside it. */
export function farFollowEffects(ports: FarFollowPorts, self: Self<FarFollowMessage>): EffectTable<FarFollowWish> {
  let sink: OutputSink | undefined;
  let reader: FollowReader | undefined;
  const attempt = attemptOf(ports, self, {
    reply: (reply) => {
      if (reply.type === 'reply.stream') {
        self.answer(reply);
      }
    },
    bytes: (chunk) => {
      reader?.push(chunk, take);
      if (reader?.fault !== undefined) {
        self.answer({ type: 'follow.garbled', text: reader.fault.detail });
      }
    },
  });
  const take = (event: FollowEvent): void => {
    switch (event.type) {
      case 'status':
        attempt.effects['tell-unit']({ type: 'tell-unit', news: { type: 'far.status', status: event.status } });
        break;
      case 'output':
        if (sink?.append(event.bytes) === false) {
          attempt.line.pause();
        }
        break;
      case 'end':
        conclude(self, sink, event);
        break;
      default:
        event satisfies never;
    }
  };
  const begun = (opened: OutputSink): FarFollowMessage => {
    sink = opened;
    reader = new FollowReader(opened.nextOffset);
    return { type: 'sink.begun', offset: opened.nextOffset };
  };
  return {
    ...attempt.effects,
    'begin-sink': ({ unitId }) => {
      const events: SinkEvents = {
        room: self.whileAlive(() => attempt.line.resume()),
        failed: (text) => self.answer({ type: 'sink.failed', text }),
      };
      self.attempt(beginSink(ports, unitId, events), begun, sinkFailed);
    },
    'note-requests-only': ({ node }) => ports.workKit.farNodes.noteRequestsOnly(node),
  };
}

function sinkFailed(error: unknown): FarFollowMessage {
  return { type: 'sink.failed', text: describe(error) };
}

type End = Extract<FollowEvent, { readonly type: 'end' }>;

/** The last word counts once the bytes before it are stored. */
function conclude(self: Self<FarFollowMessage>, sink: OutputSink | undefined, { status, size }: End): void {
  const ended = (): FarFollowMessage => ({
    type: 'follow.ended',
    status: { ...status, stdoutSize: size },
    storedSize: sink?.nextOffset ?? 0,
  });
  self.attempt(sink?.flushed() ?? Promise.resolve(), ended, sinkFailed);
}
