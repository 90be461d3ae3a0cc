import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssociationEnd } from '../../../../runtime/simulation/association.js';
import { bytesOf, RecordingHandler, textOf } from '../../../support/recording-session.js';

function end() {
  const tasks: (() => void)[] = [];
  const sent: string[] = [];
  let overs = 0;
  const made = new AssociationEnd({
    station: { host: 'a', isAlive: true, deliver: (task) => void tasks.push(task) },
    local: 'a:1',
    remote: 'b:2',
    transmit: (bytes) => void sent.push(textOf(bytes)),
    onOver: () => {
      overs += 1;
    },
  });
  const handler = new RecordingHandler();
  const run = () => {
    for (const task of tasks.splice(0)) {
      task();
    }
  };
  return { end: made, handler, sent, run, overs: () => overs };
}

describe('an end of an association', () => {
  it('hands over message by message, once somebody is attached and reads', () => {
    const { end: made, handler, run } = end();
    made.hear(bytesOf('a'));
    run();
    made.attach(handler);
    run();
    made.pause();
    made.hear(bytesOf('b'));
    run();
    assert.deepEqual(handler.heard, ['bytes a']);

    made.resume();
    run();

    assert.deepEqual(handler.heard, ['bytes a', 'bytes b']);
  });

  it('drops what does not fit into the buffer of a reader that does not read', () => {
    const { end: made } = end();

    assert.equal(made.hear(new Uint8Array(212_992)), true);
    assert.equal(made.hear(new Uint8Array(1)), false);
  });

  it('never says wait, and sends nothing once it is over', () => {
    const { end: made, sent, overs } = end();

    assert.equal(made.send([bytesOf('x'), bytesOf('y')]), true);
    made.end();
    made.close();
    made.abort();
    made.die({ isSilent: true });
    assert.equal(made.send([bytesOf('z')]), true);

    assert.deepEqual(sent, ['x', 'y']);
    assert.equal(overs(), 1);
    assert.equal(made.hear(bytesOf('late')), false);
  });

  it('tells of a refusal after what came before it, also when nobody was attached yet', () => {
    const { end: made, handler, run } = end();
    made.hear(bytesOf('a'));
    made.refused({ code: 'ECONNREFUSED', text: 'nobody' });
    run();

    made.attach(handler);
    run();

    assert.deepEqual(handler.heard, ['bytes a', 'closed ECONNREFUSED']);
    assert.equal(made.isOver, true);
  });
});
