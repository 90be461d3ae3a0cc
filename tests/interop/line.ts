import { type Ending, Place, type Program } from '../e2e/daemon-process.js';
import { eventually, type Status, type UnitStatus } from './control-line.js';
import { REFERENCE } from './tools.js';

export type Make = 'ours' | 'go';
export type Name = 'alpha' | 'beta' | 'gamma';

export const NAMES: readonly Name[] = ['alpha', 'beta', 'gamma'];

/** Each node does the same work. `slow` ends by itself, so that a test that fails leaves nothing running for long. */
const WORK = [
  ...['--work-command', 'worktype=cat', 'command=cat'],
  ...['--work-command', 'worktype=slow', 'command=sh', "params=-c 'echo one; exec sleep 60'"],
  ...[
    '--work-command',
    'worktype=drip',
    'command=sh',
    "params=-c 'for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.5; done'",
  ],
  ...['--work-command', 'worktype=fail', 'command=sh', "params=-c 'echo before; exit 3'"],
  ...['--work-command', 'worktype=echo', 'command=echo', 'allowruntimeparams=true'],
];
export const WORK_TYPES = ['cat', 'slow', 'drip', 'fail', 'echo'];

/** Three real nodes: beta dials alpha, gamma dials beta. */
export class Line {
  readonly #makes: readonly Make[];
  readonly #nodes = new Map<Name, Program>();
  /** Where a node listened first, so that it listens there again. */
  readonly #ports = new Map<Name, string>();
  readonly #ends: (() => Promise<void>)[] = [];
  #place: Place | undefined;
  #up: Promise<void> | undefined;

  /** Nothing is started yet: a suite whose tests are all skipped needs no nodes. */
  constructor(t: Ending, makes: readonly [Make, Make, Make]) {
    this.#makes = makes;
    t.after(async () => {
      await Promise.all(this.#ends.map((close) => close()));
    });
  }

  get place(): Place {
    this.#place ??= new Place({ after: (close) => void this.#ends.push(close) });
    return this.#place;
  }

  /** Starts all of them, once; settles when each knows of all the others, and of what they do. */
  async up(): Promise<this> {
    this.#up ??= this.#startAll();
    await this.#up;
    return this;
  }

  async #startAll(): Promise<void> {
    for (const name of NAMES) {
      await this.start(name);
    }
    await this.whole();
  }

  socket(name: Name): string {
    return this.place.path(`${name}.sock`);
  }

  node(name: Name): Program {
    const node = this.#nodes.get(name);
    if (node === undefined) {
      throw new Error(`${name} was never started`);
    }
    return node;
  }

  async start(name: Name): Promise<void> {
    const at = NAMES.indexOf(name);
    const before = NAMES[at - 1];
    const args = [
      ...['--node', `id=${name}`, `datadir=${this.place.path('data')}`, '--log-level', 'debug'],
      ...WORK,
      ...['--tcp-listener', `port=${this.#ports.get(name) ?? 0}`, 'bindaddr=127.0.0.1'],
      ...(before === undefined ? [] : ['--tcp-peer', `address=127.0.0.1:${this.#ports.get(before)}`]),
      ...['--control-service', `filename=${name}.sock`],
    ];
    const node =
      this.#makes[at] === 'go' ? this.place.startOther([REFERENCE.file], ...args) : this.place.start(...args);
    this.#nodes.set(name, node);
    const [, port = ''] = await node.said(/ Listening on TCP 127\.0\.0\.1:(\d+)/);
    this.#ports.set(name, port);
    await node.said(/ Initialization complete/);
  }

  /** The process dies at once, and another one takes its place. */
  async restart(name: Name): Promise<void> {
    await this.node(name).kill();
    await this.start(name);
  }

  /** The process stands still until `happened`, and then goes on. */
  async pause(name: Name, happened: () => Promise<void>): Promise<void> {
    const node = this.node(name);
    node.signal('SIGSTOP');
    try {
      await happened();
    } finally {
      node.signal('SIGCONT');
    }
  }

  /** Settles when all other nodes have given up their links with this one. */
  async lonely(name: Name): Promise<void> {
    await Promise.all(
      othersOf(name).map((other) =>
        this.status(other, ({ Connections }) => Connections.every(({ NodeID }) => NodeID !== name)),
      ),
    );
  }

  /** Settles when every node has routes to all others. */
  async routed(): Promise<void> {
    await Promise.all(NAMES.map((name) => this.status(name, (status) => reachesAll(name, status))));
  }

  /** Settles when every node has routes to all others and knows what they do. */
  async whole(): Promise<void> {
    await Promise.all(NAMES.map((name) => this.status(name, (status) => knowsAll(name, status))));
  }

  /** The status of a node, as soon as it is as wanted. */
  async status(name: Name, isWanted: (status: Status) => boolean = () => true): Promise<Status> {
    const isStatus = (status: Status): boolean => typeof status === 'object' && isWanted(status);
    return await eventually<Status>(this.socket(name), 'status', isStatus);
  }

  /** A unit on a node, as soon as it is as wanted. */
  async unit(name: Name, id: string, isWanted: (status: UnitStatus) => boolean): Promise<UnitStatus> {
    const isUnit = (status: UnitStatus): boolean => typeof status === 'object' && isWanted(status);
    return await eventually<UnitStatus>(this.socket(name), `work status ${id}`, isUnit);
  }

  /** Settles when a node has forgotten a unit. */
  async gone(name: Name, id: string): Promise<void> {
    await eventually<string>(
      this.socket(name),
      `work status ${id}`,
      (answer) => answer === `ERROR: unknown work unit ${id}`,
    );
  }
}

/** True for a unit of `slow` that has written all that it writes. */
export function isTalking({ StateName, StdoutSize }: UnitStatus): boolean {
  return StateName === 'Running' && StdoutSize === 4;
}

function othersOf(name: Name): readonly Name[] {
  return NAMES.filter((other) => other !== name);
}

function reachesAll(name: Name, { RoutingTable }: Status): boolean {
  return othersOf(name).every((other) => RoutingTable[other] !== undefined);
}

function knowsAll(name: Name, status: Status): boolean {
  const offers = (other: Name): boolean =>
    status.Advertisements.some(
      ({ NodeID, WorkCommands }) =>
        NodeID === other && WORK_TYPES.every((type) => WorkCommands?.some(({ WorkType }) => WorkType === type)),
    );
  return reachesAll(name, status) && othersOf(name).every(offers);
}
