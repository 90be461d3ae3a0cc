import type { ControlServiceOptions } from '../../actors/node-options.js';
import { isFileMode, isSocketPath, PORT_MAX, SOCKET_PATH_BYTES_MAX, takesClients } from '../../actors/option-rules.js';
import { parseServiceName, SERVICE_NAME_BYTES_MAX, type ServiceName } from '../../protocol/names.js';
import { textByteLength } from '../../protocol/text.js';
import type { SessionAddress } from '../../runtime/ports.js';
import type { ConfigItem } from './config-item.js';
import { portNumberOf, splitHostPort } from './host-port.js';
import { bindHost } from './link-plan.js';
import { type TlsNames, tlsNameOf } from './tls-plan.js';

/** A `control-service` (control-and-work 1.1). */
export function controlServiceOf(item: ConfigItem, tls: TlsNames): ControlServiceOptions {
  const [mesh, tcpTls] = [tlsNameOf(item, 'tls', tls.servers), tlsNameOf(item, 'tcptls', tls.servers)];
  const service = serviceOf(item);
  const path = item.text('filename');
  const tcp = item.text('tcplisten');
  const sockets = [
    ...(path === '' ? [] : [{ address: socketOf(item, path), mode: modeOf(item) }]),
    ...(tcp === '' ? [] : [{ address: tcpOf(item, tcp), ...tcpTls }]),
  ];
  const control = { ...(service === undefined ? {} : { service, ...mesh }), sockets };
  if (!takesClients(control)) {
    throw item.error('no listeners specified', 'give a service, a filename or a tcplisten');
  }
  return control;
}

function serviceOf(item: ConfigItem): ServiceName | undefined {
  const text = item.text('service');
  if (text === '') {
    return undefined;
  }
  const parsed = parseServiceName(text);
  if (!parsed.ok) {
    const isLong = parsed.fault.code === 'name-too-long';
    const why = isLong ? `service name ${text} too long` : parsed.fault.detail;
    const cure = `a service has a name of 1 to ${SERVICE_NAME_BYTES_MAX} bytes`;
    throw item.error(`error opening Unix socket: ${why}`, cure, 'service');
  }
  return parsed.value;
}

function socketOf(item: ConfigItem, path: string): SessionAddress {
  if (!isSocketPath(path)) {
    const bytes = textByteLength(path);
    throw item.error(
      `error opening Unix socket: could not listen on socket file: listen unix ${path}: bind: invalid argument`,
      `the path of a socket has at most ${SOCKET_PATH_BYTES_MAX} bytes and this one ${bytes}: choose a shorter one`,
      'filename',
    );
  }
  return { transport: 'unix', path };
}

function modeOf(item: ConfigItem): number {
  const mode = item.number('permissions');
  if (!isFileMode(mode)) {
    throw item.error(
      `permissions ${mode} are no mode of a file`,
      'a mode is octal, such as 0600 or 0660',
      'permissions',
    );
  }
  return mode;
}

/** A port alone means every address of this machine. */
function tcpOf(item: ConfigItem, text: string): SessionAddress {
  if (!text.includes(':')) {
    const portNumber = portNumberOf(text);
    if (portNumber === undefined) {
      const why = /^[0-9]+$/.test(text) ? `address ${text}: invalid port` : `lookup tcp/${text}: unknown port`;
      throw refusedTcp(item, why, `a port from 0 to ${PORT_MAX} is expected, or host:port`);
    }
    return { transport: 'tcp', host: '0.0.0.0', portNumber };
  }
  const split = splitHostPort(text);
  if (!split.ok) {
    throw refusedTcp(item, split.text, split.cure);
  }
  return { transport: 'tcp', host: bindHost(split.value.host), portNumber: split.value.portNumber };
}

function refusedTcp(item: ConfigItem, why: string, cure: string): Error {
  return item.error(`error listening on TCP socket: listen tcp: ${why}`, cure, 'tcplisten');
}
