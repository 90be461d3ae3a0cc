import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressBytes, isInNetwork, isLoopback } from '../../../../cli/config/ip-address.js';

describe('an IP address', () => {
  it('is read as its bytes', () => {
    assert.deepEqual(addressBytes('127.0.0.1'), [127, 0, 0, 1]);
    assert.deepEqual(addressBytes('::1'), [...new Array(15).fill(0), 1]);
    assert.deepEqual(addressBytes('2001:db8::ff:1.2.3.4')?.slice(0, 4), [0x20, 0x01, 0x0d, 0xb8]);
    assert.deepEqual(addressBytes('::ffff:1.2.3.4'), [1, 2, 3, 4], 'IPv4 in the clothes of IPv6');
  });

  it('is one exactly where Node says so', () => {
    const part = fc.oneof(
      fc.nat(300).map(String),
      fc.nat(0x1ffff).map((value) => value.toString(16)),
      fc.constantFrom('', '::', '00', '1.2.3.4'),
    );
    const text = fc
      .tuple(fc.array(part, { maxLength: 9 }), fc.constantFrom('.', ':'))
      .map(([parts, dot]) => parts.join(dot));
    const plain = fc.oneof(text, fc.ipV4(), fc.ipV6());
    fc.assert(fc.property(plain, (one) => assert.equal(addressBytes(one) !== undefined, isIP(one) !== 0, one)));
  });

  it('is in a network exactly where Node says so', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (address, network, prefix) => {
        const list = new BlockList();
        list.addSubnet(network, prefix, 'ipv4');
        assert.equal(isInNetwork(addressBytes(address) ?? [], network, prefix), list.check(address, 'ipv4'));
      }),
    );
    assert.equal(isInNetwork(addressBytes('fd00::5') ?? [], 'fd00::', 9), true);
    assert.equal(isInNetwork(addressBytes('fd80::5') ?? [], 'fd00::', 9), false);
    assert.equal(isInNetwork(addressBytes('1.2.3.4') ?? [], '::', 0), false);
    assert.equal(isInNetwork(addressBytes('1.2.3.4') ?? [], '1.2.3.4', 33), false);
    assert.equal(isInNetwork(addressBytes('1.2.3.4') ?? [], 'a.b', 0), false);
  });

  it('is this machine', () => {
    const own = ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'];
    const others = ['128.0.0.1', '0.0.0.0', '::', '::2', 'fe80::1'];

    assert.deepEqual(
      own.filter((text) => isLoopback(addressBytes(text) ?? [])),
      own,
    );
    assert.deepEqual(
      others.filter((text) => isLoopback(addressBytes(text) ?? [])),
      [],
    );
  });
});
