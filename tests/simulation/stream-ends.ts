import assert from 'node:assert/strict';
import { createHash, type Hash } from 'node:crypto';
import type { MeshNode } from '../../actors/mesh-node.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';
import type { World } from '../../runtime/simulation/world.js';

/** The bytes of a transfer: the same for everybody who asks, and different at each place. */
export function pattern(start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    bytes[at] = (Math.imul(start + at, 0x9e3779b1) >>> 13) & 0xff;
  }
  return bytes;
}

export function digestOf(length: number): string {
  return createHash('sha256').update(pattern(0, length)).digest('hex');
}

/** The user of one end of a stream: counts what comes, and sends as much as it is told to as fast as it is allowed to. */
export class StreamEnd implements SessionHandler {
  readonly session: Session;
  /** `ended`, `closed`, `closed CODE`, `drained`, in order. */
  readonly news: string[] = [];
  received = 0;
  /** True echoes everything, and the end, as a peer does that waits for room. */
  isEcho = false;
  #hash: Hash = createHash('sha256');
  #text: Uint8Array[] = [];
  #toSend = 0;
  #sent = 0;
  #endsAfterSending = false;

  constructor(session: Session) {
    this.session = session;
    session.attach(this);
  }

  /** What came, as text; for short ones. */
  get text(): string {
    return Buffer.concat(this.#text).toString('latin1');
  }

  /** Bytes that the session has taken from us. */
  get sent(): number {
    return this.#sent;
  }

  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  get isClosed(): boolean {
    return this.news.some((line) => line.startsWith('closed'));
  }

  say(text: string): void {
    this.session.send([new TextEncoder().encode(text)]);
  }

  /** Sends so many bytes of the pattern, then the end. */
  sendAll(length: number): void {
    this.#toSend += length;
    this.#endsAfterSending = true;
    this.#pump();
  }

  bytes(chunk: Uint8Array): void {
    this.received += chunk.length;
    this.#hash.update(chunk);
    if (this.received < 10_000) {
      this.#text.push(chunk);
    }
    if (this.isEcho && !this.session.send([chunk])) {
      this.session.pause();
    }
  }

  drained(): void {
    this.news.push('drained');
    if (this.isEcho) {
      this.session.resume();
    }
    this.#pump();
  }

  ended(): void {
    this.news.push('ended');
    if (this.isEcho) {
      this.session.end();
    }
  }

  closed(fault: SessionFault | undefined): void {
    this.news.push(fault === undefined ? 'closed' : `closed ${fault.code}`);
  }

  #pump(): void {
    while (this.#sent < this.#toSend) {
      const part = pattern(this.#sent, Math.min(16_384, this.#toSend - this.#sent));
      this.#sent += part.length;
      if (!this.session.send([part])) {
        return;
      }
    }
    if (this.#endsAfterSending) {
      this.#endsAfterSending = false;
      this.session.end();
    }
  }
}

/** A service that takes streams in and keeps their ends. */
export class StreamService {
  readonly ends: StreamEnd[] = [];
  readonly news: string[] = [];
  readonly close: (done: () => void) => void;
  #isEcho: boolean;

  constructor(
    node: MeshNode,
    service: string,
    options: { readonly isEcho?: boolean; readonly advertise?: boolean } = {},
  ) {
    const { isEcho = false, advertise = false } = options;
    this.#isEcho = isEcho;
    const place = { service: service as ServiceName, connType: 1, tags: {}, advertise };
    this.close = node.ports.streams.listen(place, {
      opened: () => void this.news.push('open'),
      accepted: (session) => {
        const end = new StreamEnd(session);
        end.isEcho = this.#isEcho;
        this.ends.push(end);
      },
      failed: ({ code }) => void this.news.push(`failed ${code}`),
    });
  }

  /** The newest end. */
  get end(): StreamEnd {
    const end = this.ends.at(-1);
    assert.ok(end !== undefined, 'nobody has come');
    return end;
  }
}

/** What becomes of a dial. */
export interface Dialled {
  end: StreamEnd | undefined;
  fault: SessionFault | undefined;
  readonly giveUp: () => void;
}

export function dial(node: MeshNode, target: string, service: string): Dialled {
  const dialled: { -readonly [K in keyof Dialled]: Dialled[K] } = {
    end: undefined,
    fault: undefined,
    giveUp: () => undefined,
  };
  dialled.giveUp = node.ports.streams.dial(
    { node: target as NodeId, service: service as ServiceName },
    {
      opened: (session) => {
        dialled.end = new StreamEnd(session);
      },
      failed: (fault) => {
        dialled.fault = fault;
      },
    },
  );
  return dialled;
}

/** Dials, and lets time pass until it has succeeded. */
export async function dialTo(world: World, node: MeshNode, target: string, service: string): Promise<StreamEnd> {
  const dialled = dial(node, target, service);
  await world.until(() => dialled.end !== undefined || dialled.fault !== undefined, 30_000);
  assert.ok(dialled.end !== undefined, `the dial failed: ${dialled.fault?.text ?? 'nothing came of it'}`);
  return dialled.end;
}
