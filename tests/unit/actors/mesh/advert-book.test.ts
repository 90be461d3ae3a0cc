import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADVERT_BYTES_MAX, ADVERTS_MAX, AdvertBook } from '../../../../actors/mesh/advert-book.js';
import { FAR, NEAR, nodeId, serviceName } from '../node-parts.js';
import { advertOf } from './adverts.js';

const X = serviceName('x');

describe('an advert book', () => {
  it('keeps the latest of each service of each node', () => {
    const book = new AdvertBook();
    assert.equal(book.accept(advertOf(FAR, 'x', 1)), true);
    assert.equal(book.accept(advertOf(NEAR, 'x', 1)), true);
    assert.equal(book.accept(advertOf(FAR, 'y', 1)), true);
    assert.equal(book.accept(advertOf(FAR, 'x', 2, { connType: 1 })), true);

    assert.equal(book.size, 3);
    const offered = Array.from(book.offered(), ({ nodeId: node, service, connType }) => [node, service, connType]);
    assert.deepEqual(offered, [
      [FAR, 'x', 1],
      [NEAR, 'x', 0],
      [FAR, 'y', 0],
    ]);
    assert.deepEqual(book.timeOf(FAR, X)?.seconds, advertOf(FAR, 'x', 2).time.seconds);
    assert.equal(book.timeOf(FAR, serviceName('z')), undefined);
  });

  it('takes nothing that is not later, to the nanosecond', () => {
    const book = new AdvertBook();
    book.accept(advertOf(FAR, 'x', 5.000000002));

    assert.equal(book.accept(advertOf(FAR, 'x', 5.000000002)), false);
    assert.equal(book.accept(advertOf(FAR, 'x', 5.000000001)), false);
    assert.equal(book.accept(advertOf(FAR, 'x', 5.000000003)), true);
  });

  it('remembers a cancellation, so that an older advert cannot raise the dead', () => {
    const book = new AdvertBook();
    book.accept(advertOf(FAR, 'x', 1));

    assert.equal(book.accept(advertOf(FAR, 'x', 2, { cancel: true })), true);
    assert.equal(book.accept(advertOf(FAR, 'x', 2, { cancel: true })), false, 'what circles in a ring ends here');
    assert.equal(book.accept(advertOf(FAR, 'x', 1)), false);
    assert.deepEqual(Array.from(book.offered()), []);
    assert.deepEqual(Array.from(book.messages()), []);
    assert.equal(book.accept(advertOf(FAR, 'x', 3)), true);
    assert.equal(Array.from(book.offered()).length, 1);
  });

  it('keeps the message as it came, in bytes of its own', () => {
    const book = new AdvertBook();
    const advert = advertOf(FAR, 'x', 1);
    const before = advert.raw.slice();
    book.accept(advert);
    advert.raw.fill(0);

    assert.deepEqual(Array.from(book.messages()), [before]);
  });

  it('makes room for new services by forgetting the oldest tombstones, and else takes no more', () => {
    const book = new AdvertBook();
    for (let at = 0; at < ADVERTS_MAX; at += 1) {
      book.accept(advertOf(nodeId(`n${at}`), 'x', 1, { cancel: at % 50_000 === 7 }));
    }

    assert.equal(book.accept(advertOf(FAR, 'a', 1)), true);
    assert.equal(book.timeOf(nodeId('n7'), X), undefined, 'the oldest tombstone had to go');
    assert.equal(book.accept(advertOf(FAR, 'b', 1)), true);
    assert.equal(book.accept(advertOf(FAR, 'c', 1)), false, 'there is no tombstone left');
    assert.equal(book.accept(advertOf(nodeId('n1'), 'x', 2)), true, 'what is known may still change');
    assert.equal(book.size, ADVERTS_MAX);
  });

  it('holds no more bytes than its limit, however few the services', () => {
    const book = new AdvertBook();
    const large = 60_000;
    let taken = 0;
    for (let at = 0; at < 2 * (ADVERT_BYTES_MAX / large); at += 1) {
      taken += book.accept(advertOf(nodeId(`n${at}`), 'x', 1, { bytes: large })) ? 1 : 0;
    }

    assert.equal(taken, book.size);
    assert.ok(book.bytes <= ADVERT_BYTES_MAX && book.bytes > ADVERT_BYTES_MAX - large);
    assert.equal(book.accept(advertOf(nodeId('n0'), 'x', 2, { cancel: true })), true, 'a cancellation needs no room');
    assert.equal(book.accept(advertOf(FAR, 'x', 1, { bytes: large })), true, 'and gives it back');
  });
});
