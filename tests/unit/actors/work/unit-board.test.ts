import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnitBoard } from '../../../../actors/work/unit-board.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import { OTHER_UNIT, statusOf, UNIT } from './work-parts.js';

function heardBoard(): { board: UnitBoard; heard: (UnitStatus | undefined)[]; end: () => void } {
  const board = new UnitBoard();
  const heard: (UnitStatus | undefined)[] = [];
  const end = board.hear(UNIT, (status) => heard.push(status));
  return { board, heard, end };
}

describe('the board of units', () => {
  it('shows what was put last, and hands out copies that do not change', () => {
    const board = new UnitBoard();
    board.put(UNIT, statusOf());
    const all = board.all();
    board.put(UNIT, statusOf({ state: 1 }));
    board.put(OTHER_UNIT, statusOf());

    assert.equal(board.get(UNIT)?.state, 1);
    assert.equal(board.size, 2);
    assert.deepEqual(Array.from(all), [[UNIT, statusOf()]]);
    assert.equal(board.get('nosuch' as typeof UNIT), undefined);
  });

  it('tells those who hear of a unit of its changes, and nobody else', () => {
    const { board, heard } = heardBoard();
    board.put(OTHER_UNIT, statusOf());
    board.put(UNIT, statusOf());
    board.put(UNIT, statusOf({ state: 1 }));

    assert.deepEqual(heard, [statusOf(), statusOf({ state: 1 })]);
  });

  it('notes that output has grown, and says nothing when it has not', () => {
    const { board, heard } = heardBoard();
    board.grew(UNIT, 5);
    board.put(UNIT, statusOf({ stdoutSize: 3 }));
    board.grew(UNIT, 3);
    board.grew(UNIT, 2);
    board.grew(UNIT, 4);

    assert.deepEqual(heard, [statusOf({ stdoutSize: 3 }), statusOf({ stdoutSize: 4 })]);
  });

  it('tells of stored output even when its size was known before', () => {
    const { board, heard } = heardBoard();
    board.stored(UNIT, 5);
    board.put(UNIT, statusOf({ stdoutSize: 10 }));
    board.stored(UNIT, 4);
    board.stored(UNIT, 12);

    assert.deepEqual(
      heard.map((status) => status?.stdoutSize),
      [10, 10, 12],
    );
  });

  it('lets its hearers know that a unit is gone, and then forgets them', () => {
    const { board, heard, end } = heardBoard();
    board.put(UNIT, statusOf());
    board.drop(UNIT);
    board.put(UNIT, statusOf({ state: 1 }));
    end();

    assert.deepEqual(heard, [statusOf(), undefined]);
    assert.equal(board.heard, 0);
  });

  it('keeps a new hearer when one of the time before is dismissed late', () => {
    const { board, end } = heardBoard();
    board.drop(UNIT);
    const heard: unknown[] = [];
    board.hear(UNIT, (status) => heard.push(status));
    end();
    board.put(UNIT, statusOf());

    assert.equal(heard.length, 1);
  });

  it('keeps nothing of those who hear no more', () => {
    const { board, heard, end } = heardBoard();
    const others: unknown[] = [];
    const endOther = board.hear(UNIT, (status) => others.push(status));
    end();
    end();
    board.put(UNIT, statusOf());
    assert.deepEqual([heard.length, others.length, board.heard], [0, 1, 1]);

    endOther();
    assert.equal(board.heard, 0);
  });

  it('tells everybody although one of them leaves, or comes, while it is told', () => {
    const board = new UnitBoard();
    const heard: string[] = [];
    const end = board.hear(UNIT, () => {
      heard.push('first');
      end();
      board.hear(UNIT, () => heard.push('late'));
    });
    board.hear(UNIT, () => heard.push('second'));

    board.put(UNIT, statusOf());
    assert.deepEqual(heard, ['first', 'second']);
    board.put(UNIT, statusOf());
    assert.deepEqual(heard, ['first', 'second', 'second', 'late']);
  });
});
