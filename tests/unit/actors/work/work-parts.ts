import type { WorkCommandOptions } from '../../../../actors/node-options.js';
import { WorkKit } from '../../../../actors/work/work-kit.js';
import type { NodeId, UnitId } from '../../../../protocol/names.js';
import { NEW_REMOTE, type RemoteExtraData } from '../../../../protocol/work/extra-data.js';
import { newUnitStatus, type UnitStatus } from '../../../../protocol/work/status.js';
import type { DialHandler, SessionFault } from '../../../../runtime/ports.js';
import { SimulatedDisk } from '../../../../runtime/simulation/disk.js';
import { SimulatedProcesses } from '../../../../runtime/simulation/processes.js';
import type { Station } from '../../../../runtime/simulation/station.js';
import type { ManualHost } from '../../../support/manual-host.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NodeParts } from '../node-parts.js';

export const UNIT = 'hereUnit0001' as UnitId;
export const OTHER_UNIT = 'hereUnit0002' as UnitId;

/** Commands that a pretended node has. */
export const COMMANDS: readonly WorkCommandOptions[] = [
  { workType: 'echo', command: 'echo', allowRuntimeParams: true },
  { workType: 'fixed', command: 'echo', params: 'always this' },
  { workType: 'sleep', command: 'sleep' },
  { workType: 'nobin', command: '/no/such' },
];

/** One dial to another node's control service, held by the test. */
export class FarDial {
  readonly session = new RecordingSession({ name: 'far' });
  readonly node: NodeId;
  readonly #handler: DialHandler;
  state: 'dialing' | 'open' | 'failed' | 'given-up' = 'dialing';

  constructor(node: NodeId, handler: DialHandler) {
    this.node = node;
    this.#handler = handler;
  }

  /** The other node takes the session, and greets. */
  open(greeting = `Receptor Control, node ${this.node}\n`): void {
    this.state = 'open';
    this.#handler.opened(this.session);
    this.session.hear(greeting);
  }

  fail(fault: SessionFault = { code: 'no-route', text: 'no route to node' }): void {
    this.state = 'failed';
    this.#handler.failed(fault);
  }

  giveUp(): void {
    this.state = this.state === 'dialing' ? 'given-up' : this.state;
  }

  /** What was sent, line by line. */
  get lines(): readonly string[] {
    return this.session.text.split('\n').slice(0, -1);
  }
}

/** Streams that the test answers. */
export class RecordingStreams {
  readonly dials: FarDial[] = [];

  dial(target: { readonly node: NodeId }, handler: DialHandler): () => void {
    const dial = new FarDial(target.node, handler);
    this.dials.push(dial);
    return () => dial.giveUp();
  }

  /** The last one. */
  get last(): FarDial {
    const last = this.dials.at(-1);
    if (last === undefined) {
      throw new Error('nobody has dialled');
    }
    return last;
  }

  leftOpen(): readonly string[] {
    const open = this.dials.filter(
      ({ state, session }) => state === 'dialing' || (state === 'open' && !session.isOver),
    );
    return open.map(({ node }) => `a session with ${node}`);
  }
}

/** What the work actors of one node share, over a host that the test moves by hand. */
export class WorkParts {
  readonly clock;
  readonly random;
  readonly node = { id: HERE, idleLimitMs: 21_000 };
  readonly names;
  readonly forwarder;
  readonly streams = new RecordingStreams();
  readonly disk: SimulatedDisk;
  readonly commands: SimulatedProcesses;
  readonly files;
  readonly processes;
  readonly workKit = new WorkKit(HERE, { dataDir: '/data', workCommands: COMMANDS });

  constructor(host: ManualHost) {
    const { clock, random, names, forwarder } = new NodeParts(host);
    const station: Station = { host: 'h', isAlive: true, deliver: (task) => host.scheduler.soon(task) };
    this.clock = clock;
    this.random = random;
    this.names = names;
    this.forwarder = forwarder;
    this.disk = new SimulatedDisk(clock);
    this.commands = new SimulatedProcesses(clock, this.disk);
    this.files = this.disk.portFor(station);
    this.processes = this.commands.portFor(station);
    this.commands.commands.set('echo', (process) => {
      process.write(`${process.args.join(' ')}\n`);
      process.exit(0);
    });
    this.commands.commands.set('sleep', (process) => process.write('sleeping\n'));
  }

  /** What is left open outside of actors. */
  leftOpen(): readonly string[] {
    const { intakes, outputs, board } = this.workKit;
    return [
      ...this.disk.leftOpen,
      ...this.streams.leftOpen(),
      ...Array.from(intakes.keys(), (unitId) => `the intake of ${unitId}`),
      ...Array.from(outputs.keys(), (unitId) => `the output of ${unitId}`),
      ...(board.heard === 0 ? [] : [`${board.heard} units that somebody hears of`]),
    ];
  }

  /** The text of a unit's file; undefined when it is not there. */
  text(name: string, unitId: UnitId = UNIT): string | undefined {
    const file = this.disk.content.find(`/data/here/${unitId}/${name}`);
    return file === undefined ? undefined : new TextDecoder().decode(file.bytes());
  }

  /** Puts a file into a unit's folder. */
  put(name: string, text: string, unitId: UnitId = UNIT): void {
    const { content } = this.disk;
    content.makeFolders(`/data/here/${unitId}`);
    content.create(`/data/here/${unitId}/${name}`, new TextEncoder().encode(text)).sync();
  }
}

/** Lets time pass, promises included. */
export async function pass(host: ManualHost, ms = 20): Promise<void> {
  const steps = 20;
  for (let step = 0; step < steps; step += 1) {
    host.advance(ms / steps);
    await host.settle();
  }
}

export function statusOf(changes: Partial<UnitStatus> = {}): UnitStatus {
  return { ...newUnitStatus('echo'), detail: 'Waiting for Input Data', ...changes };
}

export function remoteExtra(changes: Partial<RemoteExtraData> = {}): RemoteExtraData {
  return { ...NEW_REMOTE, remoteNode: FAR, remoteWorkType: 'echo', ...changes };
}

export function remoteStatus(extra: Partial<RemoteExtraData> = {}, changes: Partial<UnitStatus> = {}): UnitStatus {
  return statusOf({ workType: 'remote', extraData: remoteExtra(extra), ...changes });
}
