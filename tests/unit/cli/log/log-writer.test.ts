import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogLevel } from '../../../../cli/log/level.js';
import { LogWriter } from '../../../../cli/log/log-writer.js';
import { ManualHost } from '../../../support/manual-host.js';
import { FakeOutput } from './text-output.js';

function log(threshold: LogLevel = 'info') {
  const output = new FakeOutput();
  const host = new ManualHost();
  return { output, host, writer: new LogWriter({ output, clock: host.clock, threshold }) };
}

describe('the log', () => {
  it('writes what its level allows, with the time', () => {
    const { output, writer } = log();

    writer.write({ level: 'info', text: 'one' });
    writer.write({ level: 'debug', text: 'two' });
    writer.write({ level: 'error', text: 'three' });

    assert.deepEqual(output.lines, ['INFO one', 'ERROR three']);
    assert.match(output.text, /^INFO 20\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d one\n/);
    assert.equal(writer.writes('debug'), false);
  });

  it('drops lines while nobody reads them, and says how many as soon as somebody does', () => {
    const { output, writer } = log();
    output.writableLength = 2_000_000;
    for (let at = 0; at < 5; at += 1) {
      writer.write({ level: 'info', text: `lost ${at}` });
    }
    assert.equal(writer.dropped, 5);

    output.writableLength = 0;
    writer.write({ level: 'info', text: 'back' });

    assert.deepEqual(output.lines, [
      'WARNING 5 log lines were dropped: too many at once, or nobody reads standard output',
      'INFO back',
    ]);
    assert.equal(writer.dropped, 0);
  });

  it('drops what is too much for one second, so that a neighbour cannot keep it busy', () => {
    const { output, host, writer } = log();

    for (let at = 0; at < 3_000; at += 1) {
      writer.write({ level: 'info', text: 'again' });
    }
    assert.equal(output.lines.length, 2_000);

    host.advance(1_000);
    writer.write({ level: 'info', text: 'later' });

    assert.equal(
      output.lines[2_000],
      'WARNING 1000 log lines were dropped: too many at once, or nobody reads standard output',
    );
    assert.equal(output.lines[2_001], 'INFO later');
  });

  it('goes quiet when standard output is gone', () => {
    const { output, writer } = log();

    output.break();
    writer.write({ level: 'error', text: 'unheard' });

    assert.equal(output.text, '');
    assert.equal(writer.writes('error'), false);
  });
});
