import type { Random } from './random.js';

/** What is done when an actor fails. */
export interface SupervisionPolicy {
  /**
   * - `restart`: a new life at the same address, after a back-off; waiting requests are kept.
   * - `stop`: it ends, and its parent is told by `child.ended`.
   * - `escalate`: its parent fails with it.
   */
  readonly onFailure: 'restart' | 'stop' | 'escalate';
  readonly backOff: BackOff;
  /** More restarts than this within the window are pointless. */
  readonly intensity: { readonly restarts: number; readonly withinMs: number };
  /** What happens then. */
  readonly onGiveUp: 'stop' | 'escalate';
}

export interface BackOff {
  readonly firstMs: number;
  readonly factor: number;
  readonly limitMs: number;
  /** Part of the delay that is drawn by chance, 0 to 1: many actors that failed together must not come back together. */
  readonly jitter: number;
}

/** For actors that the node cannot do without. */
export const RESTART_OR_ESCALATE: SupervisionPolicy = {
  onFailure: 'restart',
  backOff: { firstMs: 20, factor: 2, limitMs: 5_000, jitter: 0.3 },
  intensity: { restarts: 5, withinMs: 60_000 },
  onGiveUp: 'escalate',
};

/** For actors whose parent decides: a link, a stream, a session, a unit. */
export const TELL_PARENT: SupervisionPolicy = {
  onFailure: 'stop',
  backOff: { firstMs: 0, factor: 1, limitMs: 0, jitter: 0 },
  intensity: { restarts: 0, withinMs: 0 },
  onGiveUp: 'stop',
};

export type SupervisionVerdict =
  | { readonly type: 'restart'; readonly delayMs: number }
  | { readonly type: 'stop'; readonly gaveUp: boolean }
  | { readonly type: 'escalate'; readonly gaveUp: boolean };

/** The memory of one supervised actor's failures, and the decision at each. */
export class RestartJudge {
  readonly #policy: SupervisionPolicy;
  #failures: readonly number[] = [];

  constructor(policy: SupervisionPolicy) {
    this.#policy = policy;
  }

  /** Restarts within the window, as of the last failure. */
  get recentRestarts(): number {
    return this.#failures.length;
  }

  judge(nowMs: number, random: Random): SupervisionVerdict {
    const { onFailure, onGiveUp, intensity, backOff } = this.#policy;
    if (onFailure !== 'restart') {
      return { type: onFailure, gaveUp: false };
    }
    this.#failures = this.#failures.filter((atMs) => nowMs - atMs < intensity.withinMs);
    if (this.#failures.length >= intensity.restarts) {
      return { type: onGiveUp, gaveUp: true };
    }
    const delayMs = backOffDelayMs(backOff, this.#failures.length, random);
    this.#failures = [...this.#failures, nowMs];
    return { type: 'restart', delayMs };
  }
}

/** The delay before attempt number `attempt` (0 is the first), jitter drawn from `random`. */
export function backOffDelayMs(backOff: BackOff, attempt: number, random: Random): number {
  // Nothing times infinity is not a number: after a thousand doublings a first delay of 0 must still be 0.
  const grownMs = backOff.firstMs === 0 ? 0 : backOff.firstMs * backOff.factor ** attempt;
  const full = Math.min(backOff.limitMs, grownMs);
  return full * (1 - backOff.jitter) + full * backOff.jitter * random.unit();
}
