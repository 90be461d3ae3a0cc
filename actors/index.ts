// The public face of the library: a node in a program of one's own, and actors of one's own. Nobody inside imports it.
export { type NodeId, parseNodeId, parseServiceName, type ServiceName } from '../protocol/names.js';
export type { Address } from '../runtime/address.js';
export type { ActorDefinition, ActorOptions, EffectTable } from '../runtime/define-actor.js';
export type { InspectionHub, InspectionRecord, ReaderDepth, RecordKind, RecordReader } from '../runtime/inspection.js';
export type { Message, MessageClass, ReplyTo, Topic } from '../runtime/message.js';
export type { ProxyAddress, SessionAddress, SessionFault } from '../runtime/ports.js';
export { Secret } from '../runtime/secret.js';
export type { Self } from '../runtime/self.js';
export type { SupervisionPolicy } from '../runtime/supervisor.js';
export type { CreateNodeOptions, PlainControlService } from './checked-options.js';
export { createNode } from './create-node.js';
export { MeshError, type MeshErrorCode } from './errors.js';
export type { DialWay } from './mesh/dial-way.js';
export type { AdvertList } from './mesh/directory-vocabulary.js';
export type { MeshView } from './mesh/router-vocabulary.js';
export type { MeshNode } from './mesh-node.js';
export type { NodeEnd } from './node.actor.js';
export type {
  ControlServiceOptions,
  LinkOptions,
  ListenerOptions,
  NodeOptions,
  PeerOptions,
  WorkCommandOptions,
} from './node-options.js';
export { defineActor, type MeshPorts } from './ports.js';
export type { TlsClientOptions, TlsServerOptions } from './security/tls-options.js';
export type { ProbeResult } from './services/probe.actor.js';
export * as topics from './topics.js';
export { VERSION } from './version.js';
