import type { Address } from './address.js';
import type { Cell } from './cell.js';
import type { CellPhase } from './cell-host.js';

/** One actor as an inspector shows it; plain data. Its context is looked at apart, at `cell.life?.context`. */
export interface CellOverview {
  readonly address: Address;
  readonly kind: string;
  readonly phase: CellPhase;
  /** The machine's state, `a.b`; empty while there is no life. */
  readonly state: string;
  /** 1 at first, one more at each restart. */
  readonly lives: number;
  /** Messages that were handled, over all lives. */
  readonly handled: number;
  /** Messages that wait. */
  readonly depth: number;
  /** Armed timers with their deadlines, in monotonic milliseconds. */
  readonly timers: Readonly<Record<string, number>>;
  /** What this life has open, in the order of opening. */
  readonly open: readonly string[];
}

/** What a cell is doing now. */
export function overviewOf(cell: Cell): CellOverview {
  const { life } = cell;
  return {
    address: cell.address,
    kind: cell.definition.kind,
    phase: cell.phase,
    state: life?.state ?? '',
    lives: cell.lives,
    handled: cell.handled,
    depth: cell.depth,
    timers: Object.fromEntries(life?.timers.deadlines() ?? []),
    open: life?.scope.labels() ?? [],
  };
}
