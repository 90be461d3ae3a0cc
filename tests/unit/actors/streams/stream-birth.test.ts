import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type StreamBirth, StreamNursery } from '../../../../actors/streams/stream-birth.js';

function birth(): StreamBirth {
  return {
    role: 'dialler',
    names: { local: 'here:x', remote: 'there:y' },
    user: { opened: () => undefined, failed: () => undefined },
    giveUp: undefined,
    begin: () => ({ code: 'x', text: 'x' }),
    refusalOf: () => undefined,
    end: () => undefined,
  };
}

describe('a nursery', () => {
  it('gives each birth to the one who has its key, once', () => {
    const nursery = new StreamNursery();
    const [one, other] = [birth(), birth()];
    const [first, second] = [nursery.add(one), nursery.add(other)];

    assert.notEqual(first, second);
    assert.equal(nursery.take(second), other);
    assert.equal(nursery.take(second), undefined);
    assert.equal(nursery.take(first), one);
    assert.equal(nursery.size, 0);
  });

  it('drops a birth that nobody will take', () => {
    const nursery = new StreamNursery();
    const [one, other] = [birth(), birth()];
    const key = nursery.add(one);
    nursery.add(other);
    nursery.drop(one);
    nursery.drop(birth());

    assert.equal(nursery.take(key), undefined);
    assert.equal(nursery.size, 1);
  });
});
