import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WordTable } from '../../../protocol/word-table.js';

describe('a word table', () => {
  it('holds what was set under both halves of a word', () => {
    const table = new WordTable<string>();
    table.set(1, 2, 'one-two');
    table.set(2, 1, 'two-one');
    table.set(0, 0, 'zero');

    assert.equal(table.get(1, 2), 'one-two');
    assert.equal(table.get(2, 1), 'two-one');
    assert.equal(table.get(0, 0), 'zero');
    assert.equal(table.get(1, 1), undefined);
    assert.equal(table.size, 3);
  });

  it('replaces the value of a word that it knows', () => {
    const table = new WordTable<string>();
    table.set(7, 7, 'old');
    table.set(7, 7, 'new');

    assert.equal(table.get(7, 7), 'new');
    assert.equal(table.size, 1);
  });

  it('says whether there was something to delete', () => {
    const table = new WordTable<number>();
    table.set(1, 1, 1);

    assert.equal(table.delete(1, 1), true);
    assert.equal(table.delete(1, 1), false);
    assert.equal(table.get(1, 1), undefined);
    assert.equal(table.size, 0);
  });

  it('finds everything after it has grown', () => {
    const table = new WordTable<number>();
    for (let at = 0; at < 10_000; at += 1) {
      table.set(at >>> 4, 0xffff_ffff - at, at);
    }

    assert.equal(table.size, 10_000);
    for (let at = 0; at < 10_000; at += 1) {
      assert.equal(table.get(at >>> 4, 0xffff_ffff - at), at);
    }
  });

  it('finds words that share a slot after one before them was deleted', () => {
    const table = new WordTable<number>();
    // Seven words in sixteen slots, each table with others: some of them must sit behind each other.
    for (let low = 0; low < 500; low += 1) {
      const words = Array.from({ length: 7 }, (_, at) => low * 31 + at * 17);
      for (const word of words) {
        table.set(word, low, word);
      }
      for (const [at, word] of words.entries()) {
        assert.equal(table.delete(word, low), true);
        for (const later of words.slice(at + 1)) {
          assert.equal(table.get(later, low), later);
        }
      }
    }
    assert.equal(table.size, 0);
  });

  it('lists its values', () => {
    const table = new WordTable<string>();
    table.set(1, 1, 'a');
    table.set(2, 2, 'b');
    table.set(3, 3, 'c');
    table.delete(2, 2);

    assert.deepEqual(Array.from(table.values()).sort(), ['a', 'c']);
  });
});
