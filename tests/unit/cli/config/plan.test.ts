import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { planOf } from '../../../../cli/config/plan.js';
import { plan, refuses } from './plan-of.js';

describe('the plan of a node', () => {
  it('is what the items say', async () => {
    const { node, logLevel, hasBackends } = await plan(
      ...['--node', 'id=a', 'datadir=/data', '--log-level', 'Debug', '--tcp-listener', '0', '--tcp-peer', 'b:1'],
      ...['--control-service', 'filename=/run/a.sock', '--work-command', 'worktype=cat', 'command=cat'],
    );

    assert.deepEqual(node, {
      id: 'a',
      dataDir: '/data',
      tlsServers: [],
      tlsClients: [],
      firewall: [],
      listeners: [{ address: { transport: 'tcp', host: '0.0.0.0', portNumber: 0 }, cost: 1 }],
      peers: [
        { address: { transport: 'tcp', host: 'b', portNumber: 1 }, way: { security: 'none' }, cost: 1, redial: true },
      ],
      controlServices: [
        { service: 'control', sockets: [{ address: { transport: 'unix', path: '/run/a.sock' }, mode: 0o600 }] },
      ],
      workCommands: [{ workType: 'cat', command: 'cat', params: '', allowRuntimeParams: false }],
    });
    assert.equal(logLevel, 'debug');
    assert.equal(hasBackends, true);
  });

  it('logs at info without a log-level, at error with an empty one', async () => {
    assert.equal((await plan('--local-only')).logLevel, 'info');
    assert.equal((await plan('--local-only', '--log-level')).logLevel, 'error');
  });

  it('has nothing to do without links and without local-only', async () => {
    assert.equal((await plan('--node', 'id=a', '--control-service')).hasBackends, false);
    assert.equal((await plan('--local-only')).hasBackends, true);
    assert.equal((await plan('--tcp-peer', 'b:1')).hasBackends, true);
  });

  it('knows the item behind each part that may fail to start', async () => {
    const { parts } = await plan(
      '--tcp-listener',
      '1',
      '--control-service',
      'service=x',
      '--tcp-listener',
      '2',
      '--tcp-peer',
      'b:1',
    );

    assert.deepEqual(
      [...parts].map(([name, item]) => `${name} ${item.at}`),
      ['listener-1 argument 1', 'listener-2 argument 5', 'dialer-1 argument 7', 'control-1 argument 3'],
    );
  });

  it('warns that trace has no effect', async () => {
    assert.deepEqual((await plan('--local-only', '--trace')).warnings, ['trace has no effect (at argument 2)']);
  });

  it('refuses a level that is none, and what is there twice', async () => {
    await refuses(['--log-level', 'loud'], 'loud is not a valid log level name', 'argument 2, --log-level, level');
    await refuses(
      ['--control-service', 'service=a', '--control-service', 'service=a'],
      'error opening Unix socket: service a is already listening',
      'argument 4, --control-service, service',
    );
    await refuses(
      ['--work-command', 'worktype=a', 'command=b', '--work-command', 'worktype=a', 'command=c'],
      'work type a already registered',
      'argument 5, --work-command, worktype',
    );
  });

  it('needs an id where the host name is no name', () => {
    assert.throws(() => planOf({ items: [], warnings: [] }, 'localhost.localdomain'), ConfigError);
  });
});
