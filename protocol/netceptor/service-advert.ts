// The advertisement of a service, and its cancellation (mesh-protocol 3.3). The mesh floods the bytes that came in
// unchanged, so unknown fields travel everywhere; a decoded advert therefore keeps the message that it came in.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { type GoTime, parseGoTime } from '../go-time.js';
import { FieldCursor, fieldNames, matchField } from '../json/fields.js';
import { isObject, type ParsedJson } from '../json/parsed.js';
import { writeMap, writeString } from '../json/writer.js';
import { type NodeId, parseNodeId, parseServiceName, type ServiceName } from '../names.js';
import { encodeText } from '../text.js';
import { ExtensionCollector, type ExtensionFields, extensionMembers } from './extensions.js';
import { MESSAGE_KIND } from './message-kind.js';

/** How a service is reached; foreign values up to 255 are kept as they are. */
export const CONN_TYPE = { datagram: 0, stream: 1, streamTls: 2 } as const;

/** The tag and its value by which a control service is known; only such adverts carry work commands. */
export const CONTROL_SERVICE_TAG = ['type', 'Control Service'] as const;

export interface WorkCommand {
  readonly workType: string;
  /** Must a submit be signed? */
  readonly secure: boolean;
}

export interface ServiceAdvert {
  readonly nodeId: NodeId;
  readonly service: ServiceName;
  /** When the advert was made; of two adverts of a service the later one counts, to the nanosecond. */
  readonly time: GoTime;
  readonly connType: number;
  readonly tags: ReadonlyMap<string, string> | null;
  readonly workCommands: readonly WorkCommand[] | null;
  /** The service is gone. */
  readonly cancel: boolean;
  /** Unknown fields; they reach every node. */
  readonly extensions: ExtensionFields;
}

/** An advert from the mesh, with the message to flood. The bytes are a view of what was received: copy to keep. */
export interface ReceivedAdvert extends ServiceAdvert {
  readonly raw: Uint8Array;
}

/** Entries. A hundred times what AWX uses; bounds what one advert can make us hold. */
export const WORK_COMMANDS_MAX = 1_024;
/** Entries of one advert. Same reason. */
export const TAGS_MAX = 1_024;

const CONN_TYPE_MAX = 255;
const FIELDS = fieldNames('NodeID', 'Service', 'Time', 'ConnType', 'Tags', 'WorkCommands', 'Cancel');
const WORK_COMMAND_FIELDS = fieldNames('WorkType', 'Secure');

/**
 * The whole message, kind byte first, byte for byte as Go writes it. All seven fields are always there: an advert
 * without them ends a Go peer (2.6), and this is the only way to make one.
 */
export function encodeServiceAdvert(advert: ServiceAdvert): Uint8Array {
  const commands = advert.workCommands?.map(
    ({ workType, secure }) => `{"WorkType":${writeString(workType)},"Secure":${secure}}`,
  );
  const text =
    `{"NodeID":${writeString(advert.nodeId)},"Service":${writeString(advert.service)}` +
    `,"Time":${writeString(advert.time.text)},"ConnType":${advert.connType},"Tags":${writeMap(advert.tags)}` +
    `,"WorkCommands":${commands === undefined ? 'null' : `[${commands.join(',')}]`}` +
    `,"Cancel":${advert.cancel}${extensionMembers(advert.extensions)}}`;
  return encodeText(MESSAGE_KIND.serviceAdvert.prefix + text);
}

/**
 * Reads a whole message, kind byte first. An advert that Go would take but that names no service of a node, or has no
 * time, is a fault: it must not be flooded on, since some of these end a Go peer.
 */
export function decodeServiceAdvert(message: Uint8Array): Decoded<ReceivedAdvert> {
  if (message[0] !== MESSAGE_KIND.serviceAdvert.byte) return faulty('message-kind', 0);
  const fields = new FieldCursor(message.subarray(1));
  const draft = new ServiceAdvertDraft();
  while (fields.next()) draft.take(fields);
  return fields.fault === undefined ? draft.finish(message) : { ok: false, fault: fields.fault };
}

