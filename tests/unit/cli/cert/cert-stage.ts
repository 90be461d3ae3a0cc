import type { KeyObject, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CertificateNames } from '../../../../cli/cert/alternative-names.js';
import type { Validity } from '../../../../cli/cert/cert-time.js';
import { type Authority, authorityCertificate, nodeCertificate } from '../../../../cli/cert/certificate.js';
import { commonNameDer } from '../../../../cli/cert/distinguished-name.js';
import { keyPem, newKey } from '../../../../cli/cert/keys.js';
import { pemText } from '../../../../cli/cert/pem.js';
import { makeRequest, readRequest } from '../../../../cli/cert/request.js';
import { FakeHost } from '../client/fake-host.js';
import { answering, ScriptedNode } from '../scripted-node.js';

/** 2026-06-01, 00:00 UTC: where virtual time begins. */
export const NOW_S = 1_780_272_000;
export const DAY_S = 86_400;
const YEAR: Validity = { from: NOW_S - DAY_S, to: NOW_S + 365 * DAY_S };

/** A folder of one test, and the client in it. */
export class CertStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'cert-'));
  readonly host = new FakeHost(new ScriptedNode(answering({})));

  constructor(t: TestContext) {
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  mode(name: string): number {
    return statSync(this.path(name)).mode & 0o777;
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    return this.path(name);
  }

  /** Runs a command; what it wrote, with the folder taken out. */
  async run(...words: readonly string[]) {
    const { host } = this;
    [host.stdout.bytes, host.stderr.bytes] = [Buffer.alloc(0), Buffer.alloc(0)];
    const code = await host.run(...words);
    const plain = (text: string): string => text.replaceAll(`${this.folder}/`, '');
    return { code, out: plain(host.stdout.text), err: plain(host.stderr.text) };
  }

  /** Writes the files of an authority, `ca.crt` and `ca.key`. */
  async authority(validity: Validity = YEAR): Promise<Authority> {
    const authority = await newAuthority('mesh', validity);
    this.write('ca.crt', pemText('CERTIFICATE', authority.certificate.raw));
    this.write('ca.key', keyPem(authority.key));
    return authority;
  }

  /** Writes the files of a node, `ID.crt` and `ID.key`. */
  async node(id: string, authority: Authority, options: NodeOptions = {}): Promise<NodeFiles> {
    const files = await newNode(id, authority, options);
    this.write(`${id}.crt`, pemText('CERTIFICATE', files.certificate.raw));
    this.write(`${id}.key`, keyPem(files.key));
    return files;
  }
}

export async function newAuthority(name = 'mesh', validity: Validity = YEAR): Promise<Authority> {
  const key = await newKey({ kind: 'ec' });
  return { key, certificate: authorityCertificate(commonNameDer(name), key, { serial: Uint8Array.of(1), validity }) };
}

export interface NodeOptions {
  readonly names?: Partial<CertificateNames>;
  readonly validity?: Validity;
}

export interface NodeFiles {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export async function newNode(id: string, authority: Authority, options: NodeOptions = {}): Promise<NodeFiles> {
  const { names, validity = YEAR } = options;
  const key = await newKey({ kind: 'ec' });
  const all = { dns: ['localhost'], addresses: [], nodeIds: [id], ...names };
  const request = readRequest(makeRequest({ commonName: id, names: all }, key));
  const wanted = {
    subject: request.subjectDer,
    publicKey: request.publicKey,
    names: request.namesExtension ?? new Uint8Array(0),
  };
  return { key, certificate: nodeCertificate(wanted, authority, { serial: Uint8Array.of(2), validity }) };
}

/** An input that says this and ends. */
export async function* saying(...pieces: readonly string[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    yield Buffer.from(piece);
  }
}
