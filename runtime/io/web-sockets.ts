import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { DialHandler, DialOptions, ListenHandler, ListenOptions, SessionAddress, SessionFault } from '../ports.js';
import { hostAndPort } from './address-text.js';
import { openConnection } from './connection.js';
import { secureAccepted } from './secure-socket.js';
import { faultFrom, sessionServer } from './socket.js';
import { WEB_SOCKET_MESSAGE_MAX, WebSocketSession } from './web-socket-session.js';

export type WebSocketAddress = Extract<SessionAddress, { readonly transport: 'ws' }>;

/** How long the greeting of a WebSocket may take: the reference gives its header as long. */
const GREETING_WITHIN_MS = 5_000;

/** The same as a dialler that waits for the answer. */
const ANSWER_WITHIN_MS = 15_000;

/** No compression: the payload is encrypted or compressed already, and the reference negotiates none. */
const PLAIN = { perMessageDeflate: false, skipUTF8Validation: true, maxPayload: WEB_SOCKET_MESSAGE_MAX } as const;

/** Opens a WebSocket. `give up` and the handler are as in `SessionPort.dial`. */
export function dialWebSocket(address: WebSocketAddress, handler: DialHandler, options: DialOptions): () => void {
  let webSocket: WebSocket | undefined;
  let isWanted = true;
  const settle = (tell: () => void): void => {
    if (isWanted) {
      isWanted = false;
      tell();
    }
  };
  const giveUpConnection = openConnection(address, options, {
    opened: (socket, certificate) => {
      if (!isWanted) {
        socket.destroy();
        return;
      }
      const greeting = greetingOver(socket, address, options);
      if (greeting === undefined) {
        socket.destroy();
        settle(() => handler.failed({ code: 'address-invalid', text: 'the URL or a header cannot be sent over HTTP' }));
        return;
      }
      webSocket = greeting;
      // A proxy's answer has left it paused; the request listens from the next tick on.
      setImmediate(() => socket.resume());
      greeting.on('error', (error) => settle(() => handler.failed(faultFrom(error))));
      greeting.once('open', () =>
        settle(() => handler.opened(sessionOver(greeting, socket, { address, certificate }))),
      );
    },
    failed: (fault) => settle(() => handler.failed(fault)),
  });
  return () =>
    settle(() => {
      giveUpConnection();
      webSocket?.terminate();
    });
}

/** `undefined` for a path or a header that HTTP has no way to say. */
function greetingOver(socket: Socket, address: WebSocketAddress, options: DialOptions): WebSocket | undefined {
  try {
    // Whom we ask for stands in the headers: the connection is made already.
    return new WebSocket(`ws://localhost${address.path}`, [], {
      ...PLAIN,
      handshakeTimeout: ANSWER_WITHIN_MS,
      followRedirects: false,
      createConnection: () => socket,
      ...headersOf(address, options),
    });
  } catch {
    return undefined; // `ws` and Node throw at an invalid URL and at forbidden letters, with texts of their own
  }
}

/** Host and origin as the reference sends them; a listener of its kind demands that they agree. */
function headersOf(address: WebSocketAddress, { secure, headers }: DialOptions) {
  const usual = secure === undefined ? 80 : 443;
  const shown = hostAndPort(address.host, address.portNumber);
  const host = address.portNumber === usual ? shown.replace(/:\d+$/, '') : shown;
  return {
    origin: `${secure === undefined ? 'http' : 'https'}://${host}`,
    headers: Object.fromEntries([['Host', host], ...(headers?.reveal() ?? [])]),
  };
}

/** Takes WebSockets in at one port and path. */
export function listenWebSocket(
  address: WebSocketAddress,
  options: ListenOptions,
  handler: ListenHandler,
): (done: () => void) => void {
  const place = new WebSocketPlace(address, options, handler);
  return (done) => place.close(done);
}

/** One port: connections, secured where asked for, become HTTP requests, and those become WebSockets. */
class WebSocketPlace {
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #upgrades = new WebSocketServer({ noServer: true, ...PLAIN });
  readonly #greeting = new Set<Socket>();
  readonly #address: WebSocketAddress;
  readonly #options: ListenOptions;
  readonly #handler: ListenHandler;
  #isWanted = true;

