import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unitEffects } from '../../../../actors/work/unit-effects.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingSelf } from '../recording-self.js';
import { FrozenParts } from './frozen-ports.js';
import { remoteStatus, UNIT } from './work-parts.js';

describe('the size of the output that a unit shows', () => {
  const shown = (...statuses: readonly Partial<UnitStatus>[]): number | undefined => {
    const parts = new FrozenParts(new ManualHost());
    const effects = unitEffects(parts, new RecordingSelf().face);
    const show = (changes: Partial<UnitStatus>): void => {
      const status = remoteStatus({ remoteStarted: true }, changes);
      effects['show-status']({ type: 'show-status', unitId: UNIT, status, weight: 'passing' });
    };
    show({});
    parts.workKit.board.stored(UNIT, 4);
    for (const changes of statuses) {
      show(changes);
    }
    return parts.workKit.board.get(UNIT)?.stdoutSize;
  };

  it('is not lowered by a status that was made before the output came', () => {
    assert.equal(shown({ state: 1, detail: 'Running: PID 7', stdoutSize: 0 }), 4);
  });

  it('grows with a status that knows of more', () => {
    assert.equal(shown({ state: 1, stdoutSize: 9 }), 9);
  });

  it('is in the end what the last status says', () => {
    assert.equal(shown({ state: 1, stdoutSize: 9 }, { state: 3, stdoutSize: 4 }), 4);
  });
});
