import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unitEffects } from '../../../../actors/work/unit-effects.js';
import { JOB_STARTED, type UnitMessage } from '../../../../actors/work/unit-vocabulary.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import type { Self } from '../../../../runtime/self.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingSelf } from '../recording-self.js';
import { FrozenParts } from './frozen-ports.js';
import { remoteStatus, UNIT } from './work-parts.js';

describe('what a unit has promised to say once its start is noted', () => {
  it('is said before the end of the unit, however soon that comes', async () => {
    const order: string[] = [];
    const recording = new RecordingSelf();
    const self: Self<UnitMessage> = {
      ...(recording.face as Self<UnitMessage>),
      reply: () => void order.push('reply'),
      attempt: (work, done) => void work.then((value) => order.push(done(value).type)),
    };
    const parts = new FrozenParts(new ManualHost());
    let written: () => void = () => assert.fail('nothing is being written');
    const files = {
      ...parts.files,
      sizeOf: () => Promise.resolve(undefined),
      replace: () =>
        new Promise<void>((resolve) => {
          written = resolve;
        }),
    };
    const effects = unitEffects({ workKit: parts.workKit, files }, self);
    const status = remoteStatus({ remoteStarted: true });

    effects['show-status']({ type: 'show-status', unitId: UNIT, status, weight: 'lasting' });
    effects.promise({ type: 'promise', to: 1 as ReplyTo, value: JOB_STARTED });
    effects['settle-status']({ type: 'settle-status', unitId: UNIT, status });
    // The start, and then the end.
    written();
    await new Promise(setImmediate);
    written();
    await new Promise(setImmediate);

    assert.deepEqual(order, ['reply', 'status.settled']);
    assert.deepEqual(recording.failures, []);
  });
});
