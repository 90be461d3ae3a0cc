import type { AddressInfo, Server, Socket } from 'node:net';
import { describe } from '../errors.js';
import type {
  DialHandler,
  DialOptions,
  ListenHandler,
  ListenOptions,
  SessionAddress,
  SessionFault,
  SessionPort,
} from '../ports.js';
import type { ServerProfile } from '../security/profile.js';
import { hostAndPort } from './address-text.js';
import { KEEP_ALIVE_MS, openConnection } from './connection.js';
import { dialUdp, listenUdp } from './datagrams.js';
import { faultFrom, SocketSession } from './socket.js';
import { socketPathFault } from './socket-file.js';
import { StreamPlace } from './stream-place.js';
import { dialUnix, listenUnix } from './unix-sockets.js';

type TcpAddress = Extract<SessionAddress, { readonly transport: 'tcp' }>;

/** Port numbers have 16 bits. */
const PORT_NUMBER_MAX = 65_535;

/** Sessions over this machine's sockets. */
export const systemSessions: SessionPort = { dial, listen };

function dial(address: SessionAddress, handler: DialHandler, options: DialOptions = {}): () => void {
  const wrong = addressFault(address);
  if (wrong !== undefined) {
    return refuse(() => handler.failed(wrong));
  }
  switch (address.transport) {
    case 'udp':
      return dialUdp(address, handler);
    case 'ws':
      return afterLoading(
        (webSockets) => webSockets.dialWebSocket(address, handler, options),
        (fault) => handler.failed(fault),
      );
    case 'tcp':
      return openConnection(address, options, {
        opened: (socket, certificate) => handler.opened(tcpSession(socket, address, certificate)),
        failed: (fault) => handler.failed(fault),
      });
    case 'unix':
      return dialUnix(address.path, handler);
    default:
      return address satisfies never;
  }
}

function listen(address: SessionAddress, options: ListenOptions, handler: ListenHandler): (done: () => void) => void {
  const wrong = addressFault(address);
  if (wrong !== undefined) {
    return refuse(() => handler.failed(wrong));
  }
  switch (address.transport) {
    case 'udp':
      return listenUdp(address, handler);
    case 'ws':
      return afterLoading(
        (webSockets) => webSockets.listenWebSocket(address, options, handler),
        (fault) => handler.failed(fault),
      );
    case 'tcp':
      return listenTcp(address, options, handler);
    case 'unix':
      return listenUnix(address.path, options, handler);
    default:
      return address satisfies never;
  }
}

/** Node throws at some addresses and cuts others short. */
function addressFault(address: SessionAddress): SessionFault | undefined {
  if (address.transport === 'unix') {
    const error = socketPathFault(address.path);
    return error === undefined ? undefined : faultFrom(error);
  }
  const { portNumber } = address;
  const isGood = Number.isInteger(portNumber) && portNumber >= 0 && portNumber <= PORT_NUMBER_MAX;
  return isGood ? undefined : { code: 'address-invalid', text: `${portNumber} is no port number` };
}

/** Answers in a moment, as everything else does, unless it was given up before. */
function refuse(answer: () => void): (done?: () => void) => void {
  let isWanted = true;
  queueMicrotask(() => {
    if (isWanted) {
      answer();
    }
  });
  return (done) => {
    isWanted = false;
    done?.();
  };
}

type WebSockets = typeof import('./web-sockets.js');

/** WebSockets are loaded by who uses them. What is closed before that is never opened. */
function afterLoading(
  open: (webSockets: WebSockets) => (done: () => void) => void,
  failed: (fault: SessionFault) => void,
): (done?: () => void) => void {
  let isWanted = true;
  let close: ((done: () => void) => void) | undefined;
  import('./web-sockets.js').then(
    (webSockets) => {
      if (isWanted) {
        close = open(webSockets);
      }
    },
    (thrown: unknown) => failed({ code: 'transport-unsupported', text: describe(thrown) }),
  );
  return (done = () => undefined) => {
    isWanted = false;
    if (close === undefined) {
      done();
    } else {
      close(done);
    }
  };
}

function listenTcp(address: TcpAddress, options: ListenOptions, handler: ListenHandler): (done: () => void) => void {
  const place = new StreamPlace(handler, (server) => boundAddress(server, address));
  const { secure } = options;
  place.server.on('connection', (socket: Socket) => {
    if (secure === undefined) {
      handler.accepted(tcpSession(socket, address));
    } else {
      secureTcp(socket, secure, { address, handler });
    }
  });
  place.server.listen({ host: address.host, port: address.portNumber });
  return place.close;
}

function secureTcp(
  socket: Socket,
  secure: () => ServerProfile,
  to: { readonly address: TcpAddress; readonly handler: ListenHandler },
): void {
  const remote = hostAndPort(socket.remoteAddress, socket.remotePort);
  const failed = (fault: SessionFault): void => {
    socket.destroy();
    to.handler.refused?.(remote, fault);
  };
  socket.on('error', () => socket.destroy());
  import('./secure-socket.js').then(
    ({ secureAccepted }) =>
      secureAccepted(socket, secure, {
        secured: (secured, certificate) => to.handler.accepted(tcpSession(secured, to.address, certificate)),
        failed,
      }),
    (thrown: unknown) => failed({ code: 'tls-missing', text: describe(thrown) }),
  );
}

function tcpSession(socket: Socket, address: TcpAddress, peerCertificate?: Uint8Array): SocketSession {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return new SocketSession(socket, {
    local: hostAndPort(socket.localAddress, socket.localPort),
    remote: hostAndPort(socket.remoteAddress ?? address.host, socket.remotePort ?? address.portNumber),
    peerCertificate,
  });
}

function boundAddress(server: Server, asked: TcpAddress): SessionAddress {
  const bound: AddressInfo | string | null = server.address();
  return bound === null || typeof bound === 'string'
    ? asked
    : { transport: 'tcp', host: bound.address, portNumber: bound.port };
}
