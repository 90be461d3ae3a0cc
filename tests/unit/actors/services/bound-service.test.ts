import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { bindService } from '../../../../actors/services/bound-service.js';
import { ManualHost } from '../../../support/manual-host.js';
import { NodeParts, serviceName } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';

const X = serviceName('x');
const silent = { packet: () => undefined };

describe('a bound service', () => {
  it('is bound as long as the life that bound it', () => {
    const { forwarder } = new NodeParts(new ManualHost());
    const self = new RecordingSelf();
    bindService(forwarder, self.face, X, silent);
    assert.equal(forwarder.services.isBound(X), true);

    self.close();
    assert.equal(forwarder.services.isBound(X), false);
  });

  it('can be freed before', () => {
    const { forwarder } = new NodeParts(new ManualHost());
    bindService(forwarder, new RecordingSelf().face, X, silent).close();
    assert.equal(forwarder.services.isBound(X), false);
  });

  it('is refused, in the words of the reference, when the name is in use', () => {
    const { forwarder } = new NodeParts(new ManualHost());
    const self = new RecordingSelf();
    bindService(forwarder, self.face, X, silent);

    assert.throws(
      () => bindService(forwarder, self.face, X, silent),
      (thrown) =>
        thrown instanceof MeshError &&
        thrown.code === 'service-in-use' &&
        thrown.message === 'service x is already listening',
    );
  });
});
