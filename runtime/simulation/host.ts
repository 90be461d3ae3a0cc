import type { Clock, Scheduler, Timer } from '../clock.js';
import { describe } from '../errors.js';
import type { FilePort } from '../file-port.js';
import type { HostFacts, SessionPort } from '../ports.js';
import type { ProcessPort } from '../process-port.js';
import type { Random } from '../random.js';
import { SimulatedDisk } from './disk.js';
import type { SimulatedNetwork } from './network.js';
import { SimulatedProcesses } from './processes.js';
import type { DeathOptions, Station } from './station.js';
import type { VirtualClock } from './virtual-clock.js';

/** The outside as a program on a pretended host sees it. */
export interface SimulatedPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly sessions: SessionPort;
  readonly files: FilePort;
  readonly processes: ProcessPort;
  readonly facts: HostFacts;
}

/** What runs on a host: started with its ports, stopped in order. */
export interface Program {
  stop(): Promise<void>;
}

/** As much of the world as a host has to do with. */
export interface HostWorld {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  soon(task: () => void): void;
  later(task: () => void): void;
}

/** One life of a host, from its start to its death; after that nothing of it runs any more. */
interface HostLife extends Station {
  isAlive: boolean;
  program: Program | undefined;
  timers: number;
}

/** One pretended computer. */
export class SimulatedHost {
  readonly name: string;
  /** Both outlive every program; only a power cut (a silent crash) reaches them. */
  readonly disk: SimulatedDisk;
  readonly processes: SimulatedProcesses;
  readonly #world: HostWorld;
  readonly #random: Random;
  #life: HostLife | undefined;
  #leftAtStop: readonly string[] = [];
  #lives = 0;
  #skewMs = 0;

  constructor(world: HostWorld, name: string, random: Random) {
    this.#world = world;
    this.name = name;
    this.#random = random;
    this.disk = new SimulatedDisk(world.clock);
    this.processes = new SimulatedProcesses(world.clock, this.disk);
  }

  get isRunning(): boolean {
    return this.#life !== undefined;
  }

  /** Timers that this life has armed. */
  get armedTimers(): number {
    return this.#life?.timers ?? 0;
  }

  /** Listeners, sessions and timers of this host: for the question what was left behind. */
  leftOpen(): readonly string[] {
    const timers = this.armedTimers === 0 ? [] : [`${this.armedTimers} armed timers`];
    return [...this.#world.network.openOf(this.name), ...this.disk.leftOpen, ...timers];
  }

  /** What the last program had left open when its stop was done; the host then closed it. */
  get leftAtStop(): readonly string[] {
    return this.#leftAtStop;
  }

  /** Sets this host's wall clock apart from the others'. */
  setSkew(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /** Starts a program on this host, in a new life. A program that cannot be made leaves the host as it was. */
  start<P extends Program>(program: (ports: SimulatedPorts) => P): P {
    if (this.#life !== undefined) {
      throw new Error(`${this.name} is running already`);
    }
    this.#lives += 1;
    const life = this.#newLife();
    this.#life = life;
    this.#world.network.hostStarted(this.name);
    try {
      const started = program(this.#portsFor(life));
      life.program = started;
      return started;
    } catch (thrown) {
      this.#kill(life, { isSilent: false });
      throw thrown;
    }
  }

  /** Stops the program in order, then the host. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life !== undefined) {
      await life.program?.stop();
      this.#leftAtStop = this.leftOpen();
      this.#kill(life, { isSilent: false });
    }
  }

  /** The process dies at once. Its kernel closes its sessions, unless the whole machine vanishes (`isSilent`). */
  crash(options: DeathOptions = { isSilent: false }): void {
    if (this.#life !== undefined) {
      this.#kill(this.#life, options);
    }
  }

  #kill(life: HostLife, options: DeathOptions): void {
    if (!life.isAlive) {
      return; // it crashed while it was stopping; by now another life may be led here
    }
    life.isAlive = false;
    this.#life = undefined;
    this.#world.network.hostDied(this.name, options);
    this.disk.programDied();
    if (options.isSilent) {
      this.disk.powerLost();
      this.processes.powerLost();
    }
  }

  #newLife(): HostLife {
    const life: HostLife = {
      host: this.name,
      isAlive: true,
      program: undefined,
      timers: 0,
      deliver: (task) => this.#world.soon(() => run(life, task)),
    };
    return life;
  }

  #portsFor(life: HostLife): SimulatedPorts {
    const world = this.#world;
    return {
      clock: {
        monotonicMs: () => world.clock.monotonicMs(),
        wallMs: () => world.clock.wallMs() + this.#skewMs,
        setTimer: (delayMs, fire) => this.#setTimer(life, delayMs, fire),
      },
      random: this.#random.split(`life ${this.#lives}`),
      scheduler: {
        soon: life.deliver,
        later: (task) => world.later(() => run(life, task)),
      },
      sessions: world.network.portFor(life),
      files: this.disk.portFor(life),
      processes: this.processes.portFor(life),
      facts: { hostName: this.name, cpuCount: 2, memoryMiB: 4_096 },
    };
  }

  #setTimer(life: HostLife, delayMs: number, fire: () => void): Timer {
    let isArmed = true;
    life.timers += 1;
    const spend = (): boolean => {
      const wasArmed = isArmed;
      life.timers -= wasArmed ? 1 : 0;
      isArmed = false;
      return wasArmed;
    };
    const timer = this.#world.clock.setTimer(delayMs, () => {
      if (spend()) {
        run(life, fire);
      }
    });
    return {
      cancel: () => {
        spend();
        timer.cancel();
      },
    };
  }
}

/** What a callback throws would end a real process; here it ends the run, and says on which host it was. */
function run(life: HostLife, task: () => void): void {
  if (!life.isAlive) {
    return;
  }
  try {
    task();
  } catch (thrown) {
    throw new Error(`uncaught on host ${life.host}: ${describe(thrown)}`, { cause: thrown });
  }
}
