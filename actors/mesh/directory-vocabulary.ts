import type { NodeId, ServiceName } from '../../protocol/names.js';
import type { ReceivedAdvert, ServiceAdvert, WorkCommand } from '../../protocol/netceptor/service-advert.js';
import type { ReplyTo } from '../../runtime/message.js';

/** A service of this node. */
export interface OwnService {
  readonly service: ServiceName;
  /** 0 datagram, 1 stream, 2 stream with TLS of the user. */
  readonly connType: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type DirectoryMessage =
  | { readonly type: 'advert.received'; readonly advert: ReceivedAdvert; readonly via: NodeId | undefined }
  | { readonly type: 'service.opened'; readonly service: OwnService }
  | { readonly type: 'service.closed'; readonly service: ServiceName }
  /** What kinds of work this node does; advertised with its control services. */
  | { readonly type: 'work-types.changed'; readonly workTypes: readonly WorkCommand[] }
  | { readonly type: 'neighbour.came'; readonly peer: NodeId }
  | { readonly type: 'node.appeared' }
  /** All services that are offered, own ones included. Answered with a list of `ServiceAdvert`. */
  | { readonly type: 'adverts.read'; readonly replyTo: ReplyTo }
  | { readonly type: 'timer.tell' }
  | { readonly type: 'timer.repeat' }
  | { readonly type: 'stop' };

export type AdvertList = readonly ServiceAdvert[];