  constructor(address: WebSocketAddress, options: ListenOptions, handler: ListenHandler) {
    this.#address = address;
    this.#options = options;
    this.#handler = handler;
    this.#http = createHttpServer((request, response) => {
      // Whoever asks for a page is told what this is, and goes.
      const status = isOnPath(request, address.path) ? 400 : 404;
      response.writeHead(status, { Connection: 'close', 'Content-Type': 'text/plain' });
      response.end(status === 400 ? 'This is a WebSocket for nodes, not a page.\n' : 'There is nothing here.\n');
    });
    this.#http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    this.#http.on('clientError', (_error, socket) => void socket.destroy());
    this.#server = sessionServer();
    this.#server.on('connection', (socket: Socket) => this.#take(socket));
    this.#server.on('error', (error) => {
      if (this.#isWanted) {
        this.close(() => handler.failed(faultFrom(error)));
      }
    });
    this.#server.listen({ host: address.host, port: address.portNumber }, () => this.#opened());
  }

  close(done: () => void): void {
    this.#isWanted = false;
    for (const socket of this.#greeting) {
      socket.destroy();
    }
    this.#server.close();
    done();
  }

  #opened(): void {
    if (!this.#isWanted) {
      this.#server.close();
      return;
    }
    const bound: AddressInfo | string | null = this.#server.address();
    const address = bound === null || typeof bound === 'string' ? this.#address : { ...this.#address, ...named(bound) };
    this.#handler.opened({ address, close: (done) => this.close(done) });
  }

  #take(socket: Socket): void {
    socket.setNoDelay(true);
    const timer = setTimeout(() => socket.destroy(), GREETING_WITHIN_MS);
    this.#greeting.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      this.#greeting.delete(socket);
    });
    const greet = (open: Socket, certificate?: Uint8Array): void => {
      const done = (): void => {
        clearTimeout(timer);
        this.#greeting.delete(socket);
      };
      greetings.set(open, { certificate, done });
      this.#http.emit('connection', open);
      open.resume();
    };
    const secure = this.#options.secure;
    if (secure === undefined) {
      greet(socket);
    } else {
      const remote = hostAndPort(socket.remoteAddress, socket.remotePort);
      const failed = (fault: SessionFault): void => this.#handler.refused?.(remote, fault);
      secureAccepted(socket, secure, { secured: greet, failed });
    }
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = upgradeRefusal(request, this.#address.path);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const greeting = greetings.get(socket);
      greeting?.done();
      const certificate = greeting?.certificate;
      const session = sessionOver(webSocket, socket, { address: this.#address, certificate });
      if (this.#isWanted) {
        this.#handler.accepted(session);
      } else {
        session.abort();
      }
    });
  }
}

/** A connection between its arrival and the WebSocket that comes of it. */
interface Greeting {
  readonly certificate: Uint8Array | undefined;
  done(): void;
}

const greetings = new WeakMap<Socket, Greeting>();

/**
 * Why this request gets no WebSocket: the wrong path, or a page of somebody else's in a browser. Who sends no origin is
 * no browser.
 */
function upgradeRefusal(request: IncomingMessage, path: string): string | undefined {
  if (!isOnPath(request, path)) {
    return '404 Not Found';
  }
  const { origin, host } = request.headers;
  return origin === undefined || hostOf(origin) === host?.toLowerCase() ? undefined : '403 Forbidden';
}

/** `/` is every path, `/a/` everything below it, `/a` itself alone: as the reference's multiplexer has it. */
function isOnPath({ url = '/' }: IncomingMessage, path: string): boolean {
  const asked = url.replace(/[?#].*$/s, '');
  return path.endsWith('/') ? asked.startsWith(path) : asked === path;
}

function hostOf(origin: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(origin)?.[1]?.toLowerCase();
}

function named({ address, port }: AddressInfo): { readonly host: string; readonly portNumber: number } {
  return { host: address, portNumber: port };
}

function sessionOver(
  webSocket: WebSocket,
  socket: Socket,
  end: { readonly address: WebSocketAddress; readonly certificate: Uint8Array | undefined },
): WebSocketSession {
  const { address, certificate } = end;
  return new WebSocketSession(webSocket, socket, {
    local: hostAndPort(socket.localAddress, socket.localPort),
    remote: hostAndPort(socket.remoteAddress ?? address.host, socket.remotePort ?? address.portNumber),
    peerCertificate: certificate,
  });
}
