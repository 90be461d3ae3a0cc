import type { ByteInput, ByteOutput, ClientHost, FileOutput } from '../../../../cli/client/host.js';
import { runClient } from '../../../../cli/client/program.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { systemPorts } from '../../../../runtime/io/system-ports.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import type { ScriptedNode } from '../scripted-node.js';

/** Keeps what is written; a terminal if the test says so. */
export class FakeWriter implements ByteOutput {
  isTerminal = false;
  columns = 80;
  bytes = Buffer.alloc(0);

  get text(): string {
    return this.bytes.toString();
  }

  write(bytes: Uint8Array | string): Promise<void> {
    this.bytes = Buffer.concat([this.bytes, typeof bytes === 'string' ? Buffer.from(bytes) : bytes]);
    return Promise.resolve();
  }
}

class FakeInput implements ByteInput {
  isTerminal = false;
  pieces: readonly (Uint8Array | string)[] = [];
  /** False keeps the input open after its last piece, as a terminal does. */
  ends = true;
  readonly acts: string[] = [];

  async *chunks(): AsyncIterable<Uint8Array> {
    for (const piece of this.pieces) {
      yield typeof piece === 'string' ? Buffer.from(piece) : piece;
    }
    if (!this.ends) {
      await new Promise(() => undefined);
    }
  }

  makeRaw(): () => void {
    this.acts.push('raw');
    return () => void this.acts.push('cooked');
  }
}

/** The process of a client in a test: its node is a script, its time is moved when nothing else is to be done. */
export class FakeHost implements ClientHost {
  readonly clock = new VirtualClock();
  readonly environment: Record<string, string | undefined> = { RECEPTORCTL_SOCKET: '/run/alpha.sock' };
  readonly stdin = new FakeInput();
  readonly stdout = new FakeWriter();
  readonly stderr = new FakeWriter();
  readonly outside: ClientHost['outside'];
  /** Files that were written, by name. */
  readonly files = new Map<string, FakeWriter>();
  interrupt: (() => void) | undefined;

  constructor(node: ScriptedNode) {
    this.outside = { ...systemPorts, clock: this.clock, sessions: node.port };
  }

  openOutput(path: string, { append }: { readonly append: boolean }): Promise<FileOutput> {
    const before = append ? this.files.get(path) : undefined;
    const writer = before ?? new FakeWriter();
    this.files.set(path, writer);
    const sizeBefore = writer.bytes.length;
    return Promise.resolve(
      Object.assign(Object.create(writer) as FakeWriter, {
        sizeBefore,
        write: (bytes: Uint8Array | string) => writer.write(bytes),
        close: () => Promise.resolve(),
      }),
    );
  }

  onInterrupt(heard: () => void): () => void {
    this.interrupt = heard;
    return () => {
      this.interrupt = undefined;
    };
  }

  /** Runs a command line; time passes only when nothing else can happen. */
  async run(...words: readonly string[]): Promise<number> {
    return await this.settled(runClient(words, this));
  }

  async settled<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const watched = promise.finally(() => {
      isSettled = true;
    });
    watched.catch(() => undefined);
    for (let idle = 0; !isSettled; ) {
      await settlePromises();
      // Files are real: what they do comes from outside, a few turns of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
      idle += 1;
      if (idle > IDLE_TURNS && this.clock.fireNext(Number.POSITIVE_INFINITY)) {
        idle = 0;
      }
    }
    return await watched;
  }
}

/** Turns of the event loop without an outcome before a virtual timer is fired. */
const IDLE_TURNS = 20;
