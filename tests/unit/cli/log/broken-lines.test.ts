import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokenLines } from '../../../../cli/log/broken-lines.js';
import { recordOf, shownLines } from './record-of.js';

describe('what goes wrong inside of the node', () => {
  const cases: readonly (readonly [name: string, record: ReturnType<typeof recordOf>, lines: readonly string[]])[] = [
    [
      'a failure, with its place for whoever looks closer',
      recordOf('failure', 'TypeError', {
        text: 'x is not a function',
        stack: 'TypeError: x\n    at f (a.js:1)\n    at g',
      }),
      ['ERROR node/part failed (TypeError): x is not a function', 'DEBUG    at f (a.js:1)', 'DEBUG    at g'],
    ],
    [
      'an unhandled message',
      recordOf('unhandled', 'x.happened', { state: 'waiting' }),
      ['WARNING node/part has no answer to x.happened while waiting'],
    ],
    [
      'a dead letter',
      recordOf('dead-letter', 'x.wanted', { reason: 'no-such-actor' }),
      ['DEBUG Message x.wanted to node/part was not delivered: no-such-actor'],
    ],
    [
      'a restart',
      recordOf('supervision', 'restart', { delayMs: 20.4 }),
      ['WARNING node/part is started again in 20 ms'],
    ],
    ['an end after a failure', recordOf('supervision', 'stop', {}), ['WARNING node/part is not started again']],
    [
      'a failure that is passed on',
      recordOf('supervision', 'escalate', {}),
      ['ERROR node/part is beyond repair; what contains it has to deal with that'],
    ],
    [
      'a stop that takes too long',
      recordOf('supervision', 'stop-overdue', {}),
      ['WARNING node/part took too long to stop and is stopped by force'],
    ],
    ['not a birth', recordOf('supervision', 'raised', {}), []],
    ['not an end in order', recordOf('supervision', 'ended', {}), []],
    ['not a step', recordOf('step', 'x', {}), []],
  ];
  for (const [name, record, lines] of cases) {
    it(`is told: ${name}`, () => {
      assert.deepEqual(shownLines(brokenLines(record)), lines);
    });
  }
});
