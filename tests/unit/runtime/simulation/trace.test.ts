import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Trace } from '../../../../runtime/simulation/trace.js';
import { ManualHost } from '../../../support/manual-host.js';
import { bytesOf } from '../../../support/recording-session.js';
import { message, SampleLamp, tally } from '../../../support/sample-actors.js';

const WAY = { from: 'a', to: 'b', fate: 'stream' } as const;

describe('a trace', () => {
  it('has the same hash for the same story, and another for any other', () => {
    const story = (...lines: readonly string[]) => {
      const trace = new Trace();
      for (const line of lines) {
        trace.line(line);
      }
      return trace.hash;
    };

    assert.match(story(), /^[0-9a-f]{16}$/);
    assert.equal(story('a', 'b'), story('a', 'b'));
    const others = [story(), story('a'), story('b', 'a'), story('ab'), story('a', 'b', ''), story('a', 'c')];
    assert.equal(new Set([story('a', 'b'), ...others]).size, others.length + 1);
  });

  it('notices when, where and what was sent', () => {
    const sent = (atMs: number, way: Parameters<Trace['traffic']>[1], text: string) => {
      const trace = new Trace();
      trace.traffic(atMs, way, bytesOf(text));
      return trace.hash;
    };

    const hashes = [
      sent(1, WAY, 'x'),
      sent(1.000001, WAY, 'x'),
      sent(1, { ...WAY, from: 'c' }, 'x'),
      sent(1, { ...WAY, to: 'c' }, 'x'),
      sent(1, { ...WAY, fate: 'lost' }, 'x'),
      sent(1, WAY, 'y'),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('keeps the last entries in full', () => {
    const trace = new Trace();
    for (let line = 0; line < 5_000; line += 1) {
      trace.line(`line ${line}`);
    }
    trace.traffic(12.3456, WAY, bytesOf('xyz'));

    assert.equal(trace.count, 5_001);
    assert.deepEqual(trace.tail(2), ['line 4999', '12.346 a>b stream 3']);
    assert.equal(trace.tail().length, 400);
  });

  it('follows every step of a system, until it is told to stop', () => {
    const host = new ManualHost();
    const system = host.system();
    const trace = new Trace();
    const stop = trace.follow('host-1', system.hub);
    const root = system.start(tally, { start: 0 }, { lamp: new SampleLamp() });
    system.send(root, message('tally.add', { amount: 1 }));
    host.run();
    assert.ok(trace.tail().some((line) => line === '0.000 host-1 node step tally.add'));

    stop();
    const { count } = trace;
    system.send(root, message('tally.add', { amount: 1 }));
    host.run();

    assert.equal(trace.count, count);
  });
});
