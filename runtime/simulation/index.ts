/** Public face for tests: a deterministic world of pretended hosts. */
export { SimulatedDisk } from './disk.js';
export type { DiskAct, DiskFault } from './disk-fault.js';
export { CALM, LOOPBACK, type NetworkFaults, STORMY } from './faults.js';
export { type Program, SimulatedHost, type SimulatedPorts } from './host.js';
export type { CommandScript, ScriptedProcess } from './job.js';
export { SimulatedNetwork } from './network.js';
export { type RunRecord, SimulatedProcesses } from './processes.js';
export { Trace } from './trace.js';
export { VirtualClock } from './virtual-clock.js';
export type { Fate, TrafficReader } from './weather.js';
export { type Checker, World, type WorldOptions } from './world.js';
