/** Public face for tests: a deterministic world of pretended hosts, and nodes of the mesh that live in it. */
export { SimulatedDisk } from '../../runtime/simulation/disk.js';
export type { DiskAct, DiskFault } from '../../runtime/simulation/disk-fault.js';
export { CALM, LOOPBACK, type NetworkFaults, STORMY } from '../../runtime/simulation/faults.js';
export { type Program, SimulatedHost, type SimulatedPorts } from '../../runtime/simulation/host.js';
export type { CommandScript, ScriptedProcess } from '../../runtime/simulation/job.js';
export { SimulatedNetwork } from '../../runtime/simulation/network.js';
export { type RunRecord, SimulatedProcesses } from '../../runtime/simulation/processes.js';
export { Trace } from '../../runtime/simulation/trace.js';
export { VirtualClock } from '../../runtime/simulation/virtual-clock.js';
export type { Fate, TrafficReader } from '../../runtime/simulation/weather.js';
export { type Checker, World, type WorldOptions } from '../../runtime/simulation/world.js';
export { createSimulatedNode } from './simulated-node.js';
