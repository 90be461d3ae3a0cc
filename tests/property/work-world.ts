import type { OutputReader, WorkOutcome } from '../../actors/control/work-desk.js';
import { MeshNode } from '../../actors/mesh-node.js';
import type { NodeOptions } from '../../actors/node-options.js';
import type { WorkSubmit } from '../../protocol/control/command-line.js';
import type { NodeId, ServiceName, UnitId } from '../../protocol/names.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { SessionAddress } from '../../runtime/ports.js';
import type { CommandScript } from '../../runtime/simulation/job.js';
import { World } from '../../runtime/simulation/world.js';

/** What happened that should not. */
const ALARMS = new Set(['failure', 'unhandled']);

export interface WorkWorldOptions {
  readonly seed?: string | number;
  /** The nodes, in a line. */
  readonly ids: readonly string[];
  readonly commands: Readonly<Record<string, CommandScript>>;
  /** What differs for a node: for example no control service. */
  readonly more?: (id: string) => Partial<NodeOptions>;
  /** Called with each node as it starts: for services of the test's own. */
  readonly onStart?: (id: string, node: MeshNode) => void;
}

/** How a submit went: the answer to the end of the input, or a refusal before it. */
export interface Submitted {
  readonly unitId: UnitId;
  readonly outcome: WorkOutcome<string>;
}

/** A line of pretended nodes that work for each other. */
export class WorkWorld {
  readonly world: World;
  /** Failures and unhandled messages: `id kind address subject`. */
  readonly alarms: string[] = [];
  readonly #options: WorkWorldOptions;
  readonly #nodes = new Map<string, MeshNode>();

  constructor(options: WorkWorldOptions) {
    this.#options = options;
    this.world = new World({ seed: options.seed ?? 1 });
    for (const id of options.ids) {
      this.start(id);
    }
  }

  node(id: string): MeshNode {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      throw new Error(`${id} is not running`);
    }
    return node;
  }

  start(id: string): MeshNode {
    const { commands, onStart } = this.#options;
    const host = this.world.host(id);
    for (const [name, script] of Object.entries(commands)) {
      host.processes.commands.set(name, script);
    }
    const node = host.start((ports) => new MeshNode(this.#optionsFor(id), ports));
    node.hub.read('news', ({ kind, address, subject, detail }) => {
      if (ALARMS.has(kind)) {
        this.alarms.push(`${id} ${kind} ${address} ${subject} ${JSON.stringify(detail)}`);
      }
    });
    this.#nodes.set(id, node);
    onStart?.(id, node);
    return node;
  }

  /** The process dies; with `isSilent` the whole machine. */
  crash(id: string, options: { readonly isSilent: boolean } = { isSilent: false }): void {
    this.#nodes.delete(id);
    this.world.host(id).crash(options);
  }

  /** Lets time pass until all know the way to all. */
  async ready(): Promise<void> {
    const { ids } = this.#options;
    for (const id of ids) {
      await this.world.wait(this.node(id).started, 5_000);
    }
    await this.world.until(() => false, 1_500);
  }

  /** Makes a unit and sends its input; settles with what the client is told. */
  async submit(at: string, to: string, workType: string, options: SubmitOptions = {}): Promise<Submitted> {
    const { input = new Uint8Array(0), ...more } = options;
    const desk = this.node(at).ports.work;
    const made = await desk.submit(submitFor(to, workType, more), 'unix');
    if (!made.ok) {
      return { unitId: '' as UnitId, outcome: made };
    }
    const { unitId } = made.value;
    options.onCreated?.(unitId);
    for (let start = 0; start < input.length; start += INPUT_CHUNK) {
      await made.value.input.write(input.subarray(start, start + INPUT_CHUNK));
    }
    return { unitId, outcome: await made.value.input.end() };
  }

  status(at: string, unitId: UnitId): Promise<WorkOutcome<UnitStatus>> {
    return this.world.wait(this.node(at).ports.work.status(unitId), 10_000);
  }

  /** The units of a node, by id, as `state detail`. */
  async units(at: string): Promise<Readonly<Record<string, string>>> {
    const list = await this.world.wait(this.node(at).ports.work.list(undefined), 10_000);
    const units = list.ok ? Array.from(list.value) : [];
    return Object.fromEntries(units.map(([unitId, { state, detail }]) => [unitId, `${state} ${detail}`]));
  }

  #optionsFor(id: string): NodeOptions {
    const { ids, commands, more } = this.#options;
    const before = ids[ids.indexOf(id) - 1];
    return {
      id: id as NodeId, // given by the test
      listeners: [{ address: addressOf(id) }],
      peers: before === undefined ? [] : [{ address: addressOf(before) }],
      controlServices: [{ service: CONTROL }],
      dataDir: '/data',
      workCommands: Object.keys(commands).map((name) => ({
        workType: name,
        command: name,
        allowRuntimeParams: true,
      })),
      ...more?.(id),
    };
  }
}

