import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootAddress } from '../../../runtime/address.js';
import { failureFrom } from '../../../runtime/errors.js';
import { failureDetail, InspectionHub, type InspectionRecord, type RecordKind } from '../../../runtime/inspection.js';

const record = (kind: RecordKind, subject = 'x'): InspectionRecord => ({
  atMs: 1,
  address: rootAddress('a'),
  kind,
  subject,
  detail: {},
});

describe('the hub', () => {
  it('tells the news to every reader, and shows steps only to those who want everything', () => {
    const hub = new InspectionHub();
    const news: string[] = [];
    const everything: string[] = [];
    hub.read('news', ({ kind }) => news.push(kind));
    hub.read('everything', ({ kind }) => everything.push(kind));

    hub.tell(record('failure'));
    hub.show(record('step'));

    assert.deepEqual(news, ['failure']);
    assert.deepEqual(everything, ['failure', 'step']);
  });

  it('is watched only while somebody wants everything', () => {
    const hub = new InspectionHub();
    hub.read('news', () => undefined);
    assert.equal(hub.isWatched, false);

    const detach = hub.read('everything', () => undefined);
    assert.equal(hub.isWatched, true);
    detach();
    detach();

    assert.equal(hub.isWatched, false);
    assert.equal(hub.readers, 1);
  });

  it('knows the same function twice when it came twice', () => {
    const hub = new InspectionHub();
    let heard = 0;
    const reader = (): void => {
      heard += 1;
    };
    const detach = hub.read('news', reader);
    hub.read('news', reader);
    detach();

    hub.tell(record('topic'));

    assert.equal(heard, 1);
  });

  it('removes a reader that throws, and tells the others of it once', () => {
    const hub = new InspectionHub();
    const told: string[] = [];
    hub.read('news', () => {
      throw { toString: () => assert.fail('has no text') };
    });
    hub.read('news', ({ kind, subject }) => told.push(`${kind} ${subject}`));

    hub.tell(record('topic', 'first'));
    hub.tell(record('topic', 'second'));

    assert.deepEqual(told.sort(), ['failure reader-removed', 'topic first', 'topic second']);
    assert.equal(hub.readers, 1);
  });
});

describe('the detail of a failure', () => {
  it('is plain data', () => {
    const detail = failureDetail(failureFrom(new TypeError('no', { cause: 'because' })));

    assert.equal(detail['code'], 'TypeError');
    assert.equal(detail['text'], 'no');
    assert.deepEqual(detail['causes'], ['because']);
    assert.deepEqual(JSON.parse(JSON.stringify(detail)), detail);
  });
});
