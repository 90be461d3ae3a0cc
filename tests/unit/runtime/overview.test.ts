import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overviewOf } from '../../../runtime/overview.js';
import { RESTART_OR_ESCALATE } from '../../../runtime/supervisor.js';
import { probe } from '../../support/probe-actor.js';
import { ProbeSystem } from '../../support/probe-system.js';
import { message } from '../../support/sample-actors.js';

function overview(world: ProbeSystem) {
  const cell = world.system.cellAt(world.root);
  assert.ok(cell !== undefined);
  return overviewOf(cell);
}

describe('an overview', () => {
  it('shows what an actor is doing, as plain data', () => {
    const world = new ProbeSystem().start();
    world.raise(world.root, 'child');
    world.tell(world.root, { type: 'probe.wish', wish: message('arm-timer', { name: 'tick', delayMs: 250 }) });
    world.post(world.root, { type: 'probe.note', text: 'waits' });

    const shown = overview(world);

    assert.deepEqual(shown, {
      address: 'node',
      kind: 'probe',
      phase: 'living',
      state: 'working',
      lives: 1,
      handled: 2,
      depth: 1,
      timers: { tick: 250 },
      open: ['child child'],
    });
    assert.deepEqual(JSON.parse(JSON.stringify(shown)), shown);
  });

  it('shows an actor that rests', () => {
    const world = new ProbeSystem().start(probe({ supervision: RESTART_OR_ESCALATE }));

    world.tell(world.root, { type: 'probe.throw', where: 'assign' });

    const { phase, state, lives, open, timers } = overview(world);
    assert.deepEqual(
      { phase, state, lives, open, timers },
      { phase: 'resting', state: '', lives: 1, open: [], timers: {} },
    );
  });
});
