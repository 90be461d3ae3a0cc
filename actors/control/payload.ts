import { errorLine } from '../../protocol/control/reply.js';
import { submittedLine } from '../../protocol/control/work-reply.js';
import { describe } from '../../runtime/errors.js';
import type { Session } from '../../runtime/ports.js';
import type { CreatedUnit } from './work-desk.js';

/**
 * Stores everything that the client sends, up to its end, as the unit's standard input, and starts the unit. One chunk
 * is on its way to the disk at a time; meanwhile the client is not read. Settles with the line for the client; never
 * rejects. A session that breaks before its end fails the unit: it must not run on half of its input.
 */
export function receivePayload(session: Session, unit: CreatedUnit): Promise<string> {
  return new Promise((resolve) => {
    let tail = Promise.resolve();
    let state: 'open' | 'ended' | 'failed' = 'open';
    const fail = (reason: string): void => {
      if (state === 'open') {
        state = 'failed';
        unit.input.fail(reason);
        resolve(errorLine(reason));
      }
    };
    const store = async (chunk: Uint8Array): Promise<void> => {
      if (state === 'failed') {
        return;
      }
      try {
        await unit.input.write(chunk);
      } catch (thrown) {
        fail(`Error storing input data: ${describe(thrown)}`);
      }
      session.resume();
    };
    const start = async (): Promise<void> => {
      if (state !== 'open') {
        return;
      }
      state = 'ended';
      const started = await unit.input.end();
      resolve(started.ok ? submittedLine(unit.unitId, started.value) : errorLine(started.refusal));
    };
    session.attach({
      bytes: (chunk) => {
        session.pause();
        tail = tail.then(() => store(chunk));
      },
      drained: () => undefined,
      ended: () => {
        tail = tail.then(start).catch((thrown: unknown) => resolve(errorLine(describe(thrown))));
      },
      closed: (fault) => {
        // An end that came before was an end in order; what is stored after it still counts.
        tail = tail.then(() => fail(`Error reading input data: ${fault?.text ?? 'the connection was closed'}`));
      },
    });
  });
}
