// From the bytes of a message to what it says: the map of the Go dialect (mesh-protocol 2). Data packets do not come
// this way once a link is open; see `datagram.ts`, which reads them where they lie.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { datagramFault } from './datagram.js';
import { kindOf } from './message-kind.js';
import { rejectReason } from './reject.js';
import { decodeRouteUpdate, type RouteUpdate } from './route-update.js';
import { decodeServiceAdvert, type ReceivedAdvert } from './service-advert.js';

/** One message from a neighbour. */
export type Message =
  /** A data packet; its header has been checked to be whole. */
  | { readonly type: 'data'; readonly packet: Uint8Array }
  | { readonly type: 'route-update'; readonly update: RouteUpdate }
  | { readonly type: 'service-advert'; readonly advert: ReceivedAdvert }
  /** `reason` is what a node of our kind says. */
  | { readonly type: 'reject'; readonly reason: string | undefined }
  /** A kind that we do not know; tolerated (2.2), and it counts as a sign of life. */
  | { readonly type: 'unknown'; readonly kind: number };

/** Reads one whole message. A message of no bytes is a fault here; sent on, it would end a Go peer (2.6). */
export function decodeMessage(message: Uint8Array): Decoded<Message> {
  const byte = message[0];
  if (byte === undefined) return faulty('message-empty', 0);
  const kind = kindOf(byte);
  switch (kind) {
    case 'data': {
      const fault = datagramFault(message, 0, message.length);
      return fault === undefined ? decoded({ type: 'data', packet: message }) : { ok: false, fault };
    }
    case 'routeUpdate': {
      const update = decodeRouteUpdate(message);
      return update.ok ? decoded({ type: 'route-update', update: update.value }) : update;
    }
    case 'serviceAdvert': {
      const advert = decodeServiceAdvert(message);
      return advert.ok ? decoded({ type: 'service-advert', advert: advert.value }) : advert;
    }
    case 'reject':
      return decoded({ type: 'reject', reason: rejectReason(message) });
    case undefined:
      return decoded({ type: 'unknown', kind: byte });
    default:
      return kind satisfies never;
  }
}
