import type { MeshView } from '../../actors/mesh/router-vocabulary.js';
import { compareText } from '../../protocol/text.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import { describe } from '../../runtime/errors.js';
import type { LogLine } from './line.js';

/** While a mesh forms, its routes change many times a second; one picture of each second is enough. */
const PAUSE_MS = 1_000;

export interface RoutesReportOptions {
  readonly clock: Clock;
  /** What is known of the mesh now. */
  readonly read: () => Promise<MeshView>;
  readonly write: (line: LogLine) => void;
}

/** Writes who is linked with whom, and the routes, after they have changed: soon, and at most once a second. */
export class RoutesReport {
  readonly #options: RoutesReportOptions;
  #state: 'calm' | 'pausing' | 'owing' | 'over' = 'calm';
  #timer: Timer | undefined;

  constructor(options: RoutesReportOptions) {
    this.#options = options;
  }

  changed(): void {
    if (this.#state === 'calm') {
      this.#report();
    } else if (this.#state === 'pausing') {
      this.#state = 'owing';
    }
  }

  end(): void {
    this.#state = 'over';
    this.#timer?.cancel();
  }

  #report(): void {
    const { clock, read, write } = this.#options;
    this.#state = 'pausing';
    this.#timer = clock.setTimer(PAUSE_MS, () => {
      const isOwing = this.#state === 'owing';
      this.#state = 'calm';
      if (isOwing) {
        this.#report();
      }
    });
    read().then(
      (view) => viewLines(view).forEach(write),
      // A node that is being stopped answers no more questions.
      (thrown: unknown) => write({ level: 'debug', text: `The routes could not be read: ${describe(thrown)}` }),
    );
  }
}

/** In the reference's form, but sorted, so that two pictures can be compared. */
export function viewLines({ knownCosts, routes }: MeshView): readonly LogLine[] {
  const info = (text: string): LogLine => ({ level: 'info', text });
  const byName = <V>(map: ReadonlyMap<string, V>) => [...map].sort(([a], [b]) => compareText(a, b));
  return [
    info('Known Connections:'),
    ...byName(knownCosts).map(([node, peers]) =>
      info(
        `   ${node}: ${byName(peers)
          .map(([peer, cost]) => `${peer}(${cost.toFixed(2)}) `)
          .join('')}`,
      ),
    ),
    info('Routing Table:'),
    ...byName(routes).map(([node, via]) => info(`   ${node} via ${via}`)),
  ];
}
