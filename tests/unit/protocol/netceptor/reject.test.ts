import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeReject, rejectReason } from '../../../../protocol/netceptor/reject.js';
import { encodeFrame } from '../../../../protocol/netceptor/stream-framing.js';
import { fromHex, jsonMessage, textOf, toHex, wireFixture } from '../../../support/wire-vectors.js';

describe('a reject', () => {
  it('is without a reason the captured one, as a datagram and as a frame', () => {
    const captured = wireFixture<{ udp_datagram_hex: string; tcp_frame_hex: string }>('reject.json');

    assert.equal(toHex(encodeReject()), captured.udp_datagram_hex);
    const frame = encodeFrame(encodeReject());
    assert.equal(frame.ok && toHex(frame.value), captured.tcp_frame_hex);
  });

  it('has bytes of its own each time', () => {
    encodeReject().fill(0);
    assert.equal(toHex(encodeReject()), '035b5d');
  });

  it('carries a reason as the only item of its list', () => {
    const message = encodeReject('we disagree with "b" about <cost>');

    assert.equal(textOf(message), '\x03["we disagree with \\"b\\" about \\u003ccost\\u003e"]');
    assert.equal(rejectReason(message), 'we disagree with "b" about <cost>');
  });

  it('says no reason where there is none, or none that can be read', () => {
    assert.equal(rejectReason(fromHex('035b5d')), undefined);
    assert.equal(rejectReason(fromHex('03')), undefined);
    for (const text of ['null', '{}', '[1]', '[["x"]]', '["x"', 'x', '"x"']) {
      assert.equal(rejectReason(jsonMessage(3, text)), undefined, text);
    }
    assert.equal(rejectReason(jsonMessage(3, '["x",2,{}]')), 'x', 'whatever comes behind it is not read');
  });

  it('is cut at 300 characters, when it is sent and when it is read', () => {
    const long = 'r'.repeat(400);
    assert.equal(rejectReason(encodeReject(long)), 'r'.repeat(300));
    assert.equal(rejectReason(jsonMessage(3, `["${long}"]`)), 'r'.repeat(300));
  });
});
