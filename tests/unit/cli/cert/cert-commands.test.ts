import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkGolden } from '../golden.js';
import { CertStage } from './cert-stage.js';

describe('the commands of cert', () => {
  for (const name of ['init', 'request', 'sign', 'show', 'check']) {
    it(`${name} --help is as it was reviewed, with examples`, async (t) => {
      const { code, out } = await new CertStage(t).run('cert', name, '--help');

      assert.equal(code, 0);
      assert.match(out, /\nExamples:\n {2}\S/);
      checkGolden(`cert-${name}`, out);
    });
  }

  it('have a help of their own', async (t) => {
    const stage = new CertStage(t);

    const { code, out } = await stage.run('cert', '--help');

    assert.equal(code, 0);
    checkGolden('cert', out);
    assert.deepEqual(await stage.run('cert', 'help', 'sign'), await stage.run('help', 'cert', 'sign'));
  });

  const refused = [
    'init',
    'init a b',
    'init mesh --days 0',
    'init mesh --days 36526',
    'init mesh --bits 2047',
    'init mesh --key-type dsa',
    'request',
    'sign',
    'sign a.csr --days x',
    'show',
    'check',
    'check alpha --as both',
    'make',
  ];
  for (const words of refused) {
    it(`are not: ${words}`, async (t) => {
      const { code, err } = await new CertStage(t).run('cert', ...words.split(' '));

      assert.equal(code, 2);
      assert.match(err, /^Error: .+\n {2}\S.+\n$/);
    });
  }

  it('ask no node', async (t) => {
    const stage = new CertStage(t);
    stage.host.environment['RECEPTORCTL_SOCKET'] = undefined;
    await stage.authority();

    assert.equal((await stage.run('cert', 'show', stage.path('ca.crt'))).code, 0);
  });
});