export const CONTROL = 'control' as ServiceName; // seven letters

const INPUT_CHUNK = 65_536;
const PORT = 27_199;

function addressOf(host: string): SessionAddress {
  return { transport: 'tcp', host, portNumber: PORT };
}

export interface SubmitOptions extends Partial<Pick<WorkSubmit, 'ttl' | 'signWork' | 'signature' | 'tlsClient'>> {
  readonly params?: string;
  readonly unitId?: UnitId;
  readonly input?: Uint8Array;
  readonly onCreated?: (unitId: UnitId) => void;
}

export function submitFor(node: string, workType: string, options: SubmitOptions = {}): WorkSubmit {
  const { params = '', ttl, signWork = false, signature = '', tlsClient = '', unitId } = options;
  return {
    type: 'work.submit',
    node,
    workType,
    params: new Map(params === '' ? [] : [['params', params]]),
    tlsClient,
    ttl,
    signWork,
    signature,
    unitId,
  };
}

export function requestFor(unitId: UnitId) {
  return { unitId, signature: '', origin: 'unix' } as const;
}

/** A reader that takes everything, and remembers it. */
export class CollectingReader implements OutputReader {
  readonly chunks: Uint8Array[] = [];
  readonly statuses: string[] = [];
  /** How it ended: `end 2 exit status 0 15`, or `failed …`. */
  ending: string | undefined;
  nextOffset: number;
  /** Offsets that were not where the bytes before them ended. */
  readonly gaps: number[] = [];

  constructor(position = 0) {
    this.nextOffset = position;
  }

  async bytes(offset: number, chunk: Uint8Array): Promise<void> {
    if (offset !== this.nextOffset) {
      this.gaps.push(offset);
    }
    this.nextOffset = offset + chunk.length;
    this.chunks.push(chunk.slice());
  }

  status({ state, detail }: UnitStatus): void {
    this.statuses.push(`${state} ${detail}`);
  }

  end({ state, detail }: UnitStatus, size: number): void {
    this.ending = `end ${state} ${detail} ${size}`;
  }

  failed(text: string): void {
    this.ending = `failed ${text}`;
  }

  get output(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Bytes that show where a piece is missing or came twice. */
export function patterned(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    bytes[at] = (at * 7 + (at >> 8) * 13 + (at >> 16)) & 0xff;
  }
  return bytes;
}

/** Writes `count` pieces of a pattern, one each `everyMs`, then ends. */
export function steadily(count: number, pieceBytes: number, everyMs: number): CommandScript {
  const whole = patterned(count * pieceBytes);
  return (process) => {
    const step = (at: number): void => {
      if (at === count) {
        process.exit(0);
        return;
      }
      process.write(whole.slice(at * pieceBytes, (at + 1) * pieceBytes));
      process.after(everyMs, () => step(at + 1));
    };
    step(0);
  };
}

export const cat: CommandScript = (process) => {
  process.write(process.input);
  process.exit(0);
};

export const echo: CommandScript = (process) => {
  process.write(`${process.args.join(' ')}\n`);
  process.exit(0);
};

/** Runs until it is told to end. */
export const sleeper: CommandScript = (process) => {
  process.write('sleeping\n');
};
