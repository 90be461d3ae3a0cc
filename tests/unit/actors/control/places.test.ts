import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ControlPlace, placesOf } from '../../../../actors/control/places.js';
import type { ListenOptions, Session } from '../../../../runtime/ports.js';
import { ManualHost } from '../../../support/manual-host.js';
import { serviceName } from '../node-parts.js';
import { serverProfile } from '../security/profiles.js';
import { ControlParts } from './control-parts.js';

const UNIX = { transport: 'unix', path: '/run/control.sock' } as const;
const TCP = { transport: 'tcp', host: '0.0.0.0', portNumber: 4_242 } as const;
const service = serviceName('control');

function opened(place: ControlPlace): { readonly parts: ControlParts; readonly news: unknown[]; close(): void } {
  const parts = new ControlParts(new ManualHost());
  const news: unknown[] = [];
  const close = place.open(parts as unknown as Parameters<ControlPlace['open']>[0], {
    opened: () => news.push('opened'),
    accepted: (session: Session) => news.push(session.local),
    failed: (fault) => news.push(fault),
    refused: (address, remote, fault) => news.push([address, remote, fault.text]),
  });
  return { parts, news, close: () => close(() => news.push('closed')) };
}

describe('the places of a control service', () => {
  it('are its sockets, then its service on the mesh', () => {
    const places = placesOf({ service, sockets: [{ address: UNIX, mode: 0o600 }, { address: TCP }] });
    assert.deepEqual(
      places.map(({ label, address }) => [label, address]),
      [
        ['unix', UNIX],
        ['tcp', TCP],
        ['control', undefined],
      ],
    );
    assert.deepEqual(placesOf({ service: undefined, sockets: [] }), []);
  });

  it('ask for signatures everywhere but on a Unix socket', () => {
    const places = placesOf({ service, sockets: [{ address: UNIX }, { address: TCP }] });
    assert.deepEqual(
      places.map(({ origin }) => origin),
      ['unix', 'network', 'network'],
    );
  });

  it('open a socket with its mode, and tell who comes', () => {
    const [place] = placesOf({ service: undefined, sockets: [{ address: UNIX, mode: 0o660 }] });
    assert.ok(place !== undefined);
    const { parts, news, close } = opened(place);
    const { sessions } = parts;
    assert.deepEqual(
      sessions.listens.map(({ address, options }) => [address, options]),
      [[UNIX, { mode: 0o660 }]],
    );
    sessions.opened();
    const client = sessions.arrive();
    sessions.broken();
    close();
    const fault = { code: 'EADDRINUSE', text: 'address already in use' };
    assert.deepEqual(news, ['opened', client.local, fault, 'closed']);
  });

  it('secure a TCP port by the profile of a name as it is when somebody comes, and tell who is refused', () => {
    const [place] = placesOf({ service: undefined, sockets: [{ address: TCP, tls: 's' }] });
    assert.ok(place !== undefined);
    const { parts, news } = opened(place);
    const [listen] = parts.sessions.listens;
    const options: ListenOptions = listen?.options ?? {};
    const profile = serverProfile();
    parts.security.replace({ servers: new Map([['s', profile]]), clients: new Map() });

    assert.equal(options.secure?.(), profile);
    listen?.handler.refused?.('1.2.3.4:5', { code: 'untrusted', text: 'no certificate' });

    assert.deepEqual(news, [[TCP, '1.2.3.4:5', 'no certificate']]);
  });

  it('take secured streams in on the mesh, and say so in the advertisement', () => {
    const [place] = placesOf({ service, tls: 's', sockets: [] });
    assert.ok(place !== undefined);
    const { parts } = opened(place);

    const listens: readonly unknown[] = parts.streams.outside.listens.map(({ address }) => address);
    const tags = { type: 'Control Service' };
    assert.deepEqual(listens, [{ service, connType: 2, tags, advertise: true, tls: 's' }]);
  });

  it('advertise the service on the mesh by the tag that clients look for', () => {
    const [place] = placesOf({ service, sockets: [] });
    assert.ok(place !== undefined);
    const { parts, news, close } = opened(place);
    const { outside } = parts.streams;
    const tags = { type: 'Control Service' };
    assert.deepEqual(
      outside.listens.map(({ address }) => address as unknown),
      [{ service, connType: 1, tags, advertise: true }],
    );
    outside.opened();
    const client = outside.arrive();
    close();
    assert.deepEqual(news, ['opened', client.local, 'closed']);
  });
});
