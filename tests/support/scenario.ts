import { MeshNode } from '../../actors/mesh-node.js';
import type { NodeOptions } from '../../actors/node-options.js';
import type { NodeId } from '../../protocol/names.js';
import type { InspectionRecord } from '../../runtime/inspection.js';
import type { SessionAddress } from '../../runtime/ports.js';
import { CALM, type NetworkFaults } from '../../runtime/simulation/faults.js';
import { World } from '../../runtime/simulation/world.js';

/**
 * A story about a mesh as plain text: a command a line, the trace that it leaves indented below, comments with `#`.
 * A change of the protocol is then read as a change of the story.
 *
 *   node b listens dials a cost 2 allows a,c     starts a node; `over udp` for links that lose and reorder
 *   advance 10s                                  lets time pass; what the nodes publish is the trace
 *   ping a c · route a c · links a               asks, and tells the answer
 *   weather delayMs=20 loss=0.1 repeat=0.1       what the network does to all traffic from now on; `weather` is calm
 *   cut a b · cut a>b · heal a b                 both directions, or one
 *   part a,b c · heal                            nothing passes between the two groups; all is open again
 *   crash c · vanish c · stop c · reset a b      a process dies, a machine vanishes, a node stops, a middle box resets
 */
export interface ScenarioStep {
  readonly command: string;
  readonly trace: readonly string[];
}

/** Topics that tell a story. */
const TOLD = new Set([
  'dial.failed',
  'link.established',
  'link.closed',
  'link.suspect',
  'routes.changed',
  'node.duplicate',
  'node.duplicate-suspected',
  'listener.listening',
]);

/** Kinds of records that belong into no healthy story. */
const ALARMS = new Set(['failure', 'unhandled']);

const PORT = 27_199;

/** Plays one scenario; `step` returns the lines that a command left. */
export class Scenario {
  readonly #world: World;
  readonly #nodes = new Map<string, MeshNode>();
  readonly #options = new Map<string, NodeOptions>();
  #trace: string[] = [];

  constructor(seed: string) {
    this.#world = new World({ seed });
  }

  async step(command: string): Promise<readonly string[]> {
    this.#trace = [];
    const [verb = '', ...words] = command.split(/\s+/);
    await this.#run(verb, words);
    await this.#world.settle();
    return this.#trace;
  }

  async #run(verb: string, words: readonly string[]): Promise<void> {
    const [a = '', b = ''] = words;
    const { network } = this.#world;
    switch (verb) {
      case 'node':
        this.#options.set(a, optionsOf(a, words.slice(1)));
        this.#start(a);
        break;
      case 'start':
        this.#start(a);
        break;
      case 'advance':
        await this.#world.advance(durationMs(a));
        break;
      case 'weather':
        network.setFaults(weatherOf(words));
        break;
      case 'part':
        network.partition(a.split(','), b.split(','));
        break;
      case 'cut':
      case 'heal':
        if (a === '') {
          network.healAll();
        }
        for (const [from, to] of directionsOf(a, b)) {
          network[verb](from, to);
        }
        break;
      case 'reset':
        network.reset(a, b);
        break;
      case 'crash':
      case 'vanish':
        this.#nodes.delete(a);
        this.#world.host(a).crash({ isSilent: verb === 'vanish' });
        break;
      case 'stop':
        this.#nodes.delete(a);
        await this.#world.wait(this.#world.host(a).stop(), 60_000);
        break;
      default:
        await this.#ask(verb, a, b);
    }
  }

  async #ask(verb: string, a: string, b: string): Promise<void> {
    const node = this.#nodes.get(a);
    if (node === undefined) {
      throw new Error(`${a} is not running`);
    }
    if (verb === 'ping') {
      const found = await this.#world.wait(node.ping(b as NodeId), 20_000);
      const after = `after ${found.elapsedMs.toFixed(0)} ms`;
      this.#trace.push(
        found.problem === undefined ? `answered by ${found.from} ${after}` : `${found.problem} ${after}`,
      );
      return;
    }
    const view = await this.#world.wait(node.view(), 1_000);
    if (verb === 'route') {
      this.#trace.push(`${a} to ${b}: ${view.routes.get(b as NodeId) ?? 'no route'}`);
    } else if (verb === 'links') {
      const links = Array.from(view.connections, ([peer, cost]) => `${peer} cost ${cost}`);
      this.#trace.push(`${a}: ${links.join(', ') || 'none'}`);
    } else {
      throw new Error(`no such command: ${verb}`);
    }
  }

  #start(name: string): void {
    const options = this.#options.get(name);
    if (options === undefined) {
      throw new Error(`${name} was never told of`);
    }
    const node = this.#world.host(name).start((ports) => new MeshNode(options, ports));
    node.hub.read('news', (record) => this.#note(name, record));
    this.#nodes.set(name, node);
  }

  #note(name: string, record: InspectionRecord): void {
    const isTold = record.kind === 'topic' && TOLD.has(record.subject);
    if (isTold || ALARMS.has(record.kind)) {
      const at = (this.#world.nowMs / 1_000).toFixed(3);
      const what = isTold ? record.subject : `${record.kind.toUpperCase()} ${record.address} ${record.subject}`;
      this.#trace.push(
        `${at} ${name} ${what} ${payloadText(isTold ? record.detail['payload'] : record.detail)}`.trim(),
      );
    }
  }
}

