import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plan, refuses } from './plan-of.js';

async function control(...parameters: readonly string[]) {
  const { node } = await plan('--control-service', ...parameters);
  return node.controlServices?.[0];
}

describe('the plan of a control service', () => {
  it('is on the mesh as control, and nowhere else, where nothing is said', async () => {
    assert.deepEqual(await control(), { service: 'control', sockets: [] });
  });

  it('is on a socket, on TCP, and not on the mesh where it is told so', async () => {
    assert.deepEqual(await control('service=', 'filename=a.sock', 'permissions=0660', 'tcplisten=localhost:0'), {
      sockets: [
        { address: { transport: 'unix', path: 'a.sock' }, mode: 0o660 },
        { address: { transport: 'tcp', host: 'localhost', portNumber: 0 } },
      ],
    });
  });

  it('takes a port alone for all addresses', async () => {
    assert.deepEqual((await control('tcplisten=7'))?.sockets, [
      { address: { transport: 'tcp', host: '0.0.0.0', portNumber: 7 } },
    ]);
  });

  it('takes a path that just fits a socket address', async () => {
    const path = `/${'a'.repeat(106)}`;

    assert.deepEqual((await control(`filename=${path}`))?.sockets?.[0]?.address, { transport: 'unix', path });
  });

  const long = `/${'a'.repeat(107)}`;
  const cases: readonly (readonly [parameter: string, text: string, name: string])[] = [
    ['service=waytoolong', 'error opening Unix socket: service name waytoolong too long', 'service'],
    ['tls=x', 'unknown TLS config x', 'tls'],
    ['tcptls=x', 'unknown TLS config x', 'tcptls'],
    ['permissions=01000', 'permissions 512 are no mode of a file', 'permissions'],
    ['tcplisten=abc', 'error listening on TCP socket: listen tcp: lookup tcp/abc: unknown port', 'tcplisten'],
    ['tcplisten=65536', 'error listening on TCP socket: listen tcp: address 65536: invalid port', 'tcplisten'],
    [
      'tcplisten=a:b:c',
      'error listening on TCP socket: listen tcp: address a:b:c: too many colons in address',
      'tcplisten',
    ],
    [
      `filename=${long}`,
      `error opening Unix socket: could not listen on socket file: listen unix ${long}: bind: invalid argument`,
      'filename',
    ],
  ];
  for (const [parameter, text, name] of cases) {
    it(`refuses ${parameter.slice(0, 30)}`, async () => {
      const args = ['--control-service', ...(name === 'permissions' ? ['filename=a', parameter] : [parameter])];

      await refuses(args, text, `argument ${args.length}, --control-service, ${name}`);
    });
  }

  it('refuses to be nowhere', async () => {
    await refuses(['--control-service', 'service='], 'no listeners specified', 'argument 1, --control-service');
  });
});
