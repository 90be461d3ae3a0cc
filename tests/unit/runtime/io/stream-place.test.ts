import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StreamPlace } from '../../../../runtime/io/stream-place.js';
import { until } from './real-stage.js';

function stage() {
  const news: string[] = [];
  const place = new StreamPlace(
    {
      opened: ({ address }) => void news.push(`opened ${address.transport}`),
      accepted: () => void news.push('accepted'),
      failed: ({ code }) => void news.push(`failed ${code}`),
    },
    () => ({ transport: 'unix', path: 'somewhere' }),
  );
  place.release = () => void news.push('released');
  return { place, news, isOpen: () => place.server.listening };
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };

describe('a place of streams', () => {
  it('tells where it is once it listens', async () => {
    const { place, news } = stage();
    place.server.listen(LOOPBACK);
    await until(() => news.length > 0);

    assert.deepEqual([news, place.isWanted], [['opened unix'], true]);
    place.close(() => undefined);
  });

  it('is released and closed at once, and then says so', async () => {
    const { place, news, isOpen } = stage();
    place.server.listen(LOOPBACK);
    await until(() => news.length > 0);
    place.close(() => void news.push('done'));

    assert.deepEqual([news, place.isWanted, isOpen()], [['opened unix', 'released', 'done'], false, false]);
  });

  it('that is given up before it listens is never told of, nor stays open', async () => {
    const { place, news, isOpen } = stage();
    const { place: next, news: heard } = stage();
    place.server.listen({ ...LOOPBACK, host: 'localhost' });
    place.close(() => undefined);
    next.server.listen({ ...LOOPBACK, host: 'localhost' });
    await until(() => heard.length > 0);

    assert.deepEqual([news, isOpen()], [['released'], false]);
    next.close(() => undefined);
  });

  it('tells its first error, and is released; the next one is of no interest', () => {
    const { place, news } = stage();
    place.server.emit('error', Object.assign(new Error('taken'), { code: 'EADDRINUSE' }));
    place.server.emit('error', Object.assign(new Error('again'), { code: 'EIO' }));

    assert.deepEqual([news, place.isWanted], [['released', 'failed EADDRINUSE'], false]);
  });
});
