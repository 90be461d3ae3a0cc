import type { SessionHandler } from '../../runtime/ports.js';
import type { ControlClient } from '../control.js';
import type { ClientContext } from './context.js';
import type { PayloadSource } from './payload-source.js';
import { Progress } from './progress.js';

/** Bytes that a node may say while it is sent a payload: one line. */
const SAID_BYTES_MAX = 65_536;

/** Sends all of the payload and the end; then the client reads lines again, from the first that the node has said. */
export async function sendPayload(
  context: ClientContext,
  client: Pick<ControlClient, 'takeOver' | 'resume'>,
  { size, chunks }: PayloadSource,
): Promise<void> {
  const session = client.takeOver();
  const far = new FarSide();
  session.attach(far);
  const { clock } = context.host.outside;
  const progress = new Progress({ clock, output: context.host.stderr, verb: 'Sending', total: size });
  for await (const chunk of chunks()) {
    if (far.isGone) {
      break;
    }
    if (!session.send([chunk])) {
      await far.room();
    }
    await progress.add(chunk.length);
  }
  await progress.end();
  session.end();
  // In the same turn: what the node answers must find the client reading.
  client.resume(far.said);
}

/** The node, while it takes a payload. */
class FarSide implements SessionHandler {
  isGone = false;
  #said: Uint8Array = new Uint8Array(0);
  #wake: () => void = () => undefined;

  get said(): Uint8Array {
    return this.#said;
  }

  /** Settles when more may be sent, or nobody is there any more. */
  room(): Promise<void> {
    return this.isGone ? Promise.resolve() : new Promise((resolve) => (this.#wake = resolve));
  }

  bytes(chunk: Uint8Array): void {
    const room = Math.min(chunk.length, SAID_BYTES_MAX - this.#said.length);
    const longer = new Uint8Array(this.#said.length + room);
    longer.set(this.#said);
    longer.set(chunk.subarray(0, room), this.#said.length);
    this.#said = longer;
  }

  drained(): void {
    this.#wake();
  }

  ended(): void {
    // A node that has said all may still read.
  }

  closed(): void {
    this.isGone = true;
    this.#wake();
  }
}
