import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../cli/config/config-error.js';
import { securityOf } from '../../../cli/start-security.js';
import { FileError, type FilePort } from '../../../runtime/file-port.js';
import { MeshAuthority } from '../../support/mesh-certificates.js';
import { plan } from './config/plan-of.js';

const AUTHORITY = new MeshAuthority();
const PAIR = AUTHORITY.sign({ nodeIds: ['machine'] });

/** A disk with these files. */
function diskOf(texts: Readonly<Record<string, string>>): FilePort {
  const reader: Pick<FilePort, 'read'> = {
    read: (path) => {
      const text = texts[path];
      return text === undefined
        ? Promise.reject(new FileError('not-found', path, 'no such file'))
        : Promise.resolve(new TextEncoder().encode(text));
    },
  };
  return reader as FilePort; // nothing else is asked of it
}

const DISK = diskOf({ '/cert': PAIR.certificatePem, '/key': PAIR.keyPem, '/cas': AUTHORITY.certificatePem });
const SERVER = ['--tls-server', 'name=s', 'cert=/cert', 'key=/key'];
const CLIENT = ['--tls-client', 'name=c', 'cert=/cert', 'key=/key'];

async function line(...args: readonly string[]): Promise<string> {
  try {
    await securityOf(await plan('--local-only', ...args), DISK);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

describe('the security of a daemon', () => {
  it('is not thought of where no TLS is configured', async () => {
    assert.equal(await securityOf(await plan('--local-only'), diskOf({})), undefined);
  });

  it('has a profile for each configuration', async () => {
    const security = await securityOf(await plan('--local-only', ...SERVER, ...CLIENT, 'rootcas=/cas'), DISK);

    assert.equal(security?.server('s').clients, 'anybody');
    assert.equal(security?.client('c').authorities?.length, 1);
  });

  it('is one line with place and cure where a file is not good', async () => {
    assert.equal(
      await line(...CLIENT, 'rootcas=/gone'),
      'Error: error preparing tls client config: open /gone: no such file or directory ' +
        '(at argument 6, --tls-client, rootcas; give a file with the certificates of the authorities, in PEM)',
    );
    assert.match(
      await line('--node', 'id=other', ...SERVER),
      /^Error: error preparing tls server config: nodeID=other not found in certificate name\(s\); names found=\[machine\]; cfg section=s; server cert=\/cert \(at argument 6, --tls-server, cert; receptor cert show FILE/,
    );
    assert.match(
      await line('--tls-server', 'name=s', 'cert=/cert', 'key=/cas'),
      /: \/cas: private key: .* \(at argument 5, --tls-server, key; give the private key/,
    );
  });

  it('names the one of two configurations with one name that is at fault', async () => {
    const wrong = ['--tls-server', 'name=s', 'cert=/gone', 'key=/key'];

    assert.match(await line(...CLIENT, ...wrong, ...SERVER), /\(at argument 8, --tls-server, cert;/);
    assert.match(await line(...CLIENT, ...SERVER, ...wrong), /\(at argument 12, --tls-server, cert;/);
  });

  it('does not call a mistake of ours a fault of the configuration', async () => {
    const broken: Pick<FilePort, 'read'> = { read: () => Promise.resolve(undefined as never) };

    const outcome = securityOf(await plan('--local-only', ...SERVER), broken as FilePort);

    await assert.rejects(outcome, (thrown) => thrown instanceof Error);
  });
});
