import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Firewall } from '../../../../actors/mesh/firewall.js';
import { NameTable } from '../../../../actors/mesh/name-table.js';
import type { FirewallRule } from '../../../../protocol/firewall.js';
import { composeDatagram } from '../../../../protocol/netceptor/datagram.js';
import { FAR, NEAR, nodeId, serviceName } from '../node-parts.js';

/** A firewall with one rule, which rejects one service and counts how often it was looked at. */
class Bench {
  readonly names = new NameTable();
  looks = 0;
  readonly firewall: Firewall;

  constructor() {
    const toService = {
      source: 'secret',
      matches: (text: string): boolean => {
        this.looks += 1;
        return text === 'secret';
      },
    };
    const rules: readonly FirewallRule[] = [{ action: 'reject', fields: { toService } }];
    this.firewall = new Firewall(rules, this.names);
  }

  verdict(toService: string, said: { fromService?: string; hops?: number; payload?: string } = {}): string {
    const { fromService = 'f', hops = 9, payload = '' } = said;
    const ends = { source: this.names.hashOf(NEAR), destination: this.names.hashOf(FAR) };
    const services = { sourceService: serviceName(fromService), destinationService: serviceName(toService) };
    const packet = composeDatagram({ hops, ...ends, ...services }, new TextEncoder().encode(payload));
    return this.firewall.verdictOf(packet, 0);
  }
}

describe('the verdict of a firewall', () => {
  it('is that of the first rule that fits, or accept', () => {
    const at = new Bench();

    assert.deepEqual([at.verdict('secret'), at.verdict('open'), at.verdict('secret')], ['reject', 'accept', 'reject']);
  });

  it('is found once for a flow, whatever its packets carry and how far they may go', () => {
    const at = new Bench();

    for (let hops = 1; hops < 20; hops += 1) {
      at.verdict('secret', { hops, payload: 'x'.repeat(hops) });
      at.verdict('open', { hops });
    }

    assert.equal(at.looks, 2);
  });

  it('looks into the middle of a buffer, at the packet that starts there', () => {
    const at = new Bench();
    const ends = { source: at.names.hashOf(NEAR), destination: at.names.hashOf(FAR) };
    const [open, secret] = ['open', 'secret'].map((service) => {
      const services = { sourceService: serviceName('f'), destinationService: serviceName(service) };
      return composeDatagram({ hops: 3, ...ends, ...services }, new Uint8Array(0));
    });
    assert.ok(open !== undefined && secret !== undefined);
    const bytes = new Uint8Array([...open, ...secret]);

    const verdicts = [0, open.length, 0].map((start) => at.firewall.verdictOf(bytes, start));

    assert.deepEqual(verdicts, ['accept', 'reject', 'accept']);
  });

  it('is remembered for a bounded number of flows, however many a stranger invents', () => {
    const at = new Bench();
    const flows = 10_000;
    for (let flow = 0; flow < flows; flow += 1) {
      at.verdict('open', { fromService: `${flow}` });
    }
    assert.equal(at.looks, flows);
    at.verdict('open', { fromService: '0' });
    assert.equal(at.looks, flows, 'all of them are remembered');

    at.verdict('open', { fromService: 'one more' });
    at.verdict('open', { fromService: '0' });

    assert.equal(at.looks, flows + 2, 'one too many, and it begins anew');
  });

  it('cannot be found for nodes that are not known, until they are', () => {
    const at = new Bench();
    const stranger = nodeId('stranger');
    const hash = new NameTable().hashOf(stranger);
    const services = { sourceService: serviceName('f'), destinationService: serviceName('secret') };
    const ends = [
      { source: hash, destination: at.names.hashOf(FAR) },
      { source: at.names.hashOf(FAR), destination: hash },
    ];
    const packets = ends.map((both) => composeDatagram({ hops: 3, ...both, ...services }, new Uint8Array(0)));
    const verdicts = (): readonly string[] => packets.map((packet) => at.firewall.verdictOf(packet, 0));
    assert.deepEqual(verdicts(), ['nameless', 'nameless']);
    assert.equal(at.looks, 0);

    at.names.learn(stranger);

    assert.deepEqual(verdicts(), ['reject', 'reject']);
  });
});
