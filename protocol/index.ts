// The public face of the protocol: codecs and decisions that need neither sockets nor clocks. Nobody inside imports it.
export { ByteReader, ByteWriter, type U64 } from './bytes.js';
export { parseCommandLine } from './control/command.js';
export type { Command, CommandLine, UnreadParameters, WorkCommand, WorkSubmit } from './control/command-line.js';
export { formatGoDuration, parseGoDuration } from './control/go-duration.js';
export { CONTROL_LINE_BYTES_MAX, LineCutter, type LineStep } from './control/lines.js';
export {
  connectingLine,
  errorLine,
  greetingLine,
  MESH_FAILURE,
  objectLine,
  pingFailureLine,
  pingLine,
  RELOAD_FAILURE,
  type ReloadErrorCode,
  recordLine,
  reloadedLine,
  reloadFailedLine,
  type TraceHop,
  tracerouteLine,
  unknownCommandText,
  unknownTlsText,
} from './control/reply.js';
export {
  commandLine,
  type RefusalKind,
  type ReplyOutcome,
  readGreeting,
  readObjectReply,
  readStreamStart,
  readSubmitPrompt,
  readSubmitResult,
  readUnitList,
  readUnitOutcome,
  readUnitStatus,
  refusalKind,
  type SubmitResult,
  type UnitOutcomeReply,
} from './control/reply-reader.js';
export { type NodeStatus, type StatusField, statusLine } from './control/status-reply.js';
export {
  followLine,
  resultsLine,
  submitPromptLine,
  submittedLine,
  type UnitOutcome,
  unitListLine,
  unitOutcomeLine,
  unitStatusLine,
  WORK_REFUSAL,
} from './control/work-reply.js';
export { type Decoded, FAULT_MEANINGS, type Fault, type FaultCode } from './decoded.js';
export { compareInstants, type GoTime, goTime, type Instant, instantFromMs, parseGoTime } from './go-time.js';
export { hashBytes, hashName } from './hash.js';
export { type JsonRecord, type JsonValue, writeJson } from './json/writer.js';
export {
  type NodeId,
  newName,
  parseConfiguredNodeId,
  parseNodeId,
  parseServiceName,
  parseUnitId,
  RANDOM_NAME_BYTES,
  resolveNode,
  type ServiceName,
  type UnitId,
  unitIdFor,
} from './names.js';
export {
  composeAnswer,
  composeDatagram,
  composeHeader,
  countHop,
  type DatagramHeader,
  datagramFault,
  destinationHi,
  destinationLo,
  destinationService,
  HEADER_BYTES,
  HOPS_DEFAULT,
  hopsToLive,
  PAYLOAD_BYTES_MAX,
  payloadStart,
  sourceHi,
  sourceLo,
  sourceService,
} from './netceptor/datagram.js';
export { type ExtensionFields, extensionFields, NO_EXTENSIONS } from './netceptor/extensions.js';
export { decodeMessage, type Message } from './netceptor/kinds.js';
export { kindOf, MESSAGE_KIND, type MessageKind } from './netceptor/message-kind.js';
export { encodeReject } from './netceptor/reject.js';
export { decodeRouteUpdate, encodeRouteUpdate, forwardedBy, type RouteUpdate } from './netceptor/route-update.js';
export {
  CONN_TYPE,
  CONTROL_SERVICE_TAG,
  decodeServiceAdvert,
  encodeServiceAdvert,
  type ReceivedAdvert,
  type ServiceAdvert,
  type WorkCommand as AdvertisedWork,
} from './netceptor/service-advert.js';
export { encodeFrame, FRAME_BYTES_MAX, FrameCutter, type FrameSink, framePrefix } from './netceptor/stream-framing.js';
export {
  decodeUnreachable,
  encodeUnreachable,
  PING_SERVICE,
  PROBLEM,
  type Problem,
  UNREACHABLE_SERVICE,
  type Unreachable,
} from './netceptor/unreachable.js';
export { type LinkMap, leastCostPaths, type Routes } from './routing/paths.js';
export { type Edges, type IgnoredReason, type NodeRecord, Topology, type UpdateVerdict } from './routing/topology.js';
export { type ExtraData, NO_EXTRA_DATA, type RemoteExtraData } from './work/extra-data.js';
export { encodeFollowBlock, encodeFollowEnd, encodeFollowStatus } from './work/follow.js';
export { type FollowEvent, FollowReader } from './work/follow-reader.js';
export { splitShellWords } from './work/shell-words.js';
export { isComplete, isFinal, mayMove, stateName, WORK_STATE, type WorkState } from './work/state.js';
export {
  decodeStatusFile,
  encodeStatusFile,
  newUnitStatus,
  type UnitStatus,
  writeStatusReply,
} from './work/status.js';
