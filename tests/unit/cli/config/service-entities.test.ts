import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SERVICE_ENTITIES } from '../../../../cli/config/service-entities.js';
import { checkEntities } from './entity-claims.js';

describe('the table of the service entities', () => {
  checkEntities(SERVICE_ENTITIES);

  it('says something of each entity and each parameter, in one sentence or two', () => {
    const texts = SERVICE_ENTITIES.flatMap(({ about, parameters }) => [about, ...parameters.map((one) => one.about)]);

    assert.deepEqual(
      texts.filter((text) => !/^[A-Z`a-z].*\.$/.test(text) || text.length > 120),
      [],
    );
  });
});
