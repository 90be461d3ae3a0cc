import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../runtime/clock.js';

/** How often a condition is looked at, and for how long. */
const LOOK_MS = 5;
const PATIENCE_MS = 20_000;

/** A folder of the real disk, and real time. */
export interface RealStage {
  readonly root: string;
  wait<T>(promise: Promise<T>): Promise<T>;
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
  dispose(): Promise<void>;
}

export async function realStage(): Promise<RealStage> {
  const root = await mkdtemp(join(tmpdir(), 'receptor-test-'));
  return {
    root,
    wait: (promise) => promise,
    until,
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

/** Waits for the real world. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const limitMs = systemClock.monotonicMs() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(systemClock.monotonicMs() < limitMs, `it did not hold within ${PATIENCE_MS / 1_000} s`);
    await new Promise<void>((resolve) => {
      systemClock.setTimer(LOOK_MS, resolve);
    });
  }
}
