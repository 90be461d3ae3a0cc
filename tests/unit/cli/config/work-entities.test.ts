import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WORK_ENTITIES } from '../../../../cli/config/work-entities.js';
import { checkEntities } from './entity-claims.js';

describe('the table of the work entities', () => {
  checkEntities(WORK_ENTITIES);

  it('says something of each entity and each parameter, in one sentence or two', () => {
    const texts = WORK_ENTITIES.flatMap(({ about, parameters }) => [about, ...parameters.map((one) => one.about)]);

    assert.deepEqual(
      texts.filter((text) => !/^[A-Z`a-z].*\.$/.test(text) || text.length > 120),
      [],
    );
  });
});
