// `receptor cert check`: could a node use these files?
import type { KeyObject, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { ClientContext } from '../client/context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { cleanText } from '../log/line.js';
import { checkFindings, type Finding, isUsableAs, TLS_ROLES, type TlsRole } from './cert-check.js';
import { CertError } from './cert-error.js';
import { CertFiles, type NamedFile } from './cert-files.js';

/** The group and everybody else. */
const OTHERS_MODE = 0o077;

export interface CheckOptions {
  readonly nodeId: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly hosts: readonly string[];
  /** What the certificate has to be good for. */
  readonly roles: readonly TlsRole[];
}

/** Ends with 1 when one of the roles that were asked for is out of question. */
export async function checkFiles(context: ClientContext, options: CheckOptions): Promise<ExitCode> {
  const findings = await findingsOf(context, options);
  const usable = TLS_ROLES.map((role) => [role, isUsableAs(role, findings)] as const);
  await context.print(
    context.wantsJson
      ? `${JSON.stringify({ node: options.nodeId, usable: Object.fromEntries(usable), findings })}\n`
      : verdict(options, findings),
  );
  return options.roles.every((role) => isUsableAs(role, findings)) ? EXIT.ok : EXIT.failed;
}

async function findingsOf(context: ClientContext, options: CheckOptions): Promise<readonly Finding[]> {
  const { files, clock } = context.host.outside;
  const faults: Finding[] = [];
  const reader = new Reader(new CertFiles(files), faults);
  const chain = await reader.certificates({ path: options.cert, parameter: '--cert' });
  const key = await reader.key({ path: options.key, parameter: '--key' });
  const authorities = await reader.certificates({ path: options.ca, parameter: '--ca' });
  if (chain === undefined) {
    return faults;
  }
  const { nodeId, hosts } = options;
  const found = checkFindings({ nodeId, chain, key, authorities, hosts, wallMs: clock.wallMs() });
  return [...faults, ...found, ...(key === undefined ? [] : await modeFindings(options.key))];
}

/** Reads files; what cannot be read becomes a finding, so that all faults are told at once. */
class Reader {
  readonly #files: CertFiles;
  readonly #faults: Finding[];

  constructor(files: CertFiles, faults: Finding[]) {
    this.#files = files;
    this.#faults = faults;
  }

  /** `undefined` when they cannot be read. */
  async certificates(file: NamedFile): Promise<readonly X509Certificate[] | undefined> {
    return await this.#noting(async () => {
      const items = await this.#files.items(file);
      const found = items.flatMap((item) => (item.type === 'certificate' ? [item.value] : []));
      if (found.length === 0) {
        throw new CertError('file-content', `there is no certificate in ${file.path}`, { cure: SHOW_CURE });
      }
      return found;
    });
  }

  async key(file: NamedFile): Promise<KeyObject | undefined> {
    return await this.#noting(() => this.#files.privateKey(file));
  }

  async #noting<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      if (!(thrown instanceof CertError)) {
        throw thrown;
      }
      this.#faults.push({ weight: 'fault', roles: TLS_ROLES, text: thrown.message, cure: thrown.cure });
      return undefined;
    }
  }
}

const SHOW_CURE = 'receptor cert show tells what is in a file';

async function modeFindings(path: string): Promise<readonly Finding[]> {
  const { mode } = await stat(path);
  return (mode & OTHERS_MODE) === 0
    ? []
    : [{ weight: 'warning', roles: TLS_ROLES, text: `others may read ${path}`, cure: `chmod 600 ${path}` }];
}

function verdict({ nodeId }: CheckOptions, findings: readonly Finding[]): string {
  const answers = TLS_ROLES.map(
    (role) => `${nodeId} as ${role}: ${isUsableAs(role, findings) ? 'yes, it can use them' : 'no'}\n`,
  );
  const reasons = findings.map(({ weight, roles, text, cure }) => {
    const whose = roles.length === TLS_ROLES.length ? '' : ` (${roles.join(', ')})`;
    return `${weight}${whose}: ${cleanText(text)}\n  ${cleanText(cure)}\n`;
  });
  return [...answers, ...reasons].join('');
}