class ServiceAdvertDraft {
  #fieldsSeen = 0;
  #nodeId = '';
  #service = '';
  #time: GoTime | undefined;
  #connType = 0;
  #tags: ReadonlyMap<string, string> | null = null;
  #workCommands: readonly WorkCommand[] | null = null;
  #cancel = false;
  readonly #extensions = new ExtensionCollector();

  take(fields: FieldCursor): void {
    const field = matchField(FIELDS, fields.name);
    if (field !== undefined && field !== 'Cancel') this.#fieldsSeen++;
    switch (field) {
      case 'NodeID':
        this.#nodeId = fields.string(this.#nodeId);
        break;
      case 'Service':
        this.#service = fields.string(this.#service);
        break;
      case 'Time':
        this.#time = readTime(fields, this.#time);
        break;
      case 'ConnType':
        this.#connType = fields.uint(this.#connType, CONN_TYPE_MAX);
        break;
      case 'Tags':
        this.#tags = readTags(fields, this.#tags);
        break;
      case 'WorkCommands':
        this.#workCommands = readWorkCommands(fields, this.#workCommands);
        break;
      case 'Cancel':
        this.#cancel = fields.boolean(this.#cancel);
        break;
      case undefined:
        if (!this.#extensions.keep(fields.name, fields.raw())) fields.refuse('json-fields', 'too many unknown fields');
        break;
    }
  }

  finish(raw: Uint8Array): Decoded<ReceivedAdvert> {
    if (this.#fieldsSeen === 0) return faulty('advert-empty', 0);
    const nodeId = parseNodeId(this.#nodeId);
    if (!nodeId.ok) return nodeId;
    const service = parseServiceName(this.#service);
    if (!service.ok) return service;
    if (this.#time === undefined) return faulty('time-format', 0, 'an advertisement without a time');
    return decoded({
      nodeId: nodeId.value,
      service: service.value,
      time: this.#time,
      connType: this.#connType,
      tags: this.#tags,
      workCommands: this.#workCommands,
      cancel: this.#cancel,
      extensions: this.#extensions.fields,
      raw,
    });
  }
}

function readTime(fields: FieldCursor, before: GoTime | undefined): GoTime | undefined {
  if (fields.isNull) return before;
  const time = parseGoTime(fields.string(''));
  if (time.ok) return time.value;
  fields.refuse('time-format', time.fault.detail);
  return before;
}

/** Go adds a second map to the first, and reads a tag of null as an empty text. */
function readTags(fields: FieldCursor, before: ReadonlyMap<string, string> | null): ReadonlyMap<string, string> | null {
  const value = fields.value();
  if (value === null) return null;
  if (!isObject(value)) {
    fields.refuse('json-type', 'Tags is no map');
    return before;
  }
  const tags = new Map(before ?? []);
  for (const [name, tag] of Object.entries(value)) {
    if (tag !== null && typeof tag !== 'string') fields.refuse('json-type', `tag ${name} is no text`);
    else tags.set(name, tag ?? '');
  }
  if (tags.size > TAGS_MAX) fields.refuse('json-fields', 'too many tags');
  return tags;
}

/** Go reads a second list over the first: an item keeps what the later one does not say. */
function readWorkCommands(fields: FieldCursor, before: readonly WorkCommand[] | null): readonly WorkCommand[] | null {
  const value = fields.value();
  if (value === null) return null;
  if (!Array.isArray(value)) {
    fields.refuse('json-type', 'WorkCommands is no list');
    return null;
  }
  if (value.length > WORK_COMMANDS_MAX) fields.refuse('json-fields', 'too many work commands');
  return value.map((item, index) => readWorkCommand(fields, item, before?.[index]));
}

function readWorkCommand(fields: FieldCursor, item: ParsedJson, before: WorkCommand | undefined): WorkCommand {
  let { workType, secure } = before ?? { workType: '', secure: false };
  if (item !== null && !isObject(item)) fields.refuse('json-type', 'a work command is no object');
  for (const [name, value] of isObject(item) ? Object.entries(item) : []) {
    if (value === null) continue;
    const field = matchField(WORK_COMMAND_FIELDS, name);
    if (field === 'WorkType' && typeof value === 'string') workType = value;
    else if (field === 'Secure' && typeof value === 'boolean') secure = value;
    else if (field !== undefined) fields.refuse('json-type', `${field} of a work command has the wrong type`);
  }
  return { workType, secure };
}
