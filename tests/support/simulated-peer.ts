import assert from 'node:assert/strict';
import type { Session, SessionAddress } from '../../runtime/ports.js';
import type { Program, SimulatedPorts } from '../../runtime/simulation/host.js';
import type { World } from '../../runtime/simulation/world.js';
import { bytesOf, RecordingHandler } from './recording-session.js';

/** One end of a session that a test drives by hand: it remembers what it heard. */
export class PeerEnd extends RecordingHandler {
  readonly session: Session;

  constructor(session: Session) {
    super();
    this.session = session;
  }

  say(text: string): boolean {
    return this.session.send([bytesOf(text)]);
  }
}

/** A program without behaviour of its own: listens and dials as the test says, and keeps all that came of it. */
export class Peer implements Program {
  readonly ports: SimulatedPorts;
  readonly accepted: PeerEnd[] = [];
  readonly opened: PeerEnd[] = [];
  /** What became of dialling and listening: `listening`, `listen EADDRINUSE`, `dial ECONNREFUSED`. */
  readonly news: string[] = [];
  /** False keeps sessions unread: nobody is attached to them. */
  attaches = true;

  constructor(ports: SimulatedPorts) {
    this.ports = ports;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  listen(address: SessionAddress): (done: () => void) => void {
    return this.ports.sessions.listen(
      address,
      {},
      {
        opened: () => void this.news.push('listening'),
        accepted: (session) => void this.accepted.push(this.#end(session)),
        failed: ({ code }) => void this.news.push(`listen ${code}`),
      },
    );
  }

  dial(address: SessionAddress): () => void {
    return this.ports.sessions.dial(address, {
      opened: (session) => void this.opened.push(this.#end(session)),
      failed: ({ code }) => void this.news.push(`dial ${code}`),
    });
  }

  #end(session: Session): PeerEnd {
    const end = new PeerEnd(session);
    if (this.attaches) {
      session.attach(end);
    }
    return end;
  }
}

export const tcp = (host: string, portNumber = 1): SessionAddress => ({ transport: 'tcp', host, portNumber });
export const udp = (host: string, portNumber = 1): SessionAddress => ({ transport: 'udp', host, portNumber });
export const unix = (path: string): SessionAddress => ({ transport: 'unix', path });

/** A peer on a host of that name, in a new life. */
export function peerOn(world: World, name: string): Peer {
  return world.host(name).start((ports) => new Peer(ports));
}

export interface Joined {
  readonly a: Peer;
  readonly b: Peer;
  readonly aEnd: PeerEnd;
  readonly bEnd: PeerEnd;
}

/** Host `a` has dialled host `b`; for UDP it has also said `hello`, without which nobody would know. */
export async function joined(world: World, transport: 'tcp' | 'udp' = 'tcp'): Promise<Joined> {
  const [a, b] = [peerOn(world, 'a'), peerOn(world, 'b')];
  const to = transport === 'tcp' ? tcp : udp;
  b.listen(to('b'));
  a.dial(to('b'));
  await world.advance(100);
  a.opened[0]?.say(transport === 'udp' ? 'hello' : '');
  await world.advance(100);
  const [aEnd, bEnd] = [a.opened[0], b.accepted[0]];
  assert.ok(aEnd !== undefined && bEnd !== undefined, 'they are not joined');
  return { a, b, aEnd, bEnd };
}
