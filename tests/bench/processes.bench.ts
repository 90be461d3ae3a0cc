import { createServer, type Server } from 'node:net';
import {
  type ControlSession,
  type Daemon,
  Daemons,
  freePorts,
  lineWords,
  ours,
  type Program,
  pause,
  reference,
  routesComplete,
} from './daemon.js';
import { type Bench, median, type Row } from './row.js';

const PINGS = 500;
const STREAM_MB = 100;
const ECHOES = 15;
const STARTS = 9;

/** Real daemons on loopback, ours and the reference's in turn. */
export const processes: Bench = {
  name: 'across processes',
  run: async (binary) => {
    const programs = [ours(), ...(binary === undefined ? [] : [reference(binary)])];
    const rows: Row[] = [];
    for (const scenario of SCENARIOS) {
      const figures = new Map<Program['name'], readonly Figure[]>();
      for (const program of programs) {
        figures.set(program.name, await scenario(program));
      }
      for (const [at, figure] of (figures.get('ours') ?? []).entries()) {
        const theirs = figures.get('reference')?.[at]?.value;
        rows.push({
          scenario: figure.scenario,
          unit: figure.unit,
          better: figure.better,
          ours: figure.value,
          ...(figure.aim === undefined ? {} : { aim: figure.aim }),
          ...(figure.note === undefined ? {} : { note: figure.note }),
          ...(theirs === undefined ? {} : { reference: theirs }),
        });
      }
    }
    return rows;
  },
};

interface Figure {
  readonly scenario: string;
  readonly unit: string;
  readonly value: number;
  readonly aim?: number;
  readonly better: 'less' | 'more';
  readonly note?: string;
}

type Scenario = (program: Program) => Promise<readonly Figure[]>;

const SCENARIOS: readonly Scenario[] = [
  startUp,
  (program) => pings(program, 1),
  (program) => pings(program, 2),
  (program) => pings(program, 4),
  (program) => stream(program, 1),
  (program) => stream(program, 3),
  localEcho,
  remoteEcho,
  longLine,
  silentPeer,
];

/** From the start of the process to its answer on the control socket, and what it holds when idle. */
async function startUp(program: Program): Promise<readonly Figure[]> {
  const times: number[] = [];
  const memory: number[] = [];
  for (let at = 0; at < STARTS; at += 1) {
    await Daemons.with(program, async (daemons) => {
      const startMs = performance.now();
      const daemon = daemons.start('n0', ['--local-only']);
      const session = await daemon.session();
      times.push(performance.now() - startMs);
      session.close();
      await pause(300);
      memory.push(daemon.rssMb());
    });
  }
  return [
    { scenario: 'start to answering on the socket', unit: 'ms', value: median(times), aim: 150, better: 'less' },
    { scenario: 'idle node', unit: 'MB RSS', value: median(memory), aim: 85, better: 'less' },
  ];
}

async function pings(program: Program, hops: number): Promise<readonly Figure[]> {
  return await Daemons.with(program, async (daemons) => {
    const [first] = await daemons.line(hops + 1);
    const session = await sessionOf(first);
    const ping = `ping n${hops}`;
    for (let at = 0; at < PINGS / 5; at += 1) {
      await session.command(ping);
    }
    const times: number[] = [];
    const cpu = daemons.cpuSeconds();
    for (let at = 0; at < PINGS; at += 1) {
      const startMs = performance.now();
      const reply = await session.command(ping);
      times.push(performance.now() - startMs);
      if (!reply.includes('"Success":true')) {
        throw new Error(`ping over ${hops} hops: ${reply}`);
      }
    }
    const perThousand = ((daemons.cpuSeconds() - cpu) * 1_000) / PINGS;
    return [
      {
        scenario: `ping over ${hops} hops, through the control socket`,
        unit: 'ms',
        value: median(times),
        better: 'less',
      },
      { scenario: `ping over ${hops} hops, CPU of all nodes`, unit: 's/1000', value: perThousand, better: 'less' },
    ];
  });
}

/** Bytes into the control socket's `connect`, over the mesh, to a TCP sink behind the last node. */
async function stream(program: Program, hops: number): Promise<readonly Figure[]> {
  const sink = await startSink();
  try {
    return await Daemons.with(program, async (daemons) => {
      const [first] = await daemons.lineToSink(hops + 1, sink.port);
      const rounds: { seconds: number; cpu: number }[] = [];
      for (let round = 0; round < 3; round += 1) {
        const cpu = daemons.cpuSeconds();
        const seconds = await pour(await sessionOf(first), `connect n${hops} sink `, sink);
        rounds.push({ seconds, cpu: daemons.cpuSeconds() - cpu });
      }
      const seconds = median(rounds.map((round) => round.seconds));
      const cpu = median(rounds.map((round) => round.cpu));
      const name = `stream of ${STREAM_MB} MB over ${hops} hop${hops === 1 ? '' : 's'}`;
      return [
        { scenario: name, unit: 'MB/s', value: STREAM_MB / seconds, better: 'more' },
        { scenario: `${name}, CPU of all nodes`, unit: 's/GB', value: (cpu * 1_000) / STREAM_MB, better: 'less' },
      ];
    });
  } finally {
    sink.server.close();
  }
}

interface Sink {
  readonly server: Server;
  readonly port: number;
  /** Settles when a connection has brought so many bytes. */
  received(bytes: number): Promise<void>;
}

