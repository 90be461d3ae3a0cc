import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which implementation is measured. */
export interface Program {
  readonly name: 'ours' | 'reference';
  readonly command: string;
  readonly args: readonly string[];
}

export function ours(): Program {
  const main = fileURLToPath(new URL('../../bin/receptor.js', import.meta.url));
  return { name: 'ours', command: process.execPath, args: [main] };
}

export function reference(binary: string): Program {
  return { name: 'reference', command: binary, args: [] };
}

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PATIENCE_MS = 30_000;

/** One daemon as a process, started with the words of the entity form, which both implementations take. */
export class Daemon {
  readonly socketPath: string;
  readonly #process: ChildProcess;

  private constructor(socketPath: string, command: string, args: readonly string[]) {
    this.socketPath = socketPath;
    this.#process = spawn(command, args, { stdio: 'ignore' });
  }

  /** A daemon of the entity form. */
  static entity(program: Program, folder: string, id: string, words: readonly string[]): Daemon {
    const socketPath = join(folder, `${id}.sock`);
    const node = ['--node', `id=${id}`, `datadir=${join(folder, id)}`, '--log-level', 'error'];
    const control = ['--control-service', 'service=control', `filename=${socketPath}`];
    return new Daemon(socketPath, program.command, [...program.args, ...node, ...control, ...words]);
  }

  /** Our node with a service that passes streams on to a TCP port. */
  static proxy(folder: string, id: string, ports: readonly number[]): Daemon {
    const socketPath = join(folder, `${id}.sock`);
    const script = fileURLToPath(new URL('proxy-node.js', import.meta.url));
    return new Daemon(socketPath, process.execPath, [script, id, ...ports.map(String), socketPath]);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** CPU time so far, in seconds, of this process alone. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory in MB. */
  rssMb(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#process.kill(signal);
  }

  /** A control session that has greeted; waits for the node to come up. */
  async session(): Promise<ControlSession> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const session = new ControlSession(await dialPath(this.socketPath));
        await session.line();
        return session;
      } catch (error) {
        if (performance.now() > deadline) {
          throw error;
        }
        await pause(2);
      }
    }
  }
}

/** Scenarios that are under way. */
const open = new Set<Daemons>();

// A bench that is interrupted, or fails, leaves nothing behind.
process.on('exit', () => {
  for (const daemons of open) {
    daemons.sweep();
  }
});
for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(status));
}

/** Daemons of one scenario, ended together with everything that they left. */
export class Daemons {
  readonly program: Program;
  readonly #folder: string;
  readonly #all: Daemon[] = [];

  private constructor(program: Program, folder: string) {
    this.program = program;
    this.#folder = folder;
  }

  static async with<T>(program: Program, work: (daemons: Daemons) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'receptor-bench-'));
    const daemons = new Daemons(program, folder);
    open.add(daemons);
    try {
      return await work(daemons);
    } finally {
      for (const daemon of daemons.#all) {
        daemon.kill();
      }
      await pause(50);
      await rm(folder, { recursive: true, force: true });
      open.delete(daemons);
    }
  }

  /** The same at once, when the process ends. */
  sweep(): void {
    for (const daemon of this.#all) {
      daemon.kill();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get folder(): string {
    return this.#folder;
  }

  start(id: string, words: readonly string[]): Daemon {
    return this.#keep(Daemon.entity(this.program, this.#folder, id, words));
  }

  /** A line of nodes `n0`, `n1`, …, each dialling the one before it; settles when all know each other. */
  async line(size: number, last: readonly string[] = []): Promise<readonly Daemon[]> {
    const ports = await freePorts(size);
    const daemons = ports.map((_, at) =>
      this.start(`n${at}`, [...lineWords(ports, at), ...(at === size - 1 ? last : [])]),
    );
    await routesComplete(daemons);
    return daemons;
  }

  /** The same with a service `sink` on the last node, which passes streams on to a TCP port of this machine. */
  async lineToSink(size: number, targetPort: number): Promise<readonly Daemon[]> {
    if (this.program.name === 'reference') {
      return await this.line(size, ['--tcp-client', 'service=sink', `address=127.0.0.1:${targetPort}`]);
    }
    const ports = await freePorts(size);
    const [own = 0, peer = 0] = [ports[size - 1], ports[size - 2]];
    const daemons = [
      ...ports.slice(0, -1).map((_, at) => this.start(`n${at}`, lineWords(ports, at))),
      this.#keep(Daemon.proxy(this.#folder, `n${size - 1}`, [own, peer, targetPort])),
    ];
    await routesComplete(daemons);
    return daemons;
  }

  #keep(daemon: Daemon): Daemon {
    this.#all.push(daemon);
    return daemon;
  }

  cpuSeconds(): number {
    return this.#all.reduce((sum, daemon) => sum + daemon.cpuSeconds(), 0);
  }
}

/** How node number `at` of a line is started. */
export function lineWords(ports: readonly number[], at: number): readonly string[] {
  const listener = ['--tcp-listener', `port=${ports[at]}`, 'bindaddr=127.0.0.1'];
  return at === 0 ? listener : [...listener, '--tcp-peer', `address=127.0.0.1:${ports[at - 1]}`];
}

/** Waits until every node has a route to every other. */
export async function routesComplete(daemons: readonly Daemon[]): Promise<void> {
  for (const daemon of daemons) {
    const session = await daemon.session();
    for (;;) {
      const status = JSON.parse(await session.command('{"command":"status","requested_fields":["RoutingTable"]}'));
      if (Object.keys(status.RoutingTable ?? {}).length >= daemons.length - 1) {
        break;
      }
      await pause(5);
    }
    session.close();
  }
}

/** One session of a control service, line by line. */
export class ControlSession {
  readonly socket: Socket;
  #buffer = '';
  #waiting: ((line: string) => void) | undefined;
  #isRaw = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      if (!this.#isRaw) {
        this.#buffer += chunk.toString('latin1');
        this.#deliver();
      }
    });
    socket.on('error', () => undefined);
  }

  line(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = resolve;
      this.socket.once('close', () => reject(new Error('the session was closed')));
      this.#deliver();
    });
  }

  command(text: string): Promise<string> {
    this.socket.write(`${text}\n`);
    return this.line();
  }

  /** From here on the bytes are the caller's; returns what was read too far. */
  raw(): Buffer {
    this.#isRaw = true;
    const rest = Buffer.from(this.#buffer, 'latin1');
    this.#buffer = '';
    return rest;
  }

  close(): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  #deliver(): void {
    const end = this.#buffer.indexOf('\n');
    if (end >= 0 && this.#waiting !== undefined) {
      const line = this.#buffer.slice(0, end);
      this.#buffer = this.#buffer.slice(end + 1);
      const waiting = this.#waiting;
      this.#waiting = undefined;
      this.socket.removeAllListeners('close');
      waiting(line);
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function dialPath(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
