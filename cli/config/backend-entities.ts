import type { EntitySpec, ParameterSpec } from './entity-spec.js';

const BIND_ADDRESS: ParameterSpec = {
  name: 'bindaddr',
  type: 'text',
  about: 'Address of this machine to listen on.',
  defaultText: '0.0.0.0',
};

const PORT: ParameterSpec = {
  name: 'port',
  type: 'whole',
  about: 'Port to listen on; 0 takes any free one, which the log names.',
  isBare: true,
  isRequired: true,
};

const ADDRESS: ParameterSpec = {
  name: 'address',
  type: 'text',
  about: 'The peer, as host:port.',
  isBare: true,
  isRequired: true,
};

const REDIAL: ParameterSpec = {
  name: 'redial',
  type: 'truth',
  about: 'Dial again, for ever, when the link is lost or cannot be made.',
  defaultText: 'true',
};

const COST: ParameterSpec = {
  name: 'cost',
  type: 'number',
  about: 'What the link costs; more than 0, and the same at both ends.',
  defaultText: '1.0',
};

const NODE_COST: ParameterSpec = {
  name: 'nodecost',
  type: 'numbers',
  about: 'Another cost for some peers, such as {"beta":2.5}.',
};

const ALLOWED_PEERS: ParameterSpec = {
  name: 'allowedpeers',
  type: 'texts',
  about: 'Ids of the only nodes that may be at the other end.',
};

const TLS_SERVER: ParameterSpec = {
  name: 'tls',
  type: 'text',
  about: 'Name of a tls-server to listen with.',
};
const TLS_CLIENT: ParameterSpec = {
  name: 'tls',
  type: 'text',
  about: 'Name of a tls-client to dial with.',
};

const PROXY: ParameterSpec = {
  name: 'proxy',
  type: 'text',
  about: 'HTTP proxy on the way: http://user:password@host:port, or none.',
};

/** Links to other nodes. */
export const BACKEND_ENTITIES: readonly EntitySpec[] = [
  {
    name: 'tcp-listener',
    about: 'Take in links over TCP.',
    occurs: 'many',
    example: '--tcp-listener port=2222',
    parameters: [BIND_ADDRESS, PORT, TLS_SERVER, COST, NODE_COST, ALLOWED_PEERS],
  },
  {
    name: 'tcp-peer',
    about: 'Make a link over TCP.',
    occurs: 'many',
    example: '--tcp-peer address=alpha.example.org:2222',
    parameters: [ADDRESS, REDIAL, TLS_CLIENT, PROXY, COST, ALLOWED_PEERS],
  },
  {
    name: 'udp-listener',
    about: 'Take in links over UDP.',
    occurs: 'many',
    example: '--udp-listener port=2222',
    parameters: [BIND_ADDRESS, PORT, COST, NODE_COST, ALLOWED_PEERS],
  },
  {
    name: 'udp-peer',
    about: 'Make a link over UDP.',
    occurs: 'many',
    example: '--udp-peer address=alpha.example.org:2222',
    parameters: [ADDRESS, REDIAL, COST, ALLOWED_PEERS],
  },
  {
    name: 'ws-listener',
    about: 'Take in links over WebSocket.',
    occurs: 'many',
    example: '--ws-listener port=8080',
    parameters: [
      BIND_ADDRESS,
      PORT,
      { name: 'path', type: 'text', about: 'Path of the WebSocket.', defaultText: '/' },
      TLS_SERVER,
      COST,
      NODE_COST,
      ALLOWED_PEERS,
    ],
  },
  {
    name: 'ws-peer',
    about: 'Make a link over WebSocket.',
    occurs: 'many',
    example: '--ws-peer address=wss://alpha.example.org/',
    parameters: [
      { ...ADDRESS, about: 'The peer, as a ws:// or wss:// URL.' },
      REDIAL,
      { name: 'extraheader', type: 'text', about: 'One more HTTP header, as Name: value.' },
      TLS_CLIENT,
      { ...PROXY, about: `${PROXY.about} Default: as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.` },
      COST,
      ALLOWED_PEERS,
    ],
  },
];
