import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guardedHandler } from '../../../../actors/mesh/guarded-handler.js';
import type { SessionHandler } from '../../../../runtime/ports.js';
import { ProbeSystem } from '../../../support/probe-system.js';
import { RecordingHandler } from '../../../support/recording-session.js';

function stage(handler: SessionHandler): { readonly probes: ProbeSystem; readonly guarded: SessionHandler } {
  const probes = new ProbeSystem().start();
  return { probes, guarded: probes.act(probes.root, (self) => guardedHandler(self, handler)) };
}

function tellAll(handler: SessionHandler): void {
  handler.bytes(new Uint8Array([0x61]));
  handler.drained();
  handler.ended();
  handler.closed({ code: 'X', text: 'x' });
}

describe('a guarded handler', () => {
  it('passes everything on while its actor lives, and nothing afterwards', async () => {
    const heard = new RecordingHandler();
    const { probes, guarded } = stage(heard);
    tellAll(guarded);
    assert.deepEqual(heard.heard, ['bytes a', 'drained', 'ended', 'closed X']);

    const stopped = probes.system.stop();
    probes.host.run();
    await stopped;
    tellAll(guarded);
    assert.equal(heard.heard.length, 4);
  });

  it('turns what is thrown into a failure of its actor', () => {
    const fault = (): never => {
      throw new Error('indigestible');
    };
    for (const name of ['bytes', 'drained', 'ended', 'closed'] as const) {
      const { probes, guarded } = stage({ ...quiet, [name]: fault });

      assert.doesNotThrow(() => tellAll(guarded), name);
      assert.deepEqual(probes.failures(), [`${probes.root} Error`], name);
    }
  });
});

const quiet: SessionHandler = {
  bytes: () => undefined,
  drained: () => undefined,
  ended: () => undefined,
  closed: () => undefined,
};
