// `connect`: this terminal, or this pipe, and a service of a node (control-and-work 1.6).
import { readStreamStart } from '../../protocol/control/reply-reader.js';
import type { Session, SessionFault } from '../../runtime/ports.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { jsonCommand } from './command.js';
import type { ClientContext } from './context.js';
import { explain } from './refusal.js';

/** Ctrl-] leaves, as in telnet: in raw mode every other key goes to the service. */
const LEAVE_KEY = 0x1d;

export interface ConnectOptions {
  readonly node: string;
  readonly service: string;
  readonly tlsClient: string;
  /** Each key goes over as it is pressed. */
  readonly raw: boolean;
}

/** Until the service ends it. The end of standard input is passed on, and what still comes is waited for. */
export async function connectTerminal(context: ClientContext, options: ConnectOptions): Promise<ExitCode> {
  const { stdin } = context.host;
  return await context.withClient(async (client) => {
    const { node, service, tlsClient } = options;
    const command = jsonCommand({ command: 'connect', node, service, tls: tlsClient });
    await client.askFor(command, (line) => readStreamStart(line, 'connect')).catch(explain(options));
    if (stdin.isTerminal) {
      const leave = options.raw ? 'Ctrl-] leaves' : 'Ctrl-D ends the input, Ctrl-C leaves';
      await context.note(`Connected to ${service} of ${node}; ${leave}.`);
    }
    const restore = options.raw ? stdin.makeRaw() : () => undefined;
    try {
      const fault = await joined(context, client.takeOver(), options.raw);
      if (fault !== undefined) {
        await context.complain({ text: `the connection was lost: ${fault.text}`, exitCode: EXIT.unreachable });
        return EXIT.unreachable;
      }
      return EXIT.ok;
    } finally {
      restore();
    }
  });
}

/** Both directions until the far side is done, or the user leaves; a fault if it broke. */
function joined(context: ClientContext, session: Session, raw: boolean): Promise<SessionFault | undefined> {
  return new Promise((resolve, reject) => {
    let written = Promise.resolve();
    let room: (() => void) | undefined;
    const wake = (): void => {
      room?.();
      room = undefined;
    };
    session.attach({
      bytes: (chunk) => {
        session.pause();
        written = written.then(() => context.host.stdout.write(chunk));
        written.then(() => session.resume(), reject);
      },
      drained: wake,
      ended: () => written.then(() => resolve(undefined), reject),
      closed: (fault) => {
        wake();
        written.then(() => resolve(fault), reject);
      },
    });
    const roomy = (): Promise<void> =>
      new Promise((drained) => {
        room = drained;
      });
    sendInput(context, session, { raw, roomy }).then((end) => {
      if (end === 'left') {
        resolve(undefined);
      }
    }, reject);
  });
}

interface InputOptions {
  readonly raw: boolean;
  /** Settles when the session takes more. */
  readonly roomy: () => Promise<void>;
}

async function sendInput(context: ClientContext, session: Session, options: InputOptions): Promise<'ended' | 'left'> {
  for await (const chunk of context.host.stdin.chunks()) {
    if (options.raw && chunk.includes(LEAVE_KEY)) {
      return 'left';
    }
    if (!session.send([chunk])) {
      await options.roomy();
    }
  }
  session.end();
  return 'ended';
}
