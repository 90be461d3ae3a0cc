import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SECTIONS } from '../../../cli/config/schema.js';
import { helpText } from '../../../cli/help.js';
import { checkGolden } from './golden.js';

describe('the help of the program', () => {
  it('is as it was reviewed', () => {
    checkGolden('help', helpText());
  });

  it('names every entity and every parameter that is built', () => {
    const text = helpText();
    const built = SECTIONS.flatMap(({ entities }) => entities).filter(({ isLater }) => isLater !== true);

    for (const { name, parameters } of built) {
      assert.ok(text.includes(`--${name}\n`), name);
      for (const parameter of parameters.filter(({ isLater }) => isLater !== true)) {
        assert.ok(text.includes(`${parameter.name}=`), `${name} ${parameter.name}`);
      }
    }
  });

  it('fits a terminal', () => {
    const long = helpText()
      .split('\n')
      .filter((line) => line.length > 130);

    assert.deepEqual(long, []);
  });
});
