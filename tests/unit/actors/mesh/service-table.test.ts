import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ServiceHandler, ServiceTable } from '../../../../actors/mesh/service-table.js';
import { composeDatagram } from '../../../../protocol/netceptor/datagram.js';
import type { Unreachable } from '../../../../protocol/netceptor/unreachable.js';
import { FAR, HERE, serviceName } from '../node-parts.js';

const silent: ServiceHandler = { packet: () => undefined };

function packetFor(service: string): Uint8Array {
  const word = { hi: 1, lo: 2 };
  const ends = { source: word, destination: word, sourceService: serviceName('from') };
  return composeDatagram({ hops: 3, ...ends, destinationService: serviceName(service) }, new Uint8Array(0));
}

function notice(fromService: string): Unreachable {
  return { fromNode: HERE, toNode: FAR, fromService, toService: 'x', problem: 'service unknown' };
}

describe('a service table', () => {
  it('finds who is bound to the service of a packet', () => {
    const table = new ServiceTable();
    table.bind(serviceName('control'), silent);

    assert.equal(table.handlerOf(packetFor('control'), 0), silent);
    assert.equal(table.handlerOf(packetFor('contro'), 0), undefined);
    assert.equal(table.handlerOf(packetFor('control2'), 0), undefined);
    assert.equal(table.isBound(serviceName('control')), true);
    assert.equal(table.isBound(serviceName('other')), false);
  });

  it('gives a name to one only, until it is freed', () => {
    const table = new ServiceTable();
    const free = table.bind(serviceName('x'), silent);

    assert.equal(table.bind(serviceName('x'), { packet: () => undefined }), undefined);
    free?.();
    assert.equal(table.size, 0);
    assert.notEqual(table.bind(serviceName('x'), silent), undefined);
  });

  it('frees a name only for the one that held it', () => {
    const table = new ServiceTable();
    const free = table.bind(serviceName('x'), silent);
    free?.();
    const next: ServiceHandler = { packet: () => undefined };
    table.bind(serviceName('x'), next);

    free?.();

    assert.equal(table.handlerOf(packetFor('x'), 0), next);
  });

  it('tells the service that sent a packet that it did not arrive', () => {
    const table = new ServiceTable();
    const told: unknown[] = [];
    table.bind(serviceName('sender'), {
      packet: () => undefined,
      unreachable: (what, reporter) => told.push([what.problem, reporter]),
    });
    table.bind(serviceName('deaf'), silent);

    table.tellUnreachable(notice('sender'), FAR);
    table.tellUnreachable(notice('deaf'), FAR);
    table.tellUnreachable(notice('nobody'), FAR);
    table.tellUnreachable(notice('much too long a name'), FAR);
    table.tellUnreachable(notice(''), FAR);

    assert.deepEqual(told, [['service unknown', FAR]]);
  });
});
