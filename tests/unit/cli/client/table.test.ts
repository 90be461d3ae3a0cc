import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { facts, table } from '../../../../cli/client/table.js';

describe('a table', () => {
  it('has its columns below one another, and no blanks at the end of a line', () => {
    assert.equal(
      table(
        ['NODE', 'VIA'],
        [
          ['a', 'long-name'],
          ['longer', ''],
        ],
      ),
      'NODE    VIA\na       long-name\nlonger\n',
    );
  });

  it('gives wide letters two columns', () => {
    assert.equal(table(['A', 'B'], [['節點', 'x']]), 'A     B\n節點  x\n');
  });

  it('is not broken by a cell that is too long, or that a terminal would obey', () => {
    const text = table(['A'], [['x'.repeat(500)], ['a\nb']]);

    assert.equal(text, `A\n${'x'.repeat(119)}…\na\\x0ab\n`);
  });
});

describe('facts', () => {
  it('have their values below one another', () => {
    assert.equal(
      facts([
        ['Node', 'a'],
        ['Version', '1'],
      ]),
      'Node:    a\nVersion: 1\n',
    );
  });
});
