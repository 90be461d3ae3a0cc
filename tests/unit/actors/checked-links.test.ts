import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demandAddress, demandTlsName } from '../../../actors/checked-links.js';
import { MeshError } from '../../../actors/errors.js';

const message = (look: () => void): string => {
  try {
    look();
  } catch (thrown) {
    assert.ok(thrown instanceof MeshError);
    return thrown.message;
  }
  return 'taken';
};

// What is refused, field by field, stands in the test of the checked options.
describe('the check of a link', () => {
  it('says which transports there may be', () => {
    const address = { transport: 'tcp', host: 'a', portNumber: 1 } as const;

    assert.equal(
      message(() => demandAddress('x', address, { least: 1, transports: ['tcp'] })),
      'taken',
    );
    assert.equal(
      message(() => demandAddress('x', address, { least: 1, transports: ['unix'] })),
      'x.transport: unix is expected',
    );
    assert.equal(
      message(() => demandAddress('x', address, { least: 1, transports: ['udp', 'ws', 'unix'] })),
      'x.transport: udp, ws or unix is expected',
    );
  });

  it('says which TLS configurations there are, and where there is no TLS', () => {
    const known = new Set(['a', 'b']);

    assert.equal(
      message(() => demandTlsName('x', 'b', { known, on: 'mesh' })),
      'taken',
    );
    assert.equal(
      message(() => demandTlsName('x', undefined, { known, on: 'udp' })),
      'taken',
    );
    assert.equal(
      message(() => demandTlsName('x', 'c', { known, on: 'tcp' })),
      'x: one of a, b is expected',
    );
    assert.equal(
      message(() => demandTlsName('x', 'c', { known: new Set(), on: 'ws' })),
      'x: no TLS configuration is given',
    );
    assert.equal(
      message(() => demandTlsName('x', 'a', { known, on: 'udp' })),
      'x: there is no TLS over udp',
    );
  });
});
