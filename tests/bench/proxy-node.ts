import { MeshNode } from '../../actors/mesh-node.js';
import { bridge } from '../../actors/streams/bridge.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { systemPorts } from '../../runtime/io/system-ports.js';
import type { SessionAddress } from '../../runtime/ports.js';

/**
 * The last node of a bench line: a node of ours with a service `sink` that passes each stream on to a TCP port, as the
 * reference's `tcp-client` does. (The proxies themselves are a later feature.)
 *
 * Usage: proxy-node.js ID LISTEN-PORT PEER-PORT TARGET-PORT SOCKET-PATH
 */
const [id = '', listenPort = '', peerPort = '', targetPort = '', socketPath = ''] = process.argv.slice(2);

const node = new MeshNode(
  {
    id: id as NodeId,
    listeners: [{ address: local(listenPort) }],
    peers: [{ address: local(peerPort) }],
    controlServices: [
      {
        service: 'control' as ServiceName,
        sockets: [{ address: { transport: 'unix', path: socketPath }, mode: 0o600 }],
      },
    ],
  },
  systemPorts,
);
await node.started;
node.ports.streams.listen(
  { service: 'sink' as ServiceName, connType: 1, tags: {}, advertise: true },
  {
    opened: () => undefined,
    failed: (fault) => {
      throw new Error(fault.text);
    },
    accepted: (stream) => {
      systemPorts.sessions.dial(local(targetPort), {
        opened: (target) => bridge(stream, target, () => undefined),
        failed: () => stream.abort(),
      });
    },
  },
);

function local(port: string): SessionAddress {
  return { transport: 'tcp', host: '127.0.0.1', portNumber: Number(port) };
}
