import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { streamsActor } from '../../../../actors/streams/streams.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { NodeParts } from '../node-parts.js';
import { OwnStreams } from './own-streams.js';

const driver = new MachineDriver(streamsActor);

after(() => driver.atLeast(1));

describe('the machine of the streams', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(streamsActor);
  });

  it('raises a stream for each dial and a listener for each listen', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send({ type: 'dial.wanted', key: 1 }), [{ type: 'raise-stream', key: 1 }]);
    assert.deepEqual(machine.send({ type: 'listen.wanted', key: 2 }), [{ type: 'raise-listener', key: 2 }]);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('the streams of a node', () => {
  it('live below one actor, and end with it; their users hear of it', () => {
    const stage = new OwnStreams();
    stage.listen();
    const { here, there } = stage.joined();
    assert.ok(stage.system.counts().actors > 4);
    stage.stop(stage.actor);
    stage.host.advance(10_000);

    assert.deepEqual(here.news, ['closed stopped']);
    assert.deepEqual(there.news, ['closed closed-early'], 'told by the end that was stopped first');
    assert.equal(stage.system.counts().actors, 2, 'the stage and its directory');
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.parts.streamKit.pool.counts.listeners, 0);
    assert.deepEqual(stage.alarms, []);
  });

  it('are asked for nothing by a key that stands for nothing', () => {
    const stage = new OwnStreams();
    stage.send(stage.actor, { type: 'dial.wanted', key: 99 });
    stage.send(stage.actor, { type: 'listen.wanted', key: 99 });
    stage.host.advance(10_000);

    assert.equal(stage.system.counts().actors, 3);
    assert.deepEqual(stage.alarms, []);
  });

  it('fail as an actor, and leave nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      definition: streamsActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: {
        serving: ({ outside, send }) => {
          const place = { service: 'svc' as never, connType: 1, tags: {}, advertise: true };
          const ignore = { opened: () => undefined, accepted: () => undefined, failed: () => undefined };
          outside.ports.streams.listen(place, ignore);
          send({ type: 'listen.wanted', key: 1 });
        },
      },
    });
  });
});
