import type { ChildEnded } from '../../runtime/self.js';
import type { LinkResult } from './link-vocabulary.js';

/** How long a dialer waits before it dials again, by how often it has dialled for nothing. */

/** The first tries come at once (a neighbour that starts together with us); a dead one is asked every 20 s. */
const FIRST_DELAY_MS = 100;
const DELAY_FACTOR = 1.7;
const DELAY_LIMIT_MS = 20_000;
/** A neighbour that refuses us will not change its mind so soon; somebody has to change a configuration. */
const REFUSED_DELAY_MS = 2_000;
const REFUSED_LIMIT_MS = 60_000;
/** Part of a delay that is drawn by chance. */
export const DELAY_JITTER = 0.5;

/** Milliseconds before the next dial to a neighbour that could not be reached or was lost. */
export function redialDelayMs(attempts: number): number {
  return Math.min(DELAY_LIMIT_MS, FIRST_DELAY_MS * growth(attempts));
}

/** Milliseconds before the next dial to a neighbour that refuses us, or that we refuse. */
export function refusedDelayMs(attempts: number): number {
  return Math.min(REFUSED_LIMIT_MS, REFUSED_DELAY_MS * growth(attempts));
}

/** How a dial, or the link on it, came to nothing. */
export type LinkEnd = 'failed' | 'refused';

/** A refusal, by either end. */
export function linkEnd({ outcome }: ChildEnded): LinkEnd {
  const code = outcome.type === 'done' ? (outcome.output as LinkResult).code : 'lost';
  return code.startsWith('refused-') || code === 'rejected-by-peer' ? 'refused' : 'failed';
}

/** The same in words. */
export function linkEndText(ended: ChildEnded): string {
  const { outcome } = ended;
  if (outcome.type === 'failed') {
    return outcome.text;
  }
  // A link's output is what its own definition says.
  return outcome.type === 'done' ? (outcome.output as LinkResult).text : 'stopped';
}

/** How far the delay has grown by attempts that led to nothing; a link that lasted has left none. */
function growth(attempts: number): number {
  return DELAY_FACTOR ** Math.max(0, attempts - 1);
}
