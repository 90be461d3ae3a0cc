import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { dialOptions, PLAIN_WAY } from '../../../../actors/mesh/dial-way.js';
import { SecurityProfiles } from '../../../../actors/security/security-profiles.js';
import { Secret } from '../../../../runtime/secret.js';
import { PLAIN_CLIENT } from '../../../../runtime/security/profile.js';
import { clientProfile } from '../security/profiles.js';

describe('the way of a dial', () => {
  it('is not secured and has no detour where nothing is said', () => {
    assert.deepEqual(dialOptions(PLAIN_WAY, new SecurityProfiles()), {});
  });

  it('is secured by the authorities of the machine', () => {
    assert.deepEqual(dialOptions({ security: 'system' }, new SecurityProfiles()), { secure: PLAIN_CLIENT });
  });

  it('is secured by the profile of a name as it is at that moment', () => {
    const [earlier, later] = [clientProfile(), clientProfile()];
    const profiles = new SecurityProfiles({ servers: new Map(), clients: new Map([['c', earlier]]) });
    assert.equal(dialOptions({ security: { tls: 'c' } }, profiles).secure, earlier);

    profiles.replace({ servers: new Map(), clients: new Map([['c', later]]) });

    assert.equal(dialOptions({ security: { tls: 'c' } }, profiles).secure, later);
  });

  it('is none where nobody has defined the name', () => {
    assert.throws(
      () => dialOptions({ security: { tls: 'x' } }, new SecurityProfiles()),
      (thrown) => thrown instanceof MeshError && thrown.code === 'invalid-configuration',
    );
  });

  it('has a proxy and headers', () => {
    const proxy = { host: 'proxy', portNumber: 3_128, credentials: new Secret('user:word') };
    const headers = new Secret([['X-Token', 'secret']] as const);

    assert.deepEqual(dialOptions({ security: 'none', proxy, headers }, new SecurityProfiles()), { proxy, headers });
  });
});
