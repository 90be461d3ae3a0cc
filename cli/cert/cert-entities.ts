// The reference's commands: `--cert-init`, `--cert-makereq`, `--cert-signreq` (mesh-protocol 7).
import { resolve } from 'node:path';
import { parseGoTime } from '../../protocol/go-time.js';
import type { Clock } from '../../runtime/clock.js';
import type { FilePort } from '../../runtime/file-port.js';
import type { ConfigItem } from '../config/config-item.js';
import type { TextOutput } from '../log/log-writer.js';
import { askYes } from './ask-yes.js';
import { CertError } from './cert-error.js';
import { CertFiles, type NamedFile, type Overwriting } from './cert-files.js';
import { demandCommonName, demandSignable, loadAuthority, makeAuthority, signRequest } from './cert-making.js';
import { secondsOfMs, type Validity, yearsLater } from './cert-time.js';
import type { NewCertificate } from './certificate.js';
import { keyPem, newKey, RSA_BITS_DEFAULT } from './keys.js';
import { pemText } from './pem.js';
import { makeRequest } from './request.js';
import { requestSummary } from './request-summary.js';

const AUTHORITY_YEARS = 10;
const NODE_YEARS = 1;

export interface CertEntityHost {
  readonly files: FilePort;
  readonly clock: Clock;
  readonly output: TextOutput;
  /** Standard input, for the question before something is signed. */
  readonly input: AsyncIterable<Uint8Array>;
}

/** Does what the entity asks for; rejects with a `ConfigError` that names the parameter at fault. */
export async function runCertEntity(item: ConfigItem, host: CertEntityHost): Promise<void> {
  const run = COMMANDS[item.entity.name];
  try {
    await run?.(item, host);
  } catch (thrown) {
    throw thrown instanceof CertError ? item.error(thrown.message, cureOf(thrown), thrown.parameter) : thrown;
  }
}

const COMMANDS: Readonly<Record<string, (item: ConfigItem, host: CertEntityHost) => Promise<void>>> = {
  'cert-init': initAuthority,
  'cert-makereq': makeNodeRequest,
  'cert-signreq': signNodeRequest,
};

function cureOf({ code, cure }: CertError): string {
  return code === 'file-taken' ? cure.replace('; or force,', '; or force=true,') : cure;
}

async function initAuthority(item: ConfigItem, { files, clock }: CertEntityHost): Promise<void> {
  const what = newCertificate(item, clock, AUTHORITY_YEARS);
  const bits = item.number('bits');
  demandCommonName(item.text('commonname'));
  const overwriting = overwritingOf(item, 'never');
  const outKey = { ...named(item, 'outkey'), overwriting };
  const outCert = { ...named(item, 'outcert'), overwriting };
  const outputs = new CertFiles(files);
  await outputs.demandRoom([outKey, outCert]);
  const key = await newKey({ kind: 'rsa', bits: bits === 0 ? RSA_BITS_DEFAULT : bits });
  const certificate = makeAuthority(item.text('commonname'), key, what);
  await outputs.write([
    { ...outKey, text: keyPem(key) },
    { ...outCert, text: pemText('CERTIFICATE', certificate.raw) },
  ]);
}

async function makeNodeRequest(item: ConfigItem, host: CertEntityHost): Promise<void> {
  demandOneKey(item);
  const files = new CertFiles(host.files);
  const commonName = item.text('commonname');
  demandCommonName(commonName);
  const inKey = named(item, 'inkey');
  const isNew = inKey.path === '';
  const outReq = { ...named(item, 'outreq'), overwriting: overwritingOf(item, 'unless-key') };
  const outKey = { ...named(item, 'outkey'), overwriting: overwritingOf(item, 'never') };
  await files.demandRoom(isNew ? [outKey, outReq] : [outReq]);
  const key = isNew ? await newKey({ kind: 'rsa', bits: item.number('bits') }) : await files.privateKey(inKey);
  const names = {
    dns: item.texts('dnsname') ?? [],
    addresses: item.texts('ipaddress') ?? [],
    nodeIds: item.texts('nodeid') ?? [],
  };
  const request = pemText('CERTIFICATE REQUEST', makeRequest({ commonName, names }, key));
  const requested = { ...outReq, text: request };
  await files.write(isNew ? [{ ...outKey, text: keyPem(key) }, requested] : [requested]);
}

function demandOneKey(item: ConfigItem): void {
  const [isOld, isNew] = [item.text('inkey') !== '', item.text('outkey') !== ''];
  const hasBits = item.number('bits') !== 0;
  if (!isOld && !isNew) {
    throw options('must provide either InKey or OutKey', 'outkey=FILE makes a new key', 'outkey');
  }
  if (isOld && isNew) {
    throw options('cannot use both InKey and OutKey', 'leave one of them out', 'inkey');
  }
  if (isOld && hasBits) {
    throw options('cannot specify key bits when reading an already-existing key', 'leave bits out', 'bits');
  }
  if (isNew && !hasBits) {
    throw options('must specify key bits when creating a new key', `for example bits=${RSA_BITS_DEFAULT}`, 'bits');
  }
}

function options(text: string, cure: string, parameter: string): CertError {
  return new CertError('options-wrong', text, { cure, parameter });
}

async function signNodeRequest(item: ConfigItem, host: CertEntityHost): Promise<void> {
  const { clock, output, input } = host;
  const files = new CertFiles(host.files);
  const what = newCertificate(item, clock, NODE_YEARS);
  const outCert = named(item, 'outcert');
  const inputs = ['cacert', 'cakey', 'req'].map((parameter) => named(item, parameter));
  const same = inputs.find(({ path }) => resolve(path) === resolve(outCert.path));
  if (same !== undefined) {
    throw options(`outcert is the same file as ${same.parameter}`, 'give it a file of its own', 'outcert');
  }
  const authority = await loadAuthority(files, named(item, 'cacert'), named(item, 'cakey'));
  const request = await files.request(named(item, 'req'));
  demandSignable(request, named(item, 'req'));
  if (!item.truth('verify')) {
    output.write(`${requestSummary(request)}Sign certificate (yes/no)? `);
    await askYes(input);
  }
  const certificate = signRequest(request, authority, what);
  const overwriting = overwritingOf(item, 'unless-key');
  await files.write([{ ...outCert, text: pemText('CERTIFICATE', certificate.raw), overwriting }]);
}

function named(item: ConfigItem, parameter: string): NamedFile {
  return { path: item.text(parameter), parameter };
}

function overwritingOf(item: ConfigItem, plain: Overwriting): Overwriting {
  return item.truth('force') ? 'always' : plain;
}

/** As the reference numbers them: by the second in which they are made. */
function newCertificate(item: ConfigItem, clock: Clock, years: number): NewCertificate {
  const now = secondsOfMs(clock.wallMs());
  const validity: Validity = {
    from: timeOf(item, 'notbefore') ?? now,
    to: timeOf(item, 'notafter') ?? yearsLater(now, years),
  };
  return { serial: Buffer.from(now.toString(16).padStart(16, '0'), 'hex'), validity };
}

function timeOf(item: ConfigItem, parameter: string): number | undefined {
  const text = item.text(parameter);
  if (text === '') {
    return undefined;
  }
  const parsed = parseGoTime(text);
  if (!parsed.ok) {
    throw new CertError('time-invalid', `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse it`, {
      cure: 'write it as 2030-12-31T23:59:59Z',
      parameter,
    });
  }
  return parsed.value.seconds;
}
