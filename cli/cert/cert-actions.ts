// `receptor cert init | request | sign`: the same files as the reference's commands make, with defaults that need no
// thought.
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { parseConfiguredNodeId } from '../../protocol/names.js';
import { usageError } from '../client/client-error.js';
import type { ClientContext } from '../client/context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { askYes } from './ask-yes.js';
import { CertError } from './cert-error.js';
import { CertFiles, type NamedFile, type Overwriting } from './cert-files.js';
import {
  demandCommonName,
  demandInTime,
  demandSignable,
  loadAuthority,
  makeAuthority,
  signRequest,
} from './cert-making.js';
import { SECONDS_PER_DAY, secondsOfMs, timeText, type Validity } from './cert-time.js';
import { certificateFacts, type NewCertificate } from './certificate.js';
import { type KeyKind, keyPem, keyText, newKey } from './keys.js';
import { pemText } from './pem.js';
import { type CertificateRequest, makeRequest } from './request.js';
import { requestSummary } from './request-summary.js';

/** Clocks of a mesh differ: a new certificate is good at once on a machine that is a little behind. */
const BACKDATED_S = 300;
/** Bytes of the number of a certificate: two authorities of one name never give the same one. */
const SERIAL_BYTES = 16;

export interface KeyChoice {
  readonly kind: KeyKind;
  readonly bits: number | undefined;
}

export interface InitOptions {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly newKey: KeyChoice;
  readonly days: number;
  readonly overwriting: Overwriting;
}

export async function initAuthority(context: ClientContext, options: InitOptions): Promise<ExitCode> {
  const { name, overwriting } = options;
  demandCommonName(name);
  const files = filesOf(context);
  const outputs = [file(options.key, '--key'), file(options.cert, '--cert')];
  await files.demandRoom(outputs.map((output) => ({ ...output, overwriting })));
  const key = await newKey(options.newKey);
  const certificate = makeAuthority(name, key, newCertificate(context, options.days));
  const texts = [keyPem(key), pemText('CERTIFICATE', certificate.raw)];
  await files.write(outputs.map((output, at) => ({ ...output, text: texts[at] ?? '', overwriting })));
  const { subject, validity } = certificateFacts(certificate);
  const made = { certificate: options.cert, key: options.key, subject, validTo: timeText(validity.to) };
  await context.print(
    context.wantsJson
      ? `${JSON.stringify(made)}\n`
      : `The authority ${subject} is made, with a key of ${keyText(key)}, until ${made.validTo}.\n` +
          `  ${options.cert}: give it to every node\n  ${options.key}: keep it secret, it makes nodes\n`,
  );
  return EXIT.ok;
}

export interface RequestOptions {
  readonly nodes: readonly string[];
  readonly dns: readonly string[];
  readonly addresses: readonly string[];
  readonly newKey: KeyChoice;
  /** A key that is there already, instead of a new one. */
  readonly useKey: string | undefined;
  /** The folder that the files go into. */
  readonly folder: string;
  readonly overwriting: Overwriting;
}

/** For each node its key and its request, under its name. */
export async function requestCertificates(context: ClientContext, options: RequestOptions): Promise<ExitCode> {
  const { nodes, useKey } = options;
  nodes.forEach(demandNodeId);
  if (useKey !== undefined && nodes.length > 1) {
    throw usageError('one key for several nodes', 'give each node a key of its own, or ask for one after the other');
  }
  const files = filesOf(context);
  const old = useKey === undefined ? undefined : await files.privateKey(file(useKey, '--use-key'));
  for (const node of nodes) {
    await files.demandRoom(requestFiles(node, options));
  }
  for (const node of nodes) {
    await requestOne(context, node, { ...options, old });
  }
  return EXIT.ok;
}

function requestFiles(node: string, { folder, useKey, overwriting }: RequestOptions) {
  const key = { ...file(join(folder, `${node}.key`), '--dir'), overwriting };
  const plain: Overwriting = overwriting === 'always' ? 'always' : 'unless-key';
  const request = { ...file(join(folder, `${node}.csr`), '--dir'), overwriting: plain };
  return useKey === undefined ? [key, request] : [request];
}

interface OneRequest extends RequestOptions {
  readonly old: KeyObject | undefined;
}

async function requestOne(context: ClientContext, node: string, options: OneRequest): Promise<void> {
  const { dns, addresses, old } = options;
  const key = old ?? (await newKey(options.newKey));
  const names = { dns, addresses, nodeIds: [node] };
  const request = pemText('CERTIFICATE REQUEST', makeRequest({ commonName: node, names }, key));
  const texts = old === undefined ? [keyPem(key), request] : [request];
  const outputs = requestFiles(node, options);
  await filesOf(context).write(outputs.map((output, at) => ({ ...output, text: texts[at] ?? '' })));
  const made = { node, request: outputs.at(-1)?.path ?? '', key: options.useKey ?? outputs[0]?.path ?? '' };
  await context.print(
    context.wantsJson
      ? `${JSON.stringify(made)}\n`
      : `${node}: ${made.request} is to be signed; ${made.key} stays with the node (${keyText(key)}).\n`,
  );
}

