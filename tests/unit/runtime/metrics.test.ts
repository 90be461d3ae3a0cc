import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metrics, OTHER_SUBJECTS } from '../../../runtime/metrics.js';
import { RESTART_OR_ESCALATE } from '../../../runtime/supervisor.js';
import { ManualHost } from '../../support/manual-host.js';
import { ProbeStage, probe } from '../../support/probe-actor.js';
import { message } from '../../support/sample-actors.js';

function measured() {
  const host = new ManualHost();
  const system = host.system();
  const metrics = new Metrics(system.hub);
  const root = system.start(probe({ supervision: RESTART_OR_ESCALATE }), {}, { stage: new ProbeStage() });
  const tell = (type: string, fields = {}) => {
    system.send(root, message(type, fields));
    host.advance(60_000);
  };
  return { system, metrics, tell };
}

describe('metrics', () => {
  it('count failures, restarts and dead letters by what they are about', () => {
    const { metrics, tell } = measured();

    tell('probe.throw', { where: 'guard' });
    tell('probe.throw', { where: 'effect' });
    tell('unknown');

    assert.equal(metrics.total('failure', 'Error'), 2);
    assert.equal(metrics.total('supervision', 'restart'), 2);
    assert.equal(metrics.total('supervision', 'raised'), 3);
    assert.equal(metrics.total('dead-letter', 'unknown'), 1);
    assert.equal(metrics.total('dead-letter'), 1);
    assert.equal(metrics.total('topic'), 0);
    assert.deepEqual(metrics.counts()[0], { kind: 'supervision', subject: 'raised', count: 3 });
  });

  it('do not make the node watched', () => {
    const { system, metrics } = measured();

    assert.equal(system.hub.isWatched, false);
    assert.equal(system.hub.readers, 1);
    metrics.end();

    assert.equal(system.hub.readers, 0);
  });

  it('count subjects beyond their limit together', () => {
    const { metrics, tell } = measured();

    for (let name = 0; name < 600; name += 1) {
      tell(`unknown-${name}`);
    }
    tell('unknown-0');

    assert.equal(metrics.total('dead-letter'), 601);
    assert.equal(metrics.total('dead-letter', 'unknown-0'), 2);
    assert.equal(metrics.total('dead-letter', OTHER_SUBJECTS), 600 - 512);
  });
});
