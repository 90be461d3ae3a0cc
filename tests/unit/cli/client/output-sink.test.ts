import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientContext } from '../../../../cli/client/context.js';
import { openSink } from '../../../../cli/client/output-sink.js';
import { FileError } from '../../../../runtime/file-port.js';
import { ScriptedNode } from '../scripted-node.js';
import { FakeHost, FakeWriter } from './fake-host.js';

function stage() {
  const host = new FakeHost(new ScriptedNode(() => undefined));
  return { host, context: new ClientContext(host, { output: 'table', timeout: 1 }) };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('where output goes', () => {
  it('is standard output', async () => {
    const { host, context } = stage();
    const sink = await openSink(context, undefined, 0);

    await sink.write(bytes('abc'));
    await sink.close();

    assert.equal(host.stdout.text, 'abc');
  });

  it('is a file, made anew', async () => {
    const { host, context } = stage();
    host.files.set('out', Object.assign(new FakeWriter(), { bytes: Buffer.from('old') }));
    const sink = await openSink(context, 'out', 0);

    await sink.write(bytes('new'));

    assert.equal(host.files.get('out')?.text, 'new');
    assert.equal(host.stdout.text, '');
  });

  it('is a file that goes on where it ended', async () => {
    const { host, context } = stage();
    host.files.set('out', Object.assign(new FakeWriter(), { bytes: Buffer.from('abc') }));

    const sink = await openSink(context, 'out', 3);
    await sink.write(bytes('def'));

    assert.equal(host.files.get('out')?.text, 'abcdef');
  });

  it('is no file that would get a gap, or bytes twice', async () => {
    const { host, context } = stage();
    host.files.set('out', Object.assign(new FakeWriter(), { bytes: Buffer.from('abc') }));

    await assert.rejects(openSink(context, 'out', 2), /out has 3 bytes and cannot be continued at byte 2/);
  });

  it('is no file that cannot be written', async () => {
    const { host, context } = stage();
    host.openOutput = (path) => Promise.reject(new FileError('denied', path, 'permission denied'));

    await assert.rejects(openSink(context, 'out', 0), /out cannot be written: permission denied/);
  });

  it('shows its progress beside a file, and not in the middle of a terminal', async () => {
    const { host, context } = stage();
    host.stderr.isTerminal = true;
    const toFile = await openSink(context, 'out', 0);
    host.clock.moveTo(5_000);
    toFile.expect(10);
    await toFile.write(bytes('abcde'));
    assert.match(host.stderr.text, /Receiving 5 B {2}of 10 B \(50 %\)/);
    await toFile.close();

    host.stdout.isTerminal = true;
    host.stderr.bytes = Buffer.alloc(0);
    const toTerminal = await openSink(context, undefined, 0);
    host.clock.moveTo(10_000);
    await toTerminal.write(bytes('abcde'));

    assert.equal(host.stderr.text, '');
  });
});