/** `a>b` is one direction, `a b` both. */
function directionsOf(a: string, b: string): readonly (readonly [string, string])[] {
  const [from = '', to = ''] = a.split('>');
  if (a === '') {
    return [];
  }
  return to === '' ? [[a, b] as const, [b, a] as const] : [[from, to]];
}

/** `name=number` words over a calm network. */
function weatherOf(words: readonly string[]): NetworkFaults {
  const faults: NetworkFaults = CALM;
  const told = words.map((word) => {
    const [name = '', value] = word.split('=');
    if (!Object.hasOwn(faults, name) || !Number.isFinite(Number(value))) {
      throw new Error(`no such weather: ${word}`);
    }
    return [name, Number(value)] as const;
  });
  return { ...faults, ...Object.fromEntries(told) };
}

function durationMs(text: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit ?? ''];
  if (amount === undefined || factor === undefined) {
    throw new Error(`not a duration: ${text}`);
  }
  return Number(amount) * factor;
}

function optionsOf(name: string, words: readonly string[]): NodeOptions {
  const cost = Number(valueAfter(words, 'cost') ?? 1);
  const allows = valueAfter(words, 'allows');
  const link = allows === undefined ? { cost } : { cost, allowedPeers: allows.split(',') };
  const dials = valueAfter(words, 'dials')?.split(',') ?? [];
  const transport = valueAfter(words, 'over') === 'udp' ? 'udp' : 'tcp';
  return {
    id: (valueAfter(words, 'id') ?? name) as NodeId, // names of a story are good ids
    listeners: words.includes('listens') ? [{ address: place(transport, name), ...link }] : [],
    peers: dials.map((host) => ({ address: place(transport, host), ...link })),
  };
}

function valueAfter(words: readonly string[], word: string): string | undefined {
  const at = words.indexOf(word);
  return at < 0 ? undefined : words[at + 1];
}

function place(transport: 'tcp' | 'udp', host: string): SessionAddress {
  return { transport, host, portNumber: PORT };
}

function payloadText(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null) {
    return '';
  }
  const shown = Object.entries(payload).filter(([name]) => name !== 'stack' && name !== 'remote');
  return shown.map(([name, value]) => `${name}=${valueText(value)}`).join(' ');
}

function valueText(value: unknown): string {
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, to]) => `${key}>${to}`)
      .sort()
      .join(' ')}}`;
  }
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : JSON.stringify(value);
}

/** Reads a scenario file; comments and blank lines stay where they are when it is written again. */
export function parseScenario(text: string): readonly ScenarioStep[] {
  const steps: { command: string; trace: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) {
      steps.at(-1)?.trace.push(line.trim());
    } else if (line.trim() !== '' && !line.startsWith('#')) {
      steps.push({ command: line.trim(), trace: [] });
    }
  }
  return steps;
}

/** The same story with other traces. */
export function writeScenario(text: string, traces: readonly (readonly string[])[]): string {
  const lines: string[] = [];
  let step = 0;
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('  ')) {
      continue;
    }
    lines.push(line);
    if (line.trim() !== '' && !line.startsWith('#')) {
      lines.push(...(traces[step] ?? []).map((entry) => `  ${entry}`));
      step += 1;
    }
  }
  return `${lines.join('\n')}\n`;
}
