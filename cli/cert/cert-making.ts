// Making authorities, and certificates that they sign: what the entities and the client's commands have in common.
import type { KeyObject, X509Certificate } from 'node:crypto';
import { extensionsOf } from '../../runtime/security/extensions.js';
import { hasNames } from './alternative-names.js';
import { CertError } from './cert-error.js';
import type { CertFiles, NamedFile } from './cert-files.js';
import { timeText, type Validity } from './cert-time.js';
import {
  type Authority,
  authorityCertificate,
  certificateFacts,
  type NewCertificate,
  nodeCertificate,
} from './certificate.js';
import { commonNameDer } from './distinguished-name.js';
import { isSameKey } from './keys.js';
import type { CertificateRequest } from './request.js';

export function makeAuthority(commonName: string, key: KeyObject, what: NewCertificate): X509Certificate {
  demandCommonName(commonName);
  demandOrder(what.validity);
  return authorityCertificate(commonNameDer(commonName), key, what);
}

export function demandCommonName(commonName: string): void {
  if (commonName === '') {
    throw new CertError('name-invalid', 'must provide CommonName', { cure: 'give a name', parameter: 'commonname' });
  }
}

/** The certificate of an authority and its key, if they belong together and may sign. */
export async function loadAuthority(files: CertFiles, cert: NamedFile, key: NamedFile): Promise<Authority> {
  const authority = { certificate: await files.certificate(cert), key: await files.privateKey(key) };
  if (!isSameKey(authority.certificate.publicKey, authority.key)) {
    throw new CertError('authority-unfit', "x509: provided PrivateKey doesn't match parent's PublicKey", {
      cure: `${key.path} is not the key of ${cert.path}`,
      parameter: key.parameter,
    });
  }
  const { isAuthority, maySignCertificates } = extensionsOf(authority.certificate.raw) ?? {};
  if (isAuthority !== true || maySignCertificates === false) {
    throw new CertError('authority-unfit', `${cert.path} is not the certificate of an authority`, {
      cure: 'nobody would accept what it signs; receptor cert init makes an authority',
      parameter: cert.parameter,
    });
  }
  return authority;
}

/** Why a request must not be signed is thrown as a `CertError`; `file` is where it came from. */
export function demandSignable({ names, possession }: CertificateRequest, file: NamedFile): void {
  const { parameter } = file;
  if (!hasNames(names)) {
    const cure = `${file.path} asks for no DNS name, address or node id; have it made anew`;
    throw new CertError('request-unfit', 'cannot sign: no names found in certificate', { cure, parameter });
  }
  if (possession === 'unproven') {
    const cure = 'it was changed on the way, or made without the private key; have it made anew';
    throw new CertError('request-unfit', `the signature of ${file.path} is wrong`, { cure, parameter });
  }
}

/** The certificate that a request asks for. Names and subject are those of the request. */
export function signRequest(request: CertificateRequest, authority: Authority, what: NewCertificate): X509Certificate {
  const { subjectDer, publicKey, namesExtension: names } = request;
  demandOrder(what.validity);
  if (names === undefined) {
    const cure = 'have the request made anew';
    throw new CertError('request-unfit', 'cannot sign: no names found in certificate', { cure, parameter: 'req' });
  }
  return nodeCertificate({ subject: subjectDer, publicKey, names }, authority, what);
}

/** An authority signs nothing before it begins and after it has ended. */
export function demandInTime({ certificate }: Authority, now: number, { path, parameter }: NamedFile): void {
  const { from, to } = certificateFacts(certificate).validity;
  if (now < from || now > to) {
    const when = now < from ? `begins at ${timeText(from)}` : `ended at ${timeText(to)}`;
    throw new CertError('authority-unfit', `the authority in ${path} ${when}`, {
      cure: 'make a new one with receptor cert init, and give it to every node beside the old one',
      parameter,
    });
  }
}

function demandOrder({ from, to }: Validity): void {
  if (to <= from) {
    throw new CertError('time-invalid', `a certificate cannot end at ${timeText(to)} and begin at ${timeText(from)}`, {
      cure: 'the end must be later',
      parameter: 'notafter',
    });
  }
}
