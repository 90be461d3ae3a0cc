import type { ManualHost } from '../../../support/manual-host.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { ControlParts } from './control-parts.js';

const GIVER = { own: () => ({ close: () => undefined, release: () => undefined }) };

/** What is outside of one control session: its client, and the ports of the service. */
export class ControlOutside {
  readonly ports: ControlParts;
  readonly client: RecordingSession;

  constructor(host: ManualHost) {
    this.ports = new ControlParts(host);
    this.client = this.ports.sessions.session();
  }

  /** Puts the client's session where the actor takes it from; returns its key. */
  give(): number {
    return this.ports.handover.put(GIVER, this.client);
  }

  leftOpen(): readonly string[] {
    return this.ports.leftOpen();
  }
}
