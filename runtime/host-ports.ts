import type { Clock, Scheduler } from './clock.js';
import type { FilePort } from './file-port.js';
import type { HostFacts, SessionPort } from './ports.js';
import type { ProcessPort } from './process-port.js';
import type { Random } from './random.js';

/** Everything outside of a program, in one object: the real machine, or a pretended one of the simulation. */
export interface HostPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly sessions: SessionPort;
  readonly files: FilePort;
  readonly processes: ProcessPort;
  readonly facts: HostFacts;
}
