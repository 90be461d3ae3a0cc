import assert from 'node:assert/strict';
import type { DialSettings, ListenSettings } from '../../../../runtime/quic/settings.js';
import { type Application, approving, type End, Rig, type RigOptions } from './rig.js';

/** Does nothing, so that the connection stays as it is. */
export const idle: Application = () => undefined;

export interface Pair {
  readonly rig: Rig;
  readonly dialled: End;
  readonly accepted: End;
}

export interface PairOptions extends RigOptions {
  readonly listen?: Partial<ListenSettings>;
  readonly dial?: Partial<DialSettings>;
  readonly application?: Application;
}

/** A dial after its handshake, both ends approved unless the application does otherwise. */
export function connected({ listen = {}, dial = {}, application = approving, ...options }: PairOptions = {}): Pair {
  const rig = new Rig(options);
  rig.listen(application, listen);
  const dialled = rig.dial(application, dial);
  assert.ok(rig.run(() => dialled.has('connected') && rig.accepted(dialled).has('connected'), 20_000_000));
  return { rig, dialled, accepted: rig.accepted(dialled) };
}
