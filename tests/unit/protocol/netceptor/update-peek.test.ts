import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeRouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import { peekRouteUpdate } from '../../../../protocol/netceptor/update-peek.js';
import { capturedFrames, jsonMessage, messageOf, utf8 } from '../../../support/wire-vectors.js';

const UPDATE = '{"NodeID":"b","UpdateID":"8cjmihaj","UpdateEpoch":30118736391759400,"Connections":{}}';

function peek(text: string, kind = 1): ReturnType<typeof peekRouteUpdate> {
  const message = jsonMessage(kind, text);
  return peekRouteUpdate(message, 0, message.length);
}

describe('a peek at a routing update', () => {
  it('reads the two names of every update that was captured from real nodes', () => {
    for (const message of capturedFrames('routing_update.json').map(messageOf)) {
      const decoded = decodeRouteUpdate(message);
      assert.ok(decoded.ok);

      const { nodeId, updateId } = decoded.value;
      assert.deepEqual(peekRouteUpdate(message, 0, message.length), { nodeId, updateId });
    }
  });

  it('reads an update where it lies in a larger buffer', () => {
    const message = jsonMessage(1, UPDATE);
    const bytes = new Uint8Array([1, 2, 3, ...message, 9]);

    assert.deepEqual(peekRouteUpdate(bytes, 3, 3 + message.length), { nodeId: 'b', updateId: '8cjmihaj' });
  });

  it('leaves every other form to the decoder', () => {
    assert.equal(peek(UPDATE, 2), undefined, 'another kind');
    assert.equal(peek('{"UpdateID":"8cjmihaj","NodeID":"b"}'), undefined, 'another order');
    assert.equal(peek('{"nodeid":"b","UpdateID":"8cjmihaj"}'), undefined, 'another spelling');
    assert.equal(peek('{ "NodeID":"b","UpdateID":"8cjmihaj"}'), undefined, 'blanks');
    assert.equal(peek('{"NodeID":"\\u0062","UpdateID":"8cjmihaj"}'), undefined, 'an escape');
    assert.equal(peek('{"NodeID":"bö","UpdateID":"8cjmihaj"}'), undefined, 'a letter outside ASCII');
    assert.equal(peek('{"NodeID":"b","UpdateID":"\\n"}'), undefined, 'an escape in the update id');
    assert.equal(peek('{"NodeID":1,"UpdateID":"8cjmihaj"}'), undefined, 'a number');
  });

  it('gives up on names that are longer than any may be', () => {
    assert.equal(peek(`{"NodeID":"${'n'.repeat(254)}","UpdateID":"x"}`)?.updateId, 'x');
    assert.equal(peek(`{"NodeID":"${'n'.repeat(255)}","UpdateID":"x"}`), undefined);
    assert.equal(peek(`{"NodeID":"b","UpdateID":"${'u'.repeat(64)}"}`)?.nodeId, 'b');
    assert.equal(peek(`{"NodeID":"b","UpdateID":"${'u'.repeat(65)}"}`), undefined);
  });

  it('never reads beyond the end of the message', () => {
    const bytes = new Uint8Array([1, ...utf8(UPDATE)]);
    for (let end = 0; end <= bytes.length; end += 1) {
      const peeked = peekRouteUpdate(bytes, 0, end);
      const isWhole = end >= 1 + '{"NodeID":"b","UpdateID":"8cjmihaj"'.length;
      assert.equal(peeked !== undefined, isWhole, `a message of ${end} bytes`);
    }
  });
});