/** What the file of the entity says of an id counts here, too: a node could not be started with another one. */
function demandNodeId(text: string): void {
  const parsed = parseConfiguredNodeId(text);
  if (!parsed.ok) {
    throw usageError(`no node can be called "${text}"`, parsed.fault.detail);
  }
}

export interface SignOptions {
  readonly requests: readonly string[];
  readonly ca: string;
  readonly caKey: string;
  /** Only for a single request. */
  readonly cert: string | undefined;
  readonly days: number;
  readonly asking: 'ask' | 'do-not-ask';
}

export async function signRequests(context: ClientContext, options: SignOptions): Promise<ExitCode> {
  if (options.cert !== undefined && options.requests.length > 1) {
    throw usageError(
      'one certificate file for several requests',
      'leave out --cert: each gets the name of its request',
    );
  }
  const files = filesOf(context);
  const ca = file(options.ca, '--ca');
  const authority = await loadAuthority(files, ca, file(options.caKey, '--ca-key'));
  const what = newCertificate(context, options.days);
  demandInTime(authority, secondsOfMs(context.host.outside.clock.wallMs()), ca);
  const requests: (readonly [string, CertificateRequest])[] = [];
  for (const path of options.requests) {
    const request = await files.request(file(path, 'request'));
    demandSignable(request, file(path, 'request'));
    requests.push([path, request]);
  }
  const outputs = requests.map(([path]) => certFile(path, options));
  await files.demandRoom(outputs);
  if (options.asking === 'ask') {
    await askToSign(
      context,
      requests.map(([, request]) => request),
    );
  }
  const validity = await within(context, certificateFacts(authority.certificate).validity, what.validity);
  for (const [at, [path, request]] of requests.entries()) {
    const certificate = signRequest(request, authority, { serial: newSerial(context), validity });
    const output = outputs[at] ?? certFile(path, options);
    await files.write([{ ...output, text: pemText('CERTIFICATE', certificate.raw) }]);
    const made = { request: path, certificate: output.path, subject: request.subject, validTo: timeText(validity.to) };
    await context.print(
      context.wantsJson
        ? `${JSON.stringify(made)}\n`
        : `${output.path}: ${request.subject}, until ${made.validTo}; it goes to the node.\n`,
    );
  }
  return EXIT.ok;
}

/** An old certificate makes room for the new one; a key, an authority or a request never does. */
function certFile(request: string, { cert, ca, caKey }: SignOptions) {
  const path = cert ?? `${request.replace(/\.(csr|req|pem)$/, '')}.crt`;
  if ([request, ca, caKey].includes(path)) {
    throw usageError(`${path} is read, and cannot be the file of the certificate`, 'give another one with --cert');
  }
  return { ...file(path, '--cert'), overwriting: 'unless-key' as const };
}

async function askToSign(context: ClientContext, requests: readonly CertificateRequest[]): Promise<void> {
  const { stdin, stderr } = context.host;
  if (!stdin.isTerminal || context.wantsJson) {
    throw usageError('nobody can be asked whether to sign', 'give --yes when you know what is in the requests');
  }
  const what = requests.length === 1 ? 'certificate' : `${requests.length} certificates`;
  await stderr.write(`${requests.map(requestSummary).join('')}Sign ${what} (yes/no)? `);
  await askYes(stdin.chunks());
}

/** Nobody accepts a certificate whose authority has ended. */
async function within(context: ClientContext, authority: Validity, wanted: Validity): Promise<Validity> {
  if (wanted.to <= authority.to) {
    return wanted;
  }
  await context.note(`The authority ends at ${timeText(authority.to)}, and so does what it signs.`);
  return { ...wanted, to: authority.to };
}

function newCertificate(context: ClientContext, days: number): NewCertificate {
  const now = secondsOfMs(context.host.outside.clock.wallMs());
  return {
    serial: newSerial(context),
    validity: { from: now - BACKDATED_S, to: now + days * SECONDS_PER_DAY },
  };
}

function newSerial(context: ClientContext): Uint8Array {
  return context.host.outside.random.fill(new Uint8Array(SERIAL_BYTES));
}

function filesOf(context: ClientContext): CertFiles {
  return new CertFiles(context.host.outside.files);
}

function file(path: string, parameter: string): NamedFile {
  if (path === '') {
    throw new CertError('options-wrong', `${parameter} is empty`, { cure: 'is a variable of the shell not set?' });
  }
  return { path, parameter };
}
