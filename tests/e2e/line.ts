import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { LISTEN, Place, type Program, portOf, until } from './daemon-process.js';
import { Gate } from './gate.js';

/** Who submits, who relays, who executes. */
export type LineNode = 'alpha' | 'beta' | 'gamma';

/**
 * Three daemons in a line: alpha and gamma dial beta, each through a gate. Each may be killed and started again in the
 * same folder. Gamma does the work.
 */
export class Line {
  readonly place: Place;
  readonly #work: readonly string[];
  readonly #nodes = new Map<LineNode, Program>();
  readonly #gates = new Map<LineNode, Gate>();
  #port: number | undefined;

  private constructor(t: TestContext, work: (place: Place) => readonly string[]) {
    this.place = new Place(t);
    this.#work = work(this.place);
  }

  /** `work` are the arguments for gamma's work. Settles when alpha knows of it. */
  static async start(t: TestContext, work: (place: Place) => readonly string[]): Promise<Line> {
    const line = new Line(t, work);
    for (const id of ['alpha', 'gamma'] as const) {
      line.#gates.set(id, await Gate.open(t, () => line.#port));
    }
    await line.startNode('beta');
    await Promise.all([line.startNode('alpha'), line.startNode('gamma')]);
    await until(
      () => line.ask('alpha', 'status', '-o', 'json'),
      ({ out }) => out.includes('"WorkType"'),
    );
    return line;
  }

  async startNode(id: LineNode): Promise<void> {
    const peer = ['--tcp-peer', this.#gates.get(id)?.address ?? ''];
    const words = { alpha: peer, beta: LISTEN, gamma: [...peer, ...this.#work] };
    const node = await this.place.node(id, ...words[id]);
    this.#nodes.set(id, node);
    if (id === 'beta') {
      this.#port = Number(await portOf(node));
    }
  }

  /** `kill -9`. */
  async kill(id: LineNode): Promise<void> {
    if (id === 'beta') {
      this.#port = undefined;
    }
    await this.node(id).kill();
  }

  node(id: LineNode): Program {
    return this.#nodes.get(id) ?? assert.fail(`${id} was not started`);
  }

  /** The way between alpha and beta. */
  get gate(): Gate {
    return this.#gates.get('alpha') ?? assert.fail('alpha has no gate');
  }

  ask(id: LineNode, ...words: readonly string[]) {
    return this.place.ask(id, ...words);
  }
}

/** Submits work at alpha; settles with the unit's id when it has begun. */
export async function submitted(place: Place, ...words: readonly string[]): Promise<string> {
  const { out, err } = await place.ask('alpha', 'work', 'submit', ...words, '-o', 'json');
  assert.equal(err, '');
  return JSON.parse(out).unitid;
}
