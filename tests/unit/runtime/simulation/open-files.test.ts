import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiskContent } from '../../../../runtime/simulation/disk-content.js';
import { OpenFiles, type Performer } from '../../../../runtime/simulation/open-files.js';
import type { Station } from '../../../../runtime/simulation/station.js';
import { bytes } from './pretended-stage.js';

const station: Station = { host: 'h', isAlive: true, deliver: (task) => task() };
const atOnce: Performer = async (_station, act) => act();

function opened(): { files: OpenFiles; content: DiskContent } {
  const content = new DiskContent();
  return { files: new OpenFiles(content, atOnce), content };
}

describe('open files', () => {
  it('are known by their paths until they are closed', async () => {
    const { files } = opened();
    const appender = files.appender(station, '/log', () => undefined);
    const reader = files.reader(station, '/log');
    assert.deepEqual(files.paths(), ['file /log', 'file /log']);

    await appender.close();
    assert.deepEqual(files.paths(), ['file /log']);
    await reader.close();
    assert.deepEqual(files.paths(), []);
  });

  it('take a copy of what they are given', async () => {
    const { files, content } = opened();
    const appender = files.appender(station, '/log', () => undefined);
    const given = bytes('abc');
    const appended = appender.append(given);
    given.fill(0);
    await appended;

    assert.deepEqual(content.get('/log').bytes(), bytes('abc'));
    assert.equal(appender.size, 3);
  });

  it('refuse what comes after their close, or after the end of their program', async () => {
    const { files } = opened();
    const appender = files.appender(station, '/log', () => undefined);
    const reader = files.reader(station, '/log');
    files.clear();

    await assert.rejects(appender.append(bytes('x')), { code: 'failed', systemCode: 'EBADF' });
    await assert.rejects(appender.sync(), { code: 'failed' });
    await assert.rejects(reader.readAt(0, new Uint8Array(1)), { code: 'failed' });
  });

  it('cannot be read where there is nothing', () => {
    assert.throws(() => opened().files.reader(station, '/nothing'), { code: 'not-found' });
  });
});
