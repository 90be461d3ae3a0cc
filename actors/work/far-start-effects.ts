import type { UnitId } from '../../protocol/names.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import type { ReadFile } from '../../runtime/file-port.js';
import type { Self } from '../../runtime/self.js';
import type { MeshPorts } from '../ports.js';
import { attemptOf } from './far-attempt.js';
import type { FarLine } from './far-line.js';
import type { FarStartMessage, FarStartWish } from './far-start-vocabulary.js';

/** Bytes of the input that are read and sent at a time. */
const INPUT_CHUNK_BYTES = 65_536;

export type FarStartPorts = Pick<MeshPorts, 'streams' | 'clock' | 'files' | 'workKit'>;

/** What an attempt to start work elsewhere does for its machine. */
export function farStartEffects(ports: FarStartPorts, self: Self<FarStartMessage>): EffectTable<FarStartWish> {
  let room: (() => void) | undefined;
  const { line, effects } = attemptOf(ports, self, {
    reply: (reply) => {
      if (reply.type !== 'reply.stream') {
        self.answer(reply);
      }
    },
    drained: () => {
      room?.();
      room = undefined;
    },
  });
  const waitForRoom = (): Promise<void> =>
    new Promise((resolve) => {
      room = resolve;
    });
  return {
    ...effects,
    'send-input': ({ unitId }) => {
      self.attempt(
        sendInput(ports, self, unitId, { line, waitForRoom }),
        () => ({ type: 'input.sent' }),
        (error) => ({ type: 'input.unreadable', text: describe(error) }),
      );
    },
  };
}

interface InputWay {
  readonly line: FarLine;
  waitForRoom(): Promise<void>;
}

/** From the disk to the other node, as fast as it takes it; then the end. Stops without an end when the actor is over. */
async function sendInput(
  { files, workKit }: FarStartPorts,
  self: Self<FarStartMessage>,
  unitId: UnitId,
  { line, waitForRoom }: InputWay,
): Promise<void> {
  const file = await files.openRead(workKit.pathsOf(unitId).stdin);
  const owned = self.own('input file', (done) => closeFile(file, done));
  let position = 0;
  while (self.isAlive) {
    // What is sent must not change any more, so each chunk has bytes of its own.
    const chunk = new Uint8Array(INPUT_CHUNK_BYTES);
    const count = await file.readAt(position, chunk);
    if (!self.isAlive) {
      return;
    }
    if (count === 0) {
      owned.close();
      line.end();
      return;
    }
    position += count;
    if (!line.sendBytes(chunk.subarray(0, count))) {
      await waitForRoom();
    }
  }
}

function closeFile(file: ReadFile, done: () => void): void {
  file.close().then(done, done);
}
