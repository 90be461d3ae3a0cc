import { resolve } from 'node:path';
import { DATA_DIR_DEFAULT, type NodeOptions } from '../../actors/node-options.js';
import { IDLE_LIMIT_MS, isIdleLimit } from '../../actors/option-rules.js';
import { parseGoDuration } from '../../protocol/control/go-duration.js';
import { isLocalhost, type NodeId, parseConfiguredNodeId, parseNodeId } from '../../protocol/names.js';
import { ConfigError } from './config-error.js';
import type { ConfigItem } from './config-item.js';

type NodePlan = Pick<NodeOptions, 'id' | 'maxIdleConnectionTimeoutMs'> & { readonly dataDir: string };

const NS_PER_MS = 1_000_000;

/** Who the node is. A configuration without a `node` means one with nothing but defaults. */
export function nodePlanOf(item: ConfigItem | undefined, hostName: string): NodePlan {
  const given = item?.text('id') ?? '';
  const dataDir = item?.text('datadir') ?? '';
  const idle = item?.text('maxidleconnectiontimeout') ?? '';
  return {
    id: given === '' || item === undefined ? hostId(hostName) : configuredId(item, given),
    dataDir: resolve(dataDir === '' ? DATA_DIR_DEFAULT : dataDir),
    ...(idle === '' || item === undefined ? {} : { maxIdleConnectionTimeoutMs: idleMs(item, idle) }),
  };
}

function configuredId(item: ConfigItem, text: string): NodeId {
  const parsed = parseConfiguredNodeId(text);
  if (parsed.ok) {
    return parsed.value;
  }
  const { code, detail } = parsed.fault;
  const isLong = code === 'name-too-long';
  throw item.error(isLong ? 'node id is too long' : detail, 'give the node another id', 'id');
}

/** The host name is not held to the characters of a configured id (reference 1.6.9). */
function hostId(hostName: string): NodeId {
  const place = { place: '', cure: 'name the node: --node id=NAME' };
  if (isLocalhost(hostName) || hostName.toLowerCase().startsWith('localhost.')) {
    throw new ConfigError('no node ID specified and local host name is localhost', place);
  }
  const parsed = parseNodeId(hostName);
  if (!parsed.ok) {
    throw new ConfigError(`the host name cannot be the id of a node: ${parsed.fault.detail}`, place);
  }
  return parsed.value;
}

function idleMs(item: ConfigItem, text: string): number {
  const name = 'maxidleconnectiontimeout';
  const parsed = parseGoDuration(text);
  if (!parsed.ok) {
    const examples = "'1.5h', '30m', '30m10s'";
    throw item.error(
      `failed to parse MaxIdleConnectionTimeout from configuration file -- valid examples include ${examples}`,
      parsed.fault.detail,
      name,
    );
  }
  const ms = parsed.value / NS_PER_MS;
  if (!isIdleLimit(ms)) {
    throw item.error(
      `user defined maxIdleConnectionTimeout [${parsed.value}] is less than the default default timeout [${IDLE_LIMIT_MS * NS_PER_MS}]`,
      'give at least 21s',
      name,
    );
  }
  return ms;
}
