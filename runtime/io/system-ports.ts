import { cpus, hostname, totalmem } from 'node:os';
import { systemClock, systemScheduler } from '../clock.js';
import type { HostPorts } from '../host-ports.js';
import { systemRandom } from '../random.js';
import { systemFiles } from './files.js';
import { systemProcesses } from './processes.js';
import { systemSessions } from './sessions.js';

const MEBIBYTE = 1_048_576;

/** The real machine. */
export const systemPorts: HostPorts = {
  clock: systemClock,
  random: systemRandom,
  scheduler: systemScheduler,
  sessions: systemSessions,
  files: systemFiles,
  processes: systemProcesses,
  facts: {
    hostName: hostname(),
    cpuCount: cpus().length,
    memoryMiB: Math.floor(totalmem() / MEBIBYTE),
  },
};
