import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesContract } from '../../../contract/files.js';
import { bytes, portsOf, pretendedStage, text } from './pretended-stage.js';

filesContract('files of a pretended host', async () => {
  const stage = pretendedStage();
  await stage.wait(stage.ports.files.makeFolder('/root'));
  return { ...stage, files: stage.ports.files, root: '/root', dispose: async () => undefined };
});

describe('a pretended disk', () => {
  it('keeps everything when only the program dies', async () => {
    const { host, ports, wait } = pretendedStage();
    await wait(ports.files.makeFolder('/data'));
    const file = await wait(ports.files.openAppend('/data/log'));
    await wait(file.append(bytes('not synced')));

    host.crash();
    const again = portsOf(host);

    assert.equal(text(await wait(again.files.read('/data/log', 100))), 'not synced');
  });

  it('loses what was not synced when the power is cut, and nothing else', async () => {
    const { host, ports, wait } = pretendedStage();
    const { files } = ports;
    await wait(files.makeFolder('/data'));
    await wait(files.replace('/data/status', bytes('replaced')));
    await wait(files.create('/data/record', bytes('created')));
    const synced = await wait(files.openAppend('/data/synced'));
    await wait(synced.append(bytes('safe ')));
    await wait(synced.sync());
    await wait(synced.append(bytes('lost')));
    const never = await wait(files.openAppend('/data/never'));
    await wait(never.append(bytes('lost')));

    host.crash({ isSilent: true });
    const again = portsOf(host).files;

    assert.equal(text(await wait(again.read('/data/status', 100))), 'replaced');
    assert.equal(text(await wait(again.read('/data/record', 100))), 'created');
    assert.equal(text(await wait(again.read('/data/synced', 100))), 'safe ');
    assert.equal(await wait(again.sizeOf('/data/never')), undefined);
  });

  it('does nothing for a program that has died before the act', async () => {
    const { world, host, ports, wait } = pretendedStage();
    await wait(ports.files.makeFolder('/data'));
    let isSettled = false;
    ports.files.replace('/data/status', bytes('late')).finally(() => {
      isSettled = true;
    });

    host.crash();
    await world.advance(1_000);

    assert.equal(isSettled, false);
    assert.deepEqual(host.disk.content.paths(), []);
  });

  it('fails where the test wishes it', async () => {
    const { host, ports, wait } = pretendedStage();
    const { files } = ports;
    await wait(files.makeFolder('/data'));
    const file = await wait(files.openAppend('/data/log'));
    host.disk.fault = (act, path) => (act === 'append' || path.endsWith('status') ? 'full' : undefined);

    await assert.rejects(wait(file.append(bytes('x'))), { code: 'full', path: '/data/log' });
    await assert.rejects(wait(files.replace('/data/status', bytes('x'))), { code: 'full' });
    await wait(files.create('/data/other', bytes('x')));
    assert.equal(file.size, 0);
  });

  it('tells of changes late, and only by its slow poll when news are lost', async () => {
    const { world, host, ports, wait } = pretendedStage();
    await wait(ports.files.makeFolder('/data'));
    const calls: number[] = [];
    const watch = ports.files.watch('/data', () => calls.push(world.nowMs));
    const startMs = world.nowMs;
    await wait(ports.files.create('/data/one', bytes('x')));
    await world.advance(10);
    assert.equal(calls.length, 1);

    host.disk.losesNews = true;
    await wait(ports.files.create('/data/two', bytes('x')));
    await world.advance(1_000);
    assert.equal(calls.length, 1);
    await world.advance(1_500);
    assert.equal(calls.length, 2);
    assert.ok((calls[1] ?? 0) - startMs >= 2_000);
    watch.close();
  });

  it('knows what a program has left open, until it is closed or dies', async () => {
    const { host, ports, wait } = pretendedStage();
    await wait(ports.files.makeFolder('/data'));
    const file = await wait(ports.files.openAppend('/data/log'));
    const reader = await wait(ports.files.openRead('/data/log'));
    const watch = ports.files.watch('/data', () => undefined);
    assert.deepEqual(host.disk.leftOpen, ['file /data/log', 'file /data/log', 'watch /data']);
    assert.ok(host.leftOpen().includes('watch /data'));

    watch.close();
    await wait(file.close());
    await wait(reader.close());
    assert.deepEqual(host.disk.leftOpen, []);

    await wait(ports.files.openAppend('/data/log'));
    host.crash();
    assert.deepEqual(host.disk.leftOpen, []);
  });
});
