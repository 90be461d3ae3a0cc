import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListenHandler } from '../../../../runtime/ports.js';
import { addressText, type Place, Places, targetHost } from '../../../../runtime/simulation/places.js';
import { tcp, udp, unix } from '../../../support/simulated-peer.js';

const nobody: ListenHandler = { opened: () => undefined, accepted: () => undefined, failed: () => undefined };
const place = (host: string, address: Place['address']): Place => ({
  station: { host, isAlive: true, deliver: (task) => task() },
  handler: nobody,
  address,
});

describe('the places of the network', () => {
  it('are one for each host, transport and port or path', () => {
    const places = new Places();

    assert.ok(places.open(place('a', tcp('a', 1))));
    assert.ok(places.open(place('a', udp('a', 1))));
    assert.ok(places.open(place('b', tcp('b', 1))));
    assert.ok(places.open(place('a', unix('/s'))));
    assert.ok(!places.open(place('a', tcp('a', 1))));

    assert.equal(places.size, 4);
    assert.deepEqual(places.of('a'), ['listener tcp a:1', 'listener udp a:1', 'listener unix /s']);
  });

  it('are found by name, by the loopback names, and by path on the own host', () => {
    const places = new Places();
    const listening = place('a', tcp('a', 1));
    const local = place('a', unix('/s'));
    places.open(listening);
    places.open(local);

    assert.equal(places.find('b', tcp('a', 1)), listening);
    assert.equal(places.find('a', tcp('localhost', 1)), listening);
    assert.equal(places.find('b', tcp('localhost', 1)), undefined);
    assert.equal(places.find('a', unix('/s')), local);
    assert.equal(places.find('b', unix('/s')), undefined);
    assert.equal(targetHost('a', unix('/s')), 'a');
    assert.equal(addressText(tcp('a', 1)), 'a:1');
  });

  it('are closed one by one or all of a host, but never for somebody else', () => {
    const places = new Places();
    const old = place('a', tcp('a', 1));
    places.open(old);
    places.close(old);
    const next = place('a', tcp('a', 1));
    places.open(next);
    places.open(place('b', tcp('b', 1)));

    places.close(old);
    assert.ok(places.isOpen(next));
    places.closeAll('a');

    assert.deepEqual([places.isOpen(next), places.size], [false, 1]);
  });
});
