import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootCertificates } from 'node:tls';
import { profilesOf } from '../../../actors/node-profiles.js';
import type { FilePort } from '../../../runtime/file-port.js';
import { MeshAuthority } from '../../support/mesh-certificates.js';
import { HERE } from './node-parts.js';

const PAIR = new MeshAuthority().sign({ nodeIds: [HERE] });
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['cert', PAIR.certificatePem],
  ['key', PAIR.keyPem],
]);
const NAMED = { cert: 'cert', key: 'key' };

const reader: Pick<FilePort, 'read'> = {
  read: (path) => Promise.resolve(new TextEncoder().encode(TEXTS.get(path))),
};
const files = reader as FilePort; // nothing else is asked of it

describe('the profiles of the options of a node', () => {
  it('are those of all TLS configurations, for its own id', async () => {
    const options = {
      id: HERE,
      tlsServers: [{ ...NAMED, name: 's' }],
      tlsClients: [{ ...NAMED, name: 'c' }],
    };

    const { servers, clients } = await profilesOf(options, files);

    assert.deepEqual(Array.from(servers.keys()), ['s']);
    assert.deepEqual(Array.from(clients.keys()), ['c']);
    assert.equal(clients.get('c')?.authorities?.length, rootCertificates.length, 'those that Node comes with');
  });

  it('are none where there is no TLS configuration', async () => {
    const { servers, clients } = await profilesOf({ id: HERE }, files);

    assert.equal(servers.size + clients.size, 0);
  });
});
