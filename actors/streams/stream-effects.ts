import type { EffectTable } from '../../runtime/define-actor.js';
import type { SessionFault } from '../../runtime/ports.js';
import type { ConnectionEvent } from '../../runtime/quic/engine.js';
import type { QuicStream } from '../../runtime/quic/stream.js';
import type { Self } from '../../runtime/self.js';
import { MeshStream } from './mesh-stream.js';
import type { BirthEvents, StreamBirth, StreamUser } from './stream-birth.js';
import { ABORTED, faultOf } from './stream-faults.js';
import { KIN_PROTOCOL, type StreamKit } from './stream-kit.js';
import type { StreamPath } from './stream-path.js';
import type { StreamMessage, StreamWish } from './stream-vocabulary.js';

/** The dialler's first byte; an acceptor takes no other (mesh-protocol 6). */
const FIRST_BYTE = 0;

/** What a stream does for its machine. */
export function streamEffects(kit: StreamKit, self: Self<StreamMessage>): EffectTable<StreamWish> {
  const life = new StreamLife(kit, self);
  return {
    begin: ({ key }) => life.begin(key),
    'open-stream': () => life.openStream(),
    'hand-over': () => life.handOver(),
    'tell-failed': ({ fault }) => life.fail(fault),
    'tell-over': ({ fault }) => life.over(fault),
    'close-connection': ({ code, reason }) => life.close(code, reason),
  };
}

/** One stream's connection, its bytes, and its user. */
class StreamLife implements BirthEvents {
  readonly #kit: StreamKit;
  readonly #self: Self<StreamMessage>;
  #birth: StreamBirth | undefined;
  /** Who has heard of nothing yet. */
  #user: StreamUser | undefined;
  #path: StreamPath | undefined;
  #stream: QuicStream | undefined;
  #session: MeshStream | undefined;
  #expects: 'nothing' | 'stream' | 'first-byte' = 'nothing';

  constructor(kit: StreamKit, self: Self<StreamMessage>) {
    this.#kit = kit;
    this.#self = self;
  }

  begin(key: number): void {
    const birth = this.#kit.nursery.take(key);
    if (birth === undefined) {
      this.#self.answer({ type: 'abort.wanted' });
      return;
    }
    this.#birth = birth;
    this.#user = birth.user;
    birth.giveUp = () => this.#self.answer({ type: 'abort.wanted' });
    this.#self.own('stream', () => this.#leave(birth));
    const path = birth.begin(this.#guarded());
    if ('code' in path) {
      this.#self.answer({ type: 'peer.unreachable', fault: path });
      return;
    }
    this.#path = path;
    path.mark();
  }

  /** The other end is trusted. The dialler opens the stream and says its first byte; the acceptor waits for both. */
  openStream(): void {
    const connection = this.#path?.connection;
    connection?.approve();
    this.#expects = 'stream';
    this.#lookForStream();
    this.#path?.mark();
  }

  handOver(): void {
    const [birth, user, stream, path] = [this.#birth, this.#user, this.#stream, this.#path];
    if (birth === undefined || user === undefined || stream === undefined || path === undefined) {
      return;
    }
    this.#user = undefined;
    const owner = {
      wake: () => path.mark(),
      bothEnded: () => this.#self.answer({ type: 'stream.both-ended' }),
      flushed: () => this.#self.answer({ type: 'stream.flushed' }),
      closeWanted: () => this.#self.answer({ type: 'close.wanted' }),
      abortWanted: () => this.#self.answer({ type: 'abort.wanted' }),
    };
    this.#session = new MeshStream(stream, owner, birth.names);
    user.opened(this.#session);
  }

  /** The user hears at most once: of the stream, or of why there is none. */
  fail(fault: SessionFault): void {
    const user = this.#user;
    this.#user = undefined;
    user?.failed(fault);
  }

  over(fault: SessionFault | undefined): void {
    this.#session?.over(fault);
  }

  close(code: number, reason: string): void {
    if (this.#path === undefined) {
      this.#self.answer({ type: 'connection.drained' });
      return;
    }
    this.#path.connection.close(code, reason);
    this.#path.mark();
  }

  event(event: ConnectionEvent): void {
    switch (event.type) {
      case 'connected':
        this.#connected();
        break;
      case 'streams-opened':
      case 'streams-available':
        this.#lookForStream();
        break;
      case 'finished':
        this.#session?.acknowledged();
        break;
      case 'stopped':
        this.#session?.peerStopped();
        break;
      case 'lost':
        this.#self.answer({ type: 'connection.lost', fault: faultOf(event.loss) });
        break;
      case 'drained':
        this.#self.answer({ type: 'connection.drained' });
        break;
      case 'readable':
      case 'writable':
        break;
      default:
        event satisfies never;
    }
  }

  pumped(): void {
    if (this.#expects === 'first-byte') {
      this.#lookForFirstByte();
    }
    this.#session?.pump();
  }

  unreachable(fault: SessionFault): void {
    this.#self.answer({ type: 'peer.unreachable', fault });
  }

  /** The end of this life, in whichever way: the user hears of it in any case. */
  #leave(birth: StreamBirth): void {
    if (this.#session === undefined) {
      this.fail(ABORTED);
    } else {
      this.#session.over(ABORTED);
    }
    this.#path?.abandon();
    birth.end();
  }

  /** What the path tells happens outside of this actor's steps: what is thrown there must fail this stream all the same. */
  #guarded(): BirthEvents {
    const self = this.#self;
    return {
      event: self.whileAlive((event: ConnectionEvent) => this.event(event)),
      pumped: self.whileAlive(() => this.pumped()),
      unreachable: (fault) => this.unreachable(fault),
    };
  }

  #connected(): void {
    const chain = this.#path?.connection.peerChain() ?? [];
    const peerKind = this.#path?.connection.protocol === KIN_PROTOCOL ? 'kin' : 'foreign';
    this.#self.answer({ type: 'handshake.done', refusal: this.#birth?.refusalOf(chain), peerKind });
  }

  #lookForStream(): void {
    const connection = this.#path?.connection;
    if (this.#expects !== 'stream' || connection === undefined) {
      return;
    }
    const isDialler = this.#birth?.role === 'dialler';
    this.#stream = isDialler ? connection.openStream() : connection.acceptStream();
    if (this.#stream === undefined) {
      return;
    }
    this.#expects = isDialler ? 'nothing' : 'first-byte';
    if (isDialler) {
      this.#stream.write(new Uint8Array([FIRST_BYTE]));
      this.#self.answer({ type: 'stream.opened' });
    } else {
      this.#lookForFirstByte();
    }
  }

  #lookForFirstByte(): void {
    const target = new Uint8Array(1);
    const result = this.#stream?.read(target);
    if (result === undefined || result.type === 'blocked') {
      return;
    }
    this.#expects = 'nothing';
    const isGood = result.type === 'data' && target[0] === FIRST_BYTE;
    this.#self.answer({ type: isGood ? 'stream.opened' : 'stream.malformed' });
  }
}
