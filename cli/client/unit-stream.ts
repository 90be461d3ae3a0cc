// One connection that brings the output of a unit: by our own `work follow` where the node has it, and else by
// `work results`, as the reference's clients do it (control-and-work 2.4).
import { readStreamStart, readUnitStatus, refusalKind } from '../../protocol/control/reply-reader.js';
import { FollowReader } from '../../protocol/work/follow-reader.js';
import { isFinal } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { Session, SessionFault } from '../../runtime/ports.js';
import type { ControlClient } from '../control.js';
import { ControlError } from '../control-error.js';
import { jsonCommand } from './command.js';
import type { OutputSink } from './output-sink.js';
import { withUnitHint } from './work-actions.js';

/** What one connection came to; how much of the output it has brought, the sink knows. */
export type StreamEnd =
  | { readonly type: 'done'; readonly status: UnitStatus }
  /** The stream has ended in order, and the unit is not at its end yet. */
  | { readonly type: 'unfinished' }
  | { readonly type: 'lost'; readonly text: string };

export interface StreamRequest {
  readonly unitId: string;
  /** Byte of the output to start at. */
  readonly start: number;
  readonly sink: OutputSink;
}

/** Hands each piece of a session to `take`, one after the other, until it returns true or the session is over. */
function pump(
  session: Session,
  take: (chunk: Uint8Array) => Promise<boolean>,
): Promise<{ readonly fault: SessionFault | undefined }> {
  return new Promise((resolve, reject) => {
    let tail = Promise.resolve();
    const over = (fault: SessionFault | undefined): void => {
      tail.then(() => resolve({ fault }), reject);
    };
    session.attach({
      bytes: (chunk) => {
        session.pause();
        tail = tail.then(async () => {
          if (await take(chunk)) {
            resolve({ fault: undefined });
          } else {
            session.resume();
          }
        });
        tail.catch(reject);
      },
      drained: () => undefined,
      ended: () => over(undefined),
      closed: over,
    });
  });
}

/** Our own way; `undefined` when the node does not know it. */
export async function followUnit(client: ControlClient, request: StreamRequest): Promise<StreamEnd | undefined> {
  const { unitId, start, sink } = request;
  const command = jsonCommand({ command: 'work', subcommand: 'follow', unitid: unitId, startpos: start });
  const isKnown = await client
    .askFor(command, (line) => readStreamStart(line, 'follow'))
    .then(
      () => true,
      (thrown: unknown) => (isUnknownCommand(thrown) ? false : withUnitHint(thrown, unitId)),
    );
  if (!isKnown) {
    return undefined;
  }
  const reader = new FollowReader(start);
  let last: UnitStatus | undefined;
  const { fault } = await pump(client.takeOver(), async (chunk) => {
    const output: Uint8Array[] = [];
    reader.push(chunk, (event) => {
      if (event.type === 'output') {
        output.push(event.bytes);
      } else {
        last = event.status;
        sink.expect(event.type === 'end' ? event.size : event.status.stdoutSize);
      }
    });
    for (const bytes of output) {
      await sink.write(bytes);
    }
    return reader.ended || reader.fault !== undefined;
  });
  if (reader.ended && last !== undefined) {
    return { type: 'done', status: last };
  }
  return { type: 'lost', text: reader.fault?.detail ?? fault?.text ?? 'the node has closed the connection' };
}

/** The reference's way: raw output to the end of the connection, then the status over another one. */
export async function fetchResults(
  client: ControlClient,
  request: StreamRequest,
  askAgain: () => Promise<ControlClient>,
): Promise<StreamEnd> {
  const { unitId, start, sink } = request;
  const command = jsonCommand({ command: 'work', subcommand: 'results', unitid: unitId, startpos: start });
  await client
    .askFor(command, (line) => readStreamStart(line, 'results'))
    .catch((thrown: unknown) => withUnitHint(thrown, unitId));
  const session = client.takeOver();
  // Release 1.6.9 closes the stream only when the client has said that it wants nothing more.
  session.end();
  let position = start;
  const { fault } = await pump(session, async (chunk) => {
    position += chunk.length;
    await sink.write(chunk);
    return false;
  });
  if (fault !== undefined) {
    return { type: 'lost', text: fault.text };
  }
  const status = await statusOf(await askAgain(), unitId);
  const isAll = isFinal(status.state) && position >= status.stdoutSize;
  return isAll ? { type: 'done', status } : { type: 'unfinished' };
}

/** Closes the client. */
export async function statusOf(client: ControlClient, unitId: string): Promise<UnitStatus> {
  try {
    const command = jsonCommand({ command: 'work', subcommand: 'status', unitid: unitId });
    return await client.askFor(command, readUnitStatus).catch((thrown: unknown) => withUnitHint(thrown, unitId));
  } finally {
    client.close();
  }
}

function isUnknownCommand(thrown: unknown): boolean {
  return (
    thrown instanceof ControlError && thrown.code === 'refused' && refusalKind(thrown.message) === 'unknown-command'
  );
}
