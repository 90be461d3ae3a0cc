import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { streamListenerActor } from '../../../../actors/streams/stream-listener.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { NodeParts, serviceName } from '../node-parts.js';
import { OwnStreams } from './own-streams.js';

const driver = new MachineDriver(streamListenerActor);
const opened = { type: 'listen.opened' };

after(() => driver.atLeast(1));

describe('the machine of a stream listener', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(streamListenerActor);
  });

  it('listens, and raises a stream for each arrival', () => {
    const machine = driver.start({ key: 5 });
    assert.deepEqual(machine.wishes, [{ type: 'listen', key: 5 }]);
    machine.send(opened);
    assert.deepEqual(machine.send({ type: 'stream.arrived', key: 8 }), [{ type: 'raise-stream', key: 8 }]);
    assert.equal(machine.state, 'open');
  });

  it('ends when it cannot listen, is not wanted any more, or is stopped', () => {
    driver.start({ key: 5 }).send({ type: 'listen.failed' });
    for (const before of [[], [opened]]) {
      for (const type of ['listen.unwanted', 'stop']) {
        const machine = driver.start({ key: 5 });
        machine.sendAll(before);
        machine.send({ type });
        assert.equal(machine.isDone, true);
      }
    }
  });
});

describe('a stream listener', () => {
  it('binds its service, tells the mesh if it is to, and takes both back', () => {
    const stage = new OwnStreams();
    stage.listen('quiet');
    assert.deepEqual(stage.directory.types, []);
    const close = stage.listen('loud', true);
    const service = { service: 'loud', connType: 1, tags: { type: 'x' } };
    assert.deepEqual(stage.directory.last('service.opened')['service'], service);
    assert.deepEqual(stage.news, ['listening', 'listening']);

    let isFree = false;
    close(() => {
      isFree = true;
    });
    stage.host.advance(10_000);
    assert.equal(isFree, true);
    assert.equal(stage.directory.last('service.closed')['service'], 'loud');
    const { services } = stage.parts.forwarder;
    assert.deepEqual([services.isBound(serviceName('quiet')), services.isBound(serviceName('loud'))], [true, false]);
  });

  it('tells who listens that the name is in use', () => {
    const stage = new OwnStreams();
    stage.listen();
    stage.listen();

    assert.deepEqual(stage.news, ['listening', 'listen failed service-in-use']);
    assert.equal(stage.parts.streamKit.pool.counts.listeners, 1);
    assert.deepEqual(stage.alarms, []);
  });

  it('may be closed more than once', () => {
    const stage = new OwnStreams();
    const close = stage.listen();
    let freed = 0;
    for (let time = 0; time < 3; time += 1) {
      close(() => {
        freed += 1;
      });
      stage.host.advance(10_000);
    }
    assert.equal(freed, 3);
    assert.deepEqual(stage.alarms, []);
  });

  it('tells the mesh that its service is gone, however it ends', () => {
    const stage = new OwnStreams();
    stage.listen('loud', true);
    stage.stop(stage.actor);
    stage.host.advance(10_000);

    assert.deepEqual(stage.directory.types, ['service.opened', 'service.closed']);
    assert.deepEqual(stage.news, ['listening', 'listen failed stopped'], 'and whoever listens may try again');
  });

  it('fails as an actor, and leaves nothing open, whatever throws', async () => {
    const listen = { place: { service: serviceName('svc'), connType: 1, tags: {}, advertise: true } };
    const ignore = { opened: () => undefined, accepted: () => undefined, failed: () => undefined };
    const effects: typeof streamListenerActor.effects = (ports, self) => ({
      ...streamListenerActor.effects(ports, self),
      listen: () => undefined,
    });
    const outside = (host: ConstructorParameters<typeof NodeParts>[0]) => {
      const ports = new NodeParts(host);
      ports.streams.listen(listen.place, ignore);
      return { ports, leftOpen: () => ports.leftOpen() };
    };
    await assertFaultsAreFailures({
      definition: streamListenerActor,
      outside,
      input: () => ({ key: 1 }),
      scripts: { open: () => undefined },
      waived: ['opening'],
    });
    await assertFaultsAreFailures({
      definition: { ...streamListenerActor, effects },
      outside,
      input: () => ({ key: 1 }),
      scripts: { opening: () => undefined },
      waived: ['open'],
    });
  });
});
