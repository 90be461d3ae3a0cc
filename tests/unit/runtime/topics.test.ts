import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topic } from '../../../runtime/message.js';
import { TopicTable } from '../../../runtime/topics.js';

const NEWS = topic<string>('news');
const fail = (thrown: unknown): void => assert.fail(`${thrown}`);

describe('the table of topics', () => {
  it('hands a payload to every hearer of that subject, in the order of their coming', () => {
    const table = new TopicTable();
    const heard: string[] = [];
    table.hear(NEWS, (payload) => heard.push(`a ${payload}`));
    table.hear(topic('other'), () => heard.push('wrong subject'));
    table.hear(NEWS, (payload) => heard.push(`b ${payload}`));

    table.publish(NEWS, 'x', fail);

    assert.deepEqual(heard, ['a x', 'b x']);
  });

  it('knows the same function twice when it came twice', () => {
    const table = new TopicTable();
    const heard: unknown[] = [];
    const hearer = (payload: unknown): void => void heard.push(payload);
    const stop = table.hear(NEWS, hearer);
    table.hear(NEWS, hearer);
    stop();

    table.publish(NEWS, 'x', fail);

    assert.deepEqual(heard, ['x']);
    assert.equal(table.hearers, 1);
  });

  it('goes on when a hearer throws, and reports it', () => {
    const table = new TopicTable();
    const heard: unknown[] = [];
    const faults: unknown[] = [];
    table.hear(NEWS, () => {
      throw new Error('deaf');
    });
    table.hear(NEWS, (payload) => heard.push(payload));

    table.publish(NEWS, 'x', (thrown) => faults.push(thrown));

    assert.deepEqual(heard, ['x']);
    assert.equal(faults.length, 1);
  });

  it('forgets a subject with its last hearer', () => {
    const table = new TopicTable();
    const stop = table.hear(NEWS, () => undefined);
    assert.equal(table.size, 1);

    stop();

    assert.equal(table.size, 0);
    assert.equal(table.hearers, 0);
  });

  it('does not make later hearers deaf when an old one leaves twice', () => {
    const table = new TopicTable();
    const heard: unknown[] = [];
    const stop = table.hear(NEWS, () => undefined);
    stop();
    table.hear(NEWS, (payload) => heard.push(payload));
    stop();

    table.publish(NEWS, 'x', fail);

    assert.deepEqual(heard, ['x']);
  });

  it('hands nothing to who left during the call, and nothing yet to who came during it', () => {
    const table = new TopicTable();
    const heard: string[] = [];
    const stops: (() => void)[] = [];
    table.hear(NEWS, () => {
      heard.push('first');
      stops[0]?.();
      table.hear(NEWS, () => heard.push('late'));
    });
    stops.push(table.hear(NEWS, () => heard.push('left')));

    table.publish(NEWS, 'x', fail);
    assert.deepEqual(heard, ['first']);
    table.publish(NEWS, 'x', fail);

    assert.deepEqual(heard, ['first', 'first', 'late']);
  });
});
