import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../../cli/config/config-error.js';
import type { ConfigItem } from '../../../../cli/config/config-item.js';
import { loadConfig } from '../../../../cli/config/load.js';
import { type ProxyEnvironment, type ProxyTarget, proxyOf } from '../../../../cli/config/proxy-plan.js';
import { Secret } from '../../../../runtime/secret.js';

const TARGET: ProxyTarget = { host: 'mesh.example.org', portNumber: 443, scheme: 'wss' };
const HTTPS = { HTTPS_PROXY: 'http://out:3128' };
const OUT = { host: 'out', portNumber: 3_128 };

async function peer(...parameters: readonly string[]): Promise<ConfigItem> {
  const { items } = await loadConfig(['--ws-peer', 'wss://mesh.example.org', ...parameters]);
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
}

async function found(environment: ProxyEnvironment, target: Partial<ProxyTarget> = {}, own?: string) {
  const item = await peer(...(own === undefined ? [] : [`proxy=${own}`]));
  return proxyOf(item, { ...TARGET, ...target }, environment);
}

async function refused(own: string | undefined, environment: ProxyEnvironment = {}): Promise<string> {
  try {
    await found(environment, {}, own);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

describe('the proxy of a peer', () => {
  it('is what the peer says, whatever the environment says', async () => {
    assert.deepEqual(await found(HTTPS, {}, 'http://own:8080'), { host: 'own', portNumber: 8_080 });
    assert.deepEqual(await found({}, { scheme: 'tcp' }, 'http://own/'), { host: 'own', portNumber: 80 });
    assert.deepEqual(await found({}, {}, 'http://[fd00::1]:99'), { host: 'fd00::1', portNumber: 99 });
    assert.equal(await found(HTTPS, {}, 'none'), undefined);
  });

  it('is that of the environment for its scheme, and for WebSockets alone', async () => {
    const environment = { ...HTTPS, HTTP_PROXY: 'plain:1' };

    assert.deepEqual(await found(environment), OUT);
    assert.deepEqual(await found(environment, { scheme: 'ws' }), { host: 'plain', portNumber: 1 });
    assert.equal(await found(environment, { scheme: 'tcp' }), undefined);
    assert.equal(await found({ HTTP_PROXY: 'plain:1' }), undefined);
    assert.equal(await found({}), undefined);
  });

  it('is taken from the lower-case variable where the upper-case one says nothing', async () => {
    assert.deepEqual(await found({ https_proxy: 'out:3128' }), OUT);
    assert.deepEqual(await found({ HTTPS_PROXY: '', https_proxy: 'out:3128' }), OUT);
    assert.deepEqual(await found({ HTTPS_PROXY: 'out:3128', https_proxy: 'other:1' }), OUT);
  });

  it('has credentials that nobody sees', async () => {
    const proxy = await found({}, {}, 'http://us%40er:p%3Ass@w%rd@out:3128');

    assert.deepEqual(proxy, { ...OUT, credentials: new Secret('') });
    assert.equal(proxy?.credentials?.reveal(), 'us%40er:p%3Ass@w%rd', 'a percent sign that begins no escape');
    assert.equal((await found({}, {}, 'http://u:p%40ss@out'))?.credentials?.reveal(), 'u:p@ss');
    assert.equal(JSON.stringify(proxy).includes('us'), false);
  });

  it('is not asked for this machine, nor for what NO_PROXY names', async () => {
    const exempt: readonly (readonly [list: string, target: Partial<ProxyTarget>])[] = [
      ['', { host: 'localhost' }],
      ['', { host: '127.1.2.3' }],
      ['', { host: '::1' }],
      ['*', {}],
      ['example.org', {}],
      ['other, Example.ORG ', { host: 'MESH.example.org.' }],
      ['mesh.example.org', {}],
      ['.example.org', {}],
      ['*.example.org', {}],
      ['mesh.example.org:443', {}],
      ['10.0.0.0/8', { host: '10.9.8.7' }],
      ['10.9.8.7', { host: '10.9.8.7' }],
      ['10.9.8.7:443', { host: '10.9.8.7' }],
      ['fd00::/8', { host: 'fd12::1' }],
      ['[fd12:0::1]:443', { host: 'fd12::1' }],
      ['fd12:0::1', { host: 'fd12::1' }],
    ];
    const asked: readonly (readonly [list: string, target: Partial<ProxyTarget>])[] = [
      ['', {}],
      ['ample.org', {}],
      ['.mesh.example.org', {}],
      ['mesh.example.org:80', {}],
      ['10.0.0.0/8', { host: '11.0.0.1' }],
      ['10.0.0.0/8', { host: '10.example.org' }],
      ['10.0.0.0/99', { host: '10.0.0.1' }],
      ['9.8.7.6', { host: '10.9.8.7.6' }],
      ['[::', { host: 'fd12::1' }],
      ['* ,', { host: 'x', scheme: 'tcp' }],
    ];

    for (const [list, target] of exempt) {
      assert.equal(await found({ ...HTTPS, NO_PROXY: list }, target), undefined, list);
    }
    for (const [list, target] of asked.slice(0, -1)) {
      assert.deepEqual(await found({ ...HTTPS, no_proxy: list }, target), OUT, list);
    }
  });

  it('is refused where it is none, without showing a password', async () => {
    const own = [
      'out:3128',
      'http://',
      'http://:80',
      'http://out:0',
      'http://out:99999',
      'http://u:secret@',
      'ftp://out',
    ];
    for (const text of own) {
      const line = await refused(text);
      assert.match(line, /^Error: proxy: its? .*\(at argument 3, --ws-peer, proxy; write it as http:/, text);
      assert.equal(line.includes('secret'), false);
    }
    assert.match(await refused('socks5://out:1'), /^Error: proxy: only http:\/\/ proxies are supported/);
    assert.match(await refused('https://u:secret@out'), /^Error: proxy: only http:\/\/ proxies are supported/);
    assert.match(
      await refused(undefined, { HTTPS_PROXY: 'socks5://u:secret@out' }),
      /^Error: HTTPS_PROXY of the environment: only http/,
    );
    assert.match(await refused('http://a b:1'), /it is no URL of a proxy/);
  });
});
