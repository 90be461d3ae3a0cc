import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readArguments } from '../../../../cli/config/arguments.js';
import { settleItem } from '../../../../cli/config/config-item.js';
import type { EntitySpec } from '../../../../cli/config/entity-spec.js';

const NO_FILES = (): never => assert.fail('no file was expected');

/** What must be true of every table of entities. */
export function checkEntities(entities: readonly EntitySpec[]): void {
  for (const entity of entities) {
    it(`${entity.name} has an example that the parser takes`, () => {
      const words = entity.example.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];

      const [item] = readArguments(words, NO_FILES);

      assert.ok(item !== undefined && item.entity === entity);
      // Those that are not built yet are held to their types and requirements all the same.
      settleItem({ ...item, entity: asBuilt(entity) });
    });

    it(`${entity.name} has at most one bare value, and no name twice`, () => {
      const names = entity.parameters.map(({ name }) => name);

      assert.equal(new Set(names).size, names.length);
      assert.ok(entity.parameters.filter(({ isBare }) => isBare === true).length <= 1);
      assert.ok(names.every((name) => name === name.toLowerCase()));
    });
  }
}

function asBuilt({ isLater: _, ...entity }: EntitySpec): EntitySpec {
  return { ...entity, parameters: entity.parameters.map(({ isLater: __, ...parameter }) => parameter) };
}
