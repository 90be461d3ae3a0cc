import type { EntitySpec, ParameterSpec, ValueType } from './entity-spec.js';

/** Shorthand for what is only known by name so far. */
function required(name: string, about: string, type: ValueType = 'text'): ParameterSpec {
  return { name, type, about, isRequired: true };
}

function optional(name: string, about: string, defaultText?: string): ParameterSpec {
  return { name, type: 'text', about, ...(defaultText === undefined ? {} : { defaultText }) };
}

const SOCKET_MODE: ParameterSpec = {
  name: 'permissions',
  type: 'whole',
  about: 'Mode of the socket file.',
  defaultText: '0600',
};

const BIND_ADDRESS = optional('bindaddr', 'Address of this machine to listen on.', '0.0.0.0');
const REMOTE = [
  required('remotenode', 'Node to connect to.'),
  required('remoteservice', 'Service of that node to connect to.'),
];

/** Services on the mesh and doors to them. */
export const SERVICE_ENTITIES: readonly EntitySpec[] = [
  {
    name: 'control-service',
    about: 'Take commands from receptor, receptorctl and other nodes.',
    occurs: 'many',
    example: '--control-service service=control filename=/run/receptor/receptor.sock',
    parameters: [
      optional('service', 'Name on the mesh, at most 8 bytes; empty keeps it off the mesh.', 'control'),
      optional('filename', 'Unix socket for clients on this machine; at most 107 bytes.'),
      SOCKET_MODE,
      optional('tls', 'Name of a tls-server for the service on the mesh.'),
      optional('tcplisten', 'TCP port, or host:port, for clients on the network; without TLS everybody may come.'),
      optional('tcptls', 'Name of a tls-server for the TCP port.'),
    ],
  },
  {
    name: 'command-service',
    about: 'Offer an interactive program as a service.',
    occurs: 'many',
    isLater: true,
    example: '--command-service service=shell command=bash',
    parameters: [
      required('service', 'Name on the mesh.'),
      required('command', 'Program to run for each connection.'),
      optional('tls', 'Name of a tls-server.'),
    ],
  },
  {
    name: 'tcp-server',
    about: 'Listen on TCP here and connect to a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--tcp-server port=8080 remotenode=beta remoteservice=web',
    parameters: [
      required('port', 'Port to listen on.', 'whole'),
      BIND_ADDRESS,
      ...REMOTE,
      optional('tlsserver', 'Name of a tls-server for the TCP port.'),
      optional('tlsclient', 'Name of a tls-client for the mesh.'),
    ],
  },
  {
    name: 'tcp-client',
    about: 'Offer a TCP address as a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--tcp-client service=web address=localhost:80',
    parameters: [
      required('service', 'Name on the mesh.'),
      required('address', 'Where to connect to, as host:port.'),
      optional('tlsserver', 'Name of a tls-server for the mesh.'),
      optional('tlsclient', 'Name of a tls-client for the TCP connection.'),
    ],
  },
  {
    name: 'udp-server',
    about: 'Listen on UDP here and pass datagrams to a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--udp-server port=5353 remotenode=beta remoteservice=dns',
    parameters: [required('port', 'Port to listen on.', 'whole'), BIND_ADDRESS, ...REMOTE],
  },
  {
    name: 'udp-client',
    about: 'Offer a UDP address as a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--udp-client service=dns address=localhost:53',
    parameters: [required('service', 'Name on the mesh.'), required('address', 'Where to send to, as host:port.')],
  },
  {
    name: 'unix-socket-server',
    about: 'Listen on a Unix socket here and connect to a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--unix-socket-server filename=/run/db.sock remotenode=beta remoteservice=db',
    parameters: [
      required('filename', 'Socket to listen on.'),
      SOCKET_MODE,
      ...REMOTE,
      optional('tls', 'Name of a tls-client for the mesh.'),
    ],
  },
  {
    name: 'unix-socket-client',
    about: 'Offer a Unix socket as a service of the mesh.',
    occurs: 'many',
    isLater: true,
    example: '--unix-socket-client service=db filename=/run/db.sock',
    parameters: [
      required('service', 'Name on the mesh.'),
      required('filename', 'Socket to connect to.'),
      optional('tls', 'Name of a tls-server for the mesh.'),
    ],
  },
  {
    name: 'ip-router',
    about: 'Route IP packets between nodes through a tun interface (Linux).',
    occurs: 'many',
    isLater: true,
    example: '--ip-router networkname=vpn localnet=10.0.0.0/30',
    parameters: [
      required('networkname', 'Name of the network and of its service.'),
      optional('interface', 'Name of the tun interface.'),
      required('localnet', 'Network of the two ends, a /30.'),
      optional('routes', 'Networks behind this node, separated by commas.'),
    ],
  },
];