function startSink(): Promise<Sink> {
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let tell: () => void = () => undefined;
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      count += chunk.length;
      if (count >= wanted) {
        tell();
      }
    });
    socket.on('error', () => undefined);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const received = (bytes: number): Promise<void> =>
        new Promise((done) => {
          count = 0;
          wanted = bytes;
          tell = done;
        });
      resolve({ server, port, received });
    });
  });
}

/** Sends all of it; returns the seconds until the sink has it. */
async function pour(session: ControlSession, line: string, sink: Sink): Promise<number> {
  const chunk = Buffer.alloc(65_536, 7);
  const total = STREAM_MB * 1_000_000;
  await session.command(line);
  const finished = sink.received(total);
  const startMs = performance.now();
  for (let sent = 0; sent < total; sent += chunk.length) {
    if (!session.socket.write(chunk.subarray(0, Math.min(chunk.length, total - sent)))) {
      await new Promise((resolve) => session.socket.once('drain', resolve));
    }
  }
  await finished;
  const seconds = (performance.now() - startMs) / 1_000;
  session.close();
  return seconds;
}

const ECHO = ['--work-command', 'worktype=hello', 'command=echo', 'params=hello'];

async function localEcho(program: Program): Promise<readonly Figure[]> {
  return await Daemons.with(program, async (daemons) => {
    const daemon = daemons.start('n0', ['--local-only', ...ECHO]);
    const value = await echoes(daemon, 'n0');
    return [{ scenario: 'local echo, from submit to result', unit: 'ms', value, aim: 50, better: 'less' }];
  });
}

async function remoteEcho(program: Program): Promise<readonly Figure[]> {
  return await Daemons.with(program, async (daemons) => {
    const [first] = await daemons.line(3, ECHO);
    const value = await echoes(daemonOf(first), 'n2');
    return [{ scenario: 'echo two hops away, from submit to result', unit: 'ms', value, aim: 100, better: 'less' }];
  });
}

/** Submits, and reads the results to their end; the median time. */
async function echoes(daemon: Daemon, target: string): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < ECHOES; at += 1) {
    const startMs = performance.now();
    const submit = await daemon.session();
    await submit.command(`work submit ${target} hello`);
    submit.socket.end();
    const { unitid } = JSON.parse(await submit.line());
    submit.close();
    const results = await daemon.session();
    await results.command(`work results ${unitid}`);
    results.socket.end();
    const output = await restOf(results);
    times.push(performance.now() - startMs);
    if (output.trim() !== 'hello') {
      throw new Error(`echo on ${target}: ${output}`);
    }
  }
  return median(times);
}

function restOf(session: ControlSession): Promise<string> {
  const parts = [session.raw()];
  return new Promise((resolve) => {
    session.socket.on('data', (chunk) => parts.push(chunk));
    session.socket.once('close', () => resolve(Buffer.concat(parts).toString()));
    session.socket.once('end', () => session.socket.end());
  });
}

/**
 * Thirty nodes in a line are started at once: the time until everybody has a route to everybody. The reference's 5.2 s
 * count from the start of the first process (a node that dials before its neighbour listens tries again after five
 * seconds), so the aim stands on that figure. What is left without the start of the processes tells of the mesh alone,
 * and of the 5.2 s nothing.
 */
async function longLine(program: Program): Promise<readonly Figure[]> {
  return await Daemons.with(program, async (daemons) => {
    const ports = await freePorts(LINE_NODES);
    const startMs = performance.now();
    const line = ports.map((_, at) => daemons.start(`n${at}`, lineWords(ports, at)));
    const sessions = await Promise.all(line.map((daemon) => daemon.session()));
    const upMs = performance.now();
    for (const session of sessions) {
      session.close();
    }
    await routesComplete(line);
    const doneMs = performance.now();
    const name = `${LINE_NODES} nodes in a line`;
    return [
      {
        scenario: `${name}: all routes everywhere`,
        unit: 's',
        value: (doneMs - startMs) / 1_000,
        aim: 1.5,
        better: 'less',
        note: 'from the start of the first process',
      },
      {
        scenario: `${name}: the same, since all processes answer`,
        unit: 's',
        value: (doneMs - upMs) / 1_000,
        better: 'less',
        note: 'without the start of 30 processes; not the figure of the aim',
      },
    ];
  });
}

/** A neighbour is stopped without a word (SIGSTOP): the time until its route is gone. */
async function silentPeer(program: Program): Promise<readonly Figure[]> {
  return await Daemons.with(program, async (daemons) => {
    const [first, second] = await daemons.line(2);
    const session = await sessionOf(first);
    await pause(1_500);
    daemonOf(second).kill('SIGSTOP');
    const startMs = performance.now();
    for (;;) {
      const status = await session.command('{"command":"status","requested_fields":["Connections"]}');
      if (status.includes('"Connections":[]')) {
        break;
      }
      await pause(20);
    }
    const value = (performance.now() - startMs) / 1_000;
    return [{ scenario: 'a silent neighbour is found', unit: 's', value, aim: 6, better: 'less' }];
  });
}

const LINE_NODES = 30;

async function sessionOf(daemon: Daemon | undefined): Promise<ControlSession> {
  return await daemonOf(daemon).session();
}

function daemonOf(daemon: Daemon | undefined): Daemon {
  if (daemon === undefined) {
    throw new Error('a line has at least one node');
  }
  return daemon;
}
