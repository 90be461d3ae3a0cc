import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { EngineHost } from './engine.js';
import { verifySignature } from './node-keys.js';

const MICROS_PER_MS = 1_000;

/**
 * The engine's host over the project's own clock and chance, with Node's crypto for signatures.
 * Production passes the system's, the simulation its virtual clock and a seeded generator.
 */
export function nodeEngineHost(clock: Pick<Clock, 'monotonicMs' | 'wallMs'>, random: Pick<Random, 'fill'>): EngineHost {
  return {
    // Rounded: a deadline of whole microseconds that went through milliseconds must not come back a little smaller.
    monotonicMicros: () => Math.round(clock.monotonicMs() * MICROS_PER_MS),
    wallMs: () => clock.wallMs(),
    fillRandom: (target) => {
      random.fill(target);
    },
    verifySignature,
  };
}
