import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CertError, type CertErrorCode } from '../../../../cli/cert/cert-error.js';
import { CertFiles } from '../../../../cli/cert/cert-files.js';
import { keyPem, newKey } from '../../../../cli/cert/keys.js';
import { systemFiles } from '../../../../runtime/io/files.js';
import { CertStage } from './cert-stage.js';

const files = new CertFiles(systemFiles);

async function refused(work: Promise<unknown>, code: CertErrorCode, text: RegExp): Promise<void> {
  await assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof CertError, String(thrown));
    assert.deepEqual([thrown.code, thrown.parameter], [code, 'x']);
    assert.match(thrown.message, text);
    return true;
  });
}

describe('files of certificates', () => {
  it('are read as what they hold', async (t) => {
    const stage = new CertStage(t);
    const { certificate } = await stage.authority();

    const read = await files.certificate({ path: stage.path('ca.crt'), parameter: 'x' });

    assert.ok(read.raw.equals(certificate.raw));
    assert.equal((await files.privateKey({ path: stage.path('ca.key'), parameter: 'x' })).type, 'private');
  });

  it('are refused where they hold something else, in the words of the reference', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();
    const [cert, key] = ['ca.crt', 'ca.key'].map((name) => ({ path: stage.path(name), parameter: 'x' }));
    assert.ok(cert !== undefined && key !== undefined);

    await refused(files.certificate(key), 'file-content', /^certificate file does not contain certificate data$/);
    await refused(files.request(cert), 'file-content', /^certificate request file does not contain certificate req/);
    await refused(files.privateKey(cert), 'file-content', /^private key file does not contain private key data$/);
  });

  it('are refused where they hold more than one item, cannot be read, or are not there', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();
    const twice = { path: stage.write('twice', stage.read('ca.crt').repeat(2)), parameter: 'x' };
    const empty = { path: stage.write('empty', ''), parameter: 'x' };
    mkdirSync(stage.path('folder'));

    await refused(files.certificate(twice), 'file-content', /^certificate file should contain exactly one item$/);
    assert.equal((await files.items(twice)).length, 2);
    await refused(files.items(empty), 'file-content', /empty: failed to decode PEM block$/);
    await refused(
      files.items({ path: stage.path('no'), parameter: 'x' }),
      'file-missing',
      /^open .*no such file or dir/,
    );
    await refused(files.items({ path: stage.path('folder'), parameter: 'x' }), 'file-refused', /folder/);
  });

  it('are written for their owner alone', async (t) => {
    const stage = new CertStage(t);
    const output = { path: stage.path('a'), parameter: 'x', text: 'text' };

    await files.write([{ ...output, overwriting: 'never' }]);
    await files.write([{ ...output, path: stage.path('b'), overwriting: 'unless-key' }]);

    assert.deepEqual([stage.read('a'), stage.mode('a'), stage.mode('b')], ['text', 0o600, 0o600]);
  });

  it('stay as they are where they must not be overwritten, and nothing else is written either', async (t) => {
    const stage = new CertStage(t);
    const first = { path: stage.path('first'), parameter: 'x', text: 'new', overwriting: 'never' as const };
    const second = { path: stage.write('second', 'old'), parameter: 'x', text: 'new' };

    await refused(files.write([first, { ...second, overwriting: 'never' }]), 'file-taken', /second exists and is not/);

    assert.equal(stage.read('second'), 'old');
    assert.throws(() => stage.read('first'));
  });

  it('stay as they are also when they appear after they were looked for', async (t) => {
    const stage = new CertStage(t);
    const blind = new CertFiles({ ...systemFiles, sizeOf: () => Promise.resolve(undefined) });
    const output = { path: stage.write('a', 'old'), parameter: 'x', text: 'new', overwriting: 'never' as const };

    await refused(blind.write([output]), 'file-taken', /a exists and is not overwritten$/);

    assert.equal(stage.read('a'), 'old');
  });

  it('make room for others, unless they hold a key', async (t) => {
    const stage = new CertStage(t);
    const output = { path: stage.write('a', 'old'), parameter: 'x', text: 'new' };

    await files.write([{ ...output, overwriting: 'unless-key' }]);
    assert.equal(stage.read('a'), 'new');
    const key = keyPem(await newKey({ kind: 'ec' }));
    stage.write('a', `words\n${key}`);
    await refused(files.write([{ ...output, overwriting: 'unless-key' }]), 'file-taken', /holds a private key/);
    assert.equal(stage.read('a'), `words\n${key}`);
    await files.write([{ ...output, overwriting: 'always' }]);
    assert.equal(stage.read('a'), 'new');
    assert.equal(stage.mode('a'), 0o600);
  });

  it('that others could read are for their owner alone once they are made anew', async (t) => {
    const stage = new CertStage(t);
    const output = { path: stage.write('a', 'old'), parameter: 'x', text: 'new', overwriting: 'always' as const };
    chmodSync(output.path, 0o644);

    await files.write([output]);

    assert.equal(stage.mode('a'), 0o600);
  });

  it('are not given twice, by whatever name', async (t) => {
    const stage = new CertStage(t);
    const output = { parameter: 'x', text: '', overwriting: 'always' as const };
    const twice = [
      { ...output, path: stage.path('a') },
      { ...output, path: `${stage.path('b')}/../a` },
    ];

    await refused(files.write(twice), 'file-taken', /is given twice$/);
  });

  it('are refused where their folder is not there', async (t) => {
    const stage = new CertStage(t);
    const output = { path: stage.path('no/a'), parameter: 'x', text: '', overwriting: 'never' as const };

    await refused(files.write([output]), 'file-missing', /no such file or directory/);
  });
});
