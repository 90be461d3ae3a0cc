import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entityNamed, entityNames, parameterNamed, SECTIONS } from '../../../../cli/config/schema.js';

/** Every entity of the reference (mesh-protocol 9.3). */
const REFERENCE = [
  ...['node', 'local-only', 'log-level', 'trace', 'version', 'control-service'],
  ...['tcp-listener', 'tcp-peer', 'udp-listener', 'udp-peer', 'ws-listener', 'ws-peer'],
  ...['tls-server', 'tls-client', 'cert-init', 'cert-makereq', 'cert-signreq'],
  ...['tcp-server', 'tcp-client', 'udp-server', 'udp-client', 'unix-socket-server', 'unix-socket-client'],
  ...['command-service', 'ip-router', 'work-command', 'work-kubernetes', 'work-python', 'work-signing'],
  ...['work-verification', 'command-runner'],
];

/** What this version does; the rest is known by name. */
const BUILT = [
  'cert-init',
  'cert-makereq',
  'cert-signreq',
  ...['control-service', 'local-only', 'log-level', 'node', 'tcp-listener', 'tcp-peer', 'tls-client'],
  ...['tls-server', 'trace', 'udp-listener', 'udp-peer', 'version', 'work-command', 'ws-listener', 'ws-peer'],
];

describe('the table of entities', () => {
  const all = SECTIONS.flatMap(({ entities }) => entities);

  it('knows every entity of the reference, and no other', () => {
    assert.deepEqual(all.map(({ name }) => name).sort(), [...REFERENCE].sort());
  });

  it('says which of them are built', () => {
    const built = all.filter(({ isLater }) => isLater !== true).map(({ name }) => name);

    assert.deepEqual(built.sort(), BUILT);
  });

  it('finds an entity by its exact name, a parameter in any case', () => {
    const node = entityNamed('node');

    assert.ok(node !== undefined);
    assert.equal(parameterNamed(node, 'DataDir')?.name, 'datadir');
    assert.equal(entityNamed('Node'), undefined);
  });

  it('hides what is for programs only', () => {
    assert.equal(entityNames().includes('command-runner'), false);
    assert.equal(entityNames().includes('tcp-peer'), true);
  });
});
