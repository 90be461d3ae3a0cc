import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { NO_PROFILES, SecurityProfiles } from '../../../../actors/security/security-profiles.js';
import { clientProfile, serverProfile } from './profiles.js';

const unknown = (thrown: unknown): boolean =>
  thrown instanceof MeshError && thrown.code === 'invalid-configuration' && thrown.message === 'unknown TLS config x';

describe('the TLS profiles of a node', () => {
  it('are found by their names, those to listen with apart from those to dial with', () => {
    const [server, client] = [serverProfile(), clientProfile()];
    const profiles = new SecurityProfiles({ servers: new Map([['a', server]]), clients: new Map([['a', client]]) });

    assert.equal(profiles.server('a'), server);
    assert.equal(profiles.client('a'), client);
    assert.equal(profiles.findServer('a'), server);
    assert.equal(profiles.findClient('a'), client);
  });

  it('say which name nobody has defined', () => {
    const profiles = new SecurityProfiles();

    assert.throws(() => profiles.server('x'), unknown);
    assert.throws(() => profiles.client('x'), unknown);
    assert.equal(profiles.findServer('x'), undefined);
    assert.equal(profiles.findClient('x'), undefined);
    assert.equal(profiles.all, NO_PROFILES);
  });

  it('are replaced all at once', () => {
    const profiles = new SecurityProfiles({ servers: new Map([['a', serverProfile()]]), clients: new Map() });
    const later = { servers: new Map([['b', serverProfile()]]), clients: new Map() };

    profiles.replace(later);

    assert.equal(profiles.findServer('a'), undefined);
    assert.equal(profiles.server('b'), later.servers.get('b'));
    assert.equal(profiles.all, later);
  });
});
