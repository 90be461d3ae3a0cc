import assert from 'node:assert/strict';
import type { SimulatedHost, SimulatedPorts } from '../../../../runtime/simulation/host.js';
import { World } from '../../../../runtime/simulation/world.js';

const PATIENCE_MS = 20_000;

/** A program that does nothing by itself, on a pretended host. */
export interface PretendedStage {
  readonly world: World;
  readonly host: SimulatedHost;
  readonly ports: SimulatedPorts;
  wait<T>(promise: Promise<T>): Promise<T>;
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
}

export function pretendedStage(name = 'h'): PretendedStage {
  const world = new World({ seed: name });
  const host = world.host(name);
  return { world, host, ports: portsOf(host), wait: (promise) => world.wait(promise, PATIENCE_MS), until };

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const limitMs = world.nowMs + PATIENCE_MS;
    while (!(await holds())) {
      assert.ok(world.nowMs < limitMs, `it did not hold within ${PATIENCE_MS} ms of virtual time`);
      await world.advance(1);
    }
  }
}

/** Starts a program on the host, and gives what it was given. */
export function portsOf(host: SimulatedHost): SimulatedPorts {
  let given: SimulatedPorts | undefined;
  host.start((ports) => {
    given = ports;
    return { stop: async () => undefined };
  });
  return given ?? assert.fail();
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}
