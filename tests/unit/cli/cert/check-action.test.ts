import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CertStage, DAY_S, NOW_S } from './cert-stage.js';

async function staged(t: ConstructorParameters<typeof CertStage>[0]) {
  const stage = new CertStage(t);
  const authority = await stage.authority();
  await stage.node('alpha', authority);
  const check = (node: string, ...words: readonly string[]) => {
    const files = ['cert', 'key'].flatMap((name) => [
      `--${name}`,
      stage.path(`alpha.${name === 'cert' ? 'crt' : name}`),
    ]);
    return stage.run('cert', 'check', node, ...files, '--ca', stage.path('ca.crt'), ...words);
  };
  return { stage, authority, check };
}

describe('receptor cert check', () => {
  it('says yes twice when all is well', async (t) => {
    const { check } = await staged(t);

    assert.deepEqual(await check('alpha'), {
      code: 0,
      out: 'alpha as tls-server: yes, it can use them\nalpha as tls-client: yes, it can use them\n',
      err: '',
    });
  });

  it('tells each fault and its cure, and ends with 1', async (t) => {
    const { check } = await staged(t);

    const { code, out } = await check('beta', '--host', 'other');

    assert.equal(code, 1);
    assert.equal(
      out,
      `beta as tls-server: no
beta as tls-client: no
fault: it does not speak for the node "beta": it has only "alpha"
  make one for it: receptor cert request beta; or set skipreceptornamescheck=true
fault (tls-server): it does not speak for the host "other"
  ask for one with --dns NAME or --ip ADDRESS, as other nodes dial this one
`,
    );
  });

  it('looks only at the end that is asked for', async (t) => {
    const { check } = await staged(t);

    assert.equal((await check('alpha', '--host', 'other', '--as', 'client')).code, 0);
    assert.equal((await check('alpha', '--host', 'other', '--as', 'server')).code, 1);
    assert.equal((await check('alpha', '--host', 'other')).code, 1);
  });

  it('answers programs with one object', async (t) => {
    const { stage, authority, check } = await staged(t);
    await stage.node('alpha', authority, { validity: { from: NOW_S - DAY_S, to: NOW_S + DAY_S } });

    const { code, out } = await check('alpha', '-o', 'json');

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      node: 'alpha',
      usable: { 'tls-server': true, 'tls-client': true },
      findings: [
        {
          weight: 'warning',
          roles: ['tls-server', 'tls-client'],
          text: 'it ends in 1 day, at 2026-06-02T00:00:00Z',
          cure: 'sign the request again in time',
        },
      ],
    });
  });

  it('tells all files that cannot be used at once', async (t) => {
    const { stage, check } = await staged(t);
    stage.write('alpha.key', 'x');
    stage.write('ca.crt', stage.read('alpha.key'));

    const { code, out } = await check('alpha');

    assert.equal(code, 1);
    assert.match(
      out,
      /\nfault: alpha\.key: failed to decode PEM block\n {2}.+\nfault: ca\.crt: failed to decode PEM block\n/,
    );
  });

  it('tells that there is no certificate in a file', async (t) => {
    const { stage, check } = await staged(t);
    stage.write('alpha.crt', stage.read('alpha.key'));

    assert.match(
      (await check('alpha')).out,
      /\nfault: there is no certificate in alpha\.crt\n {2}receptor cert show tells/,
    );
  });

  it('warns of a key that others may read', async (t) => {
    const { stage, check } = await staged(t);
    chmodSync(stage.path('alpha.key'), 0o640);

    const { code, out } = await check('alpha');

    assert.equal(code, 0);
    assert.match(out, /\nwarning: others may read alpha\.key\n {2}chmod 600 alpha\.key\n$/);
  });
});
