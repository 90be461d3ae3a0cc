import assert from 'node:assert/strict';
import type { DialSettings, ListenSettings } from '../../../../runtime/quic/settings.js';
import type { QuicStream } from '../../../../runtime/quic/stream.js';
import { approving, type End, Rig } from './rig.js';

export interface Open {
  readonly rig: Rig;
  readonly dialled: End;
  readonly accepted: End;
  /** The dialler's and the listener's end of the first stream. */
  readonly ours: QuicStream;
  readonly theirs: QuicStream;
}

export interface OpenOptions {
  readonly listen?: Partial<ListenSettings>;
  readonly dial?: Partial<DialSettings>;
}

/** A stream on which one byte has passed each way. */
export function openStream({ listen = {}, dial = {} }: OpenOptions = {}): Open {
  const rig = new Rig();
  rig.listen(approving, listen);
  const dialled = rig.dial(approving, dial);
  rig.run(() => dialled.has('connected'));
  const ours = dialled.connection.openStream();
  assert.equal(ours?.write(Uint8Array.of(1)), 1);
  rig.pump(dialled);
  rig.run(() => rig.ends.length === 2 && rig.accepted(dialled).has('streams-opened'));
  const accepted = rig.accepted(dialled);
  const theirs = accepted.connection.acceptStream();
  assert.ok(theirs !== undefined);
  assert.deepEqual(theirs.read(new Uint8Array(1)), { type: 'data', count: 1 });
  theirs.write(Uint8Array.of(2));
  rig.pump(accepted);
  rig.run(() => dialled.has('readable'));
  assert.deepEqual(ours.read(new Uint8Array(1)), { type: 'data', count: 1 });
  return { rig, dialled, accepted, ours, theirs };
}

/** Sends what both ends have to send, and lets half a second pass. */
export function exchange({ rig, dialled, accepted }: Open): void {
  rig.pump(dialled);
  rig.pump(accepted);
  rig.pass(500_000);
}

/** Reads until nothing more comes, and says what it was. */
export function readAll(stream: QuicStream): { readonly bytes: Uint8Array; readonly end: string } {
  const parts: Uint8Array[] = [];
  const target = new Uint8Array(10_000);
  let result = stream.read(target);
  while (result.type === 'data') {
    parts.push(target.slice(0, result.count));
    result = stream.read(target);
  }
  return { bytes: Buffer.concat(parts), end: result.type };
}
