import { goTime } from '../../../../protocol/go-time.js';
import type { NodeId } from '../../../../protocol/names.js';
import { NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import {
  decodeServiceAdvert,
  encodeServiceAdvert,
  type ReceivedAdvert,
  type ServiceAdvert,
} from '../../../../protocol/netceptor/service-advert.js';
import { serviceName } from '../node-parts.js';

/** Some second of the year 2026. */
const FIRST_SECOND = 1_780_000_000;

interface Said extends Partial<ServiceAdvert> {
  /** About how long the message is. */
  readonly bytes?: number;
}

/** An advert as it came from a neighbour, made `at` seconds after some moment; nanoseconds count. */
export function advertOf(node: NodeId, service: string, at: number, { bytes, ...said }: Said = {}): ReceivedAdvert {
  const seconds = Math.floor(at);
  const time = goTime({ seconds: FIRST_SECOND + seconds, nanoseconds: Math.round((at - seconds) * 1e9) });
  const advert: ServiceAdvert = {
    nodeId: node,
    service: serviceName(service),
    time,
    connType: 0,
    tags: bytes === undefined ? null : new Map([['fill', '.'.repeat(bytes - 200)]]),
    workCommands: null,
    cancel: false,
    extensions: NO_EXTENSIONS,
    ...said,
  };
  const decoded = decodeServiceAdvert(encodeServiceAdvert(advert));
  if (!decoded.ok) {
    throw new Error(`the test made a bad advert: ${decoded.fault.detail}`);
  }
  return decoded.value;
}
