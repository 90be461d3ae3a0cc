import { systemClock } from '../../runtime/clock.js';
import type { DemoNode } from './demo-node.js';
import type { DemoStage } from './demo-stage.js';

/** What runs two hops away: five lines, a third of a second apart, so that one sees them come. */
const JOB = "-c 'for n in 1 2 3 4 5; do echo line $n from gamma; sleep 0.3; done'";

/** How often the mesh is asked whether it is complete, and for how long. */
const LOOK_EVERY_MS = 100;
const LOOKS_MAX = 30;

const SOCKET = ['--socket', 'alpha.sock'];

export interface DemoStoryOptions {
  readonly stage: DemoStage;
  /** Shows text to the user. */
  readonly write: (text: string) => void;
  /** How the user has called the program, such as `npx receptor-mesh`. */
  readonly calledAs: string;
}

/** What the demo shows and says, for somebody who has never heard of Receptor. */
export class DemoStory {
  readonly #stage: DemoStage;
  readonly #write: (text: string) => void;
  readonly #calledAs: string;
  #work: 'none' | 'submitted' | 'done' = 'none';

  constructor({ stage, write, calledAs }: DemoStoryOptions) {
    this.#stage = stage;
    this.#write = write;
    this.#calledAs = calledAs;
  }

  /** Tells it; rejects when something of it fails, or when it is interrupted. */
  async tell(): Promise<void> {
    const stage = this.#stage;
    this.#introduce();
    await this.#startNodes();
    await this.#complete();

    this.say(
      '2. What alpha knows',
      'It is linked to beta only. From beta it has learnt of gamma, and how to get there.',
    );
    await stage.show(['status', ...SOCKET]);

    this.say(
      '3. From alpha to gamma and back',
      'There is no link between the two: beta passes on what is not for itself.',
    );
    await stage.show(['ping', 'gamma', '--count', '3', '--delay', '0.2', ...SOCKET]);
    this.#write('\n');
    await stage.show(['traceroute', 'gamma', ...SOCKET]);

    this.say(
      '4. A command that is asked for at alpha, and runs at gamma',
      'What it prints comes back to alpha line by line, while it still runs.',
    );
    this.#work = 'submitted';
    await stage.show(['work', 'submit', 'lines', '--node', 'gamma', '--no-payload', '--follow', '--rm', ...SOCKET]);
    this.#work = 'done';
  }

  tellHowToGoOn(): void {
    this.say('How to go on');
    this.#write(`  ${this.#calledAs} demo --stay     the same, and the nodes stay for you to try more
  ${this.#calledAs} --help          how to run nodes of your own
`);
  }

  /** `socket` is where alpha takes commands from other terminals. */
  tellThatNodesStay(socket: string): void {
    this.say('The nodes stay until you press Ctrl-C here. In another terminal you can type');
    this.#write(`  ${this.#calledAs} status --socket ${socket}
  ${this.#calledAs} work submit lines --node gamma --no-payload --follow --rm --socket ${socket}
  ${this.#calledAs} --help
`);
  }

  say(title: string, ...about: readonly string[]): void {
    this.#write(`\n── ${[title, ...about].join('\n   ')}\n`);
  }

  /** Ends the work that still runs: it would outlive its node. */
  async tidy(): Promise<void> {
    if (this.#work === 'submitted') {
      await this.#stage.tidy(['work', 'cancel', '--all', ...SOCKET]);
    }
  }

  #introduce(): void {
    this.#write(`
Receptor links computers into a mesh. Each runs a node. A node is linked to one or more others, by whatever connection
can be made, and can then reach all the others too: to run commands there, or to use their services.

This demo runs such a mesh on your machine: three nodes, each a process of its own, in a line. It takes a few seconds,
needs no network, and leaves nothing behind.

    alpha ─── beta ─── gamma

Lines that begin with $ are the commands that are run; "receptor" is this program, which you call as
"${this.#calledAs}".
`);
  }

  async #startNodes(): Promise<void> {
    this.say('1. Three nodes');
    const listener = ['--tcp-listener', 'port=0', 'bindaddr=127.0.0.1'];
    const alpha = await this.#start('alpha', listener, 'others can make links to it');
    const beta = await this.#start('beta', [...listener, ...peer(alpha)], 'it has a link to alpha');
    const work = ['--work-command', 'worktype=lines', 'command=sh', `params=${JOB}`];
    await this.#start('gamma', [...peer(beta), ...work], 'it has a link to beta, and does the work "lines"');
  }

  async #start(id: string, more: readonly string[], about: string): Promise<DemoNode> {
    const node = await this.#stage.start(id, [
      ...['--node', `id=${id}`, 'datadir=data', '--control-service', `filename=${id}.sock`],
      ...more,
    ]);
    const place = node.portNumber === 0 ? '' : `, at port ${node.portNumber}`;
    this.#write(`  ${id} is up${place}: ${about}.\n`);
    return node;
  }

  /** Waits until alpha knows the way to gamma. */
  async #complete(): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      if (await this.#stage.succeeds(['ping', 'gamma', '--count', '1', ...SOCKET])) {
        return;
      }
      await new Promise<void>((resolve) => {
        systemClock.setTimer(LOOK_EVERY_MS, resolve);
      });
    }
    throw new Error('alpha did not find the way to gamma');
  }
}

function peer(node: DemoNode): readonly string[] {
  return ['--tcp-peer', `127.0.0.1:${node.portNumber}`];
}
