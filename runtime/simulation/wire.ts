import type { Station } from './station.js';
import type { Weather } from './weather.js';
import { WireEnd } from './wire-end.js';
import { WirePath } from './wire-path.js';

export interface WireOptions {
  readonly dialer: { readonly station: Station; readonly name: string };
  readonly listener: { readonly station: Station; readonly name: string };
  /** Called once both ends are over. */
  readonly onOver: (wire: SimulatedWire) => void;
}

/** One stream session of the pretended network, with its two ends. */
export class SimulatedWire {
  readonly dialerEnd: WireEnd;
  readonly listenerEnd: WireEnd;

  constructor(weather: Weather, options: WireOptions) {
    const { dialer, listener } = options;
    const [a, b] = [dialer.station.host, listener.station.host];
    const there = new WirePath(weather, { from: a, to: b }, (parcel) => this.listenerEnd.hear(parcel));
    const back = new WirePath(weather, { from: b, to: a }, (parcel) => this.dialerEnd.hear(parcel));
    const over = (): void => {
      if (this.dialerEnd.isOver && this.listenerEnd.isOver) {
        options.onOver(this);
      }
    };
    this.dialerEnd = new WireEnd({ station: dialer.station, path: there, over }, dialer.name, listener.name);
    this.listenerEnd = new WireEnd({ station: listener.station, path: back, over }, listener.name, dialer.name);
    this.dialerEnd.peer = this.listenerEnd;
    this.listenerEnd.peer = this.dialerEnd;
  }

  get ends(): readonly [WireEnd, WireEnd] {
    return [this.dialerEnd, this.listenerEnd];
  }

  joins(a: string, b: string): boolean {
    const [first, second] = [this.dialerEnd.host, this.listenerEnd.host];
    return (first === a && second === b) || (first === b && second === a);
  }

  /** Both ends hear of a reset at once. */
  reset(): void {
    for (const end of this.ends) {
      end.hear({ type: 'reset' });
    }
  }
}
