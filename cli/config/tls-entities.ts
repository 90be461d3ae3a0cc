import type { EntitySpec, ParameterSpec, ValueType } from './entity-spec.js';

function required(name: string, about: string, type: ValueType = 'text'): ParameterSpec {
  return { name, type, about, isRequired: true };
}

function optional(name: string, about: string, type: ValueType = 'text'): ParameterSpec {
  return { name, type, about };
}

function truth(name: string, about: string, defaultText: 'true' | 'false'): ParameterSpec {
  return { name, type: 'truth', about, defaultText };
}

const TLS_COMMON: readonly ParameterSpec[] = [
  truth('skipreceptornamescheck', 'Do not look for the node id in the certificate.', 'false'),
  truth('mintls13', 'TLS 1.3 or nothing.', 'true'),
];

const VALIDITY: readonly ParameterSpec[] = [
  optional('notbefore', 'Valid from, RFC 3339; without it from now on.'),
  optional('notafter', 'Valid until, RFC 3339.'),
];

/** Ours: the reference overwrites without a word. */
const FORCE = truth('force', 'Overwrite files that are there, keys included.', 'false');

/** TLS configurations by name, and the commands that make certificates. */
export const TLS_ENTITIES: readonly EntitySpec[] = [
  {
    name: 'tls-server',
    about: 'A TLS configuration for listening.',
    occurs: 'many',
    example: '--tls-server name=mesh cert=node.crt key=node.key',
    parameters: [
      required('name', 'How others refer to it.'),
      required('cert', 'File of the certificate.'),
      required('key', 'File of the private key.'),
      truth('requireclientcert', 'Clients must show a certificate.', 'false'),
      optional('clientcas', 'File of the authorities of clients.'),
      optional('pinnedclientcert', 'Fingerprints of the only clients.', 'texts'),
      ...TLS_COMMON,
    ],
  },
  {
    name: 'tls-client',
    about: 'A TLS configuration for dialling.',
    occurs: 'many',
    example: '--tls-client name=mesh cert=node.crt key=node.key rootcas=ca.crt',
    parameters: [
      required('name', 'How others refer to it.'),
      required('cert', 'File of the certificate.'),
      required('key', 'File of the private key.'),
      optional('rootcas', 'File of the authorities of servers.'),
      truth('insecureskipverify', 'Take any certificate.', 'false'),
      optional('pinnedservercert', 'Fingerprints of the only servers.', 'texts'),
      ...TLS_COMMON,
    ],
  },
  {
    name: 'cert-init',
    about: 'Make an authority: a certificate for 10 years, and its RSA key.',
    occurs: 'alone',
    example: '--cert-init commonname=mesh bits=2048 outcert=ca.crt outkey=ca.key',
    parameters: [
      required('commonname', 'Name of the authority.'),
      required('bits', 'Bits of its key, at least 2048.', 'whole'),
      ...VALIDITY,
      required('outcert', 'File for the certificate.'),
      required('outkey', 'File for the private key.'),
      FORCE,
    ],
  },
  {
    name: 'cert-makereq',
    about: 'Make a request for the certificate of a node.',
    occurs: 'alone',
    example: '--cert-makereq commonname=alpha bits=2048 nodeid=alpha outreq=alpha.csr outkey=alpha.key',
    parameters: [
      required('commonname', 'Name in the certificate.'),
      { ...optional('bits', 'Bits of a new key, at least 2048.', 'whole'), defaultText: '0' },
      optional('dnsname', 'DNS names.', 'texts'),
      optional('ipaddress', 'IP addresses.', 'texts'),
      optional('nodeid', 'Node ids.', 'texts'),
      required('outreq', 'File for the request.'),
      optional('inkey', 'File of an existing key.'),
      optional('outkey', 'File for a new key.'),
      FORCE,
    ],
  },
  {
    name: 'cert-signreq',
    about: 'Sign a request, after a question: a certificate for a year.',
    occurs: 'alone',
    example: '--cert-signreq req=alpha.csr cacert=ca.crt cakey=ca.key outcert=alpha.crt',
    parameters: [
      required('req', 'File of the request.'),
      required('cacert', 'File of the authority.'),
      required('cakey', 'File of its key.'),
      ...VALIDITY,
      required('outcert', 'File for the certificate.'),
      truth('verify', 'Do not ask before signing.', 'false'),
      FORCE,
    ],
  },
];
