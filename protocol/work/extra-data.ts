// The part of a unit's status that depends on its kind of work (control-and-work 3.1): a runner's pid for a command,
// the far side for remote work. What other kinds keep there is carried along unread.
import { type Decoded, decoded, type Fault, faulty } from '../decoded.js';
import { GO_ZERO_TIME, type GoTime, parseGoTime } from '../go-time.js';
import { fieldNames, matchField } from '../json/fields.js';
import { isObject, type ParsedJson, type ParsedObject, parseOrUndefined } from '../json/parsed.js';
import { writeJson, writeMap, writeString } from '../json/writer.js';

export interface RemoteExtraData {
  readonly type: 'remote';
  readonly remoteNode: string;
  readonly remoteWorkType: string;
  /** Parameters for the far worker; those called `secret_*` stay in the file and out of replies. */
  readonly remoteParams: ReadonlyMap<string, string>;
  readonly remoteUnitId: string;
  readonly remoteStarted: boolean;
  readonly localCancelled: boolean;
  readonly localReleased: boolean;
  readonly signWork: boolean;
  readonly tlsClient: string;
  /** When to give up the start; Go's zero time for never. */
  readonly expiration: GoTime;
}

export type ExtraData =
  | { readonly type: 'none' }
  /** A command that the node knows a runner of. */
  | { readonly type: 'command'; readonly pid: number; readonly params: string }
  | RemoteExtraData
  /** Anything else, as its JSON text: a Kubernetes unit's, or the words `Unknown WorkType`. */
  | { readonly type: 'other'; readonly json: string };

/** The work type of units that run on another node. */
export const REMOTE_WORK_TYPE = 'remote';
/** What a reply shows for a unit whose work type this node does not offer. */
export const UNKNOWN_WORK_TYPE: ExtraData = { type: 'other', json: '"Unknown WorkType"' };
export const NO_EXTRA_DATA: ExtraData = { type: 'none' };

const SECRET_PREFIX = 'secret_';
/** Fields of a Kubernetes unit that replies show empty. */
const BLANKED_FIELDS = ['KubeConfig', 'KubePod'];

const COMMAND_FIELDS = fieldNames('Pid', 'Params');
const REMOTE_TEXTS = fieldNames('RemoteNode', 'RemoteWorkType', 'RemoteUnitID', 'TLSClient');
const REMOTE_FLAGS = fieldNames('RemoteStarted', 'LocalCancelled', 'LocalReleased', 'SignWork');
const REMOTE_OTHERS = fieldNames('RemoteParams', 'Expiration');

/** A new remote unit, before anything is known of the far side. */
export const NEW_REMOTE: RemoteExtraData = {
  type: 'remote',
  remoteNode: '',
  remoteWorkType: '',
  remoteParams: new Map(),
  remoteUnitId: '',
  remoteStarted: false,
  localCancelled: false,
  localReleased: false,
  signWork: false,
  tlsClient: '',
  expiration: GO_ZERO_TIME,
};

/** Without what a client must not see: secret parameters, Kubernetes credentials and manifests. */
export function redactedExtraData(extra: ExtraData): ExtraData {
  if (extra.type === 'remote') {
    const shown = [...extra.remoteParams].filter(([name]) => !name.toLowerCase().startsWith(SECRET_PREFIX));
    return { ...extra, remoteParams: new Map(shown) };
  }
  if (extra.type !== 'other') return extra;
  const value = parseOrUndefined(extra.json);
  if (!isObject(value) || !BLANKED_FIELDS.some((name) => Object.hasOwn(value, name))) return extra;
  const blanked = Object.entries(value).map(([name, member]) => [name, BLANKED_FIELDS.includes(name) ? '' : member]);
  return { type: 'other', json: writeJson(Object.fromEntries(blanked)) };
}

/** The JSON text, fields in the order of Go's records. */
export function writeExtraData(extra: ExtraData): string {
  switch (extra.type) {
    case 'none':
      return 'null';
    case 'other':
      return extra.json;
    case 'command':
      return `{"Pid":${extra.pid},"Params":${writeString(extra.params)}}`;
    case 'remote':
      return (
        `{"RemoteNode":${writeString(extra.remoteNode)},"RemoteWorkType":${writeString(extra.remoteWorkType)}` +
        `,"RemoteParams":${writeMap(extra.remoteParams)},"RemoteUnitID":${writeString(extra.remoteUnitId)}` +
        `,"RemoteStarted":${extra.remoteStarted},"LocalCancelled":${extra.localCancelled}` +
        `,"LocalReleased":${extra.localReleased},"SignWork":${extra.signWork}` +
        `,"TLSClient":${writeString(extra.tlsClient)},"Expiration":${writeString(extra.expiration.text)}}`
      );
  }
}

/** Reads a JSON text that is known to be valid. The work type tells remote work from the rest. */
export function readExtraData(json: string, workType: string): Decoded<ExtraData> {
  const value = parseOrUndefined(json);
  if (value === undefined || value === null) return decoded(NO_EXTRA_DATA);
  if (isObject(value) && workType === REMOTE_WORK_TYPE) return new RemoteReader().read(value);
  if (isObject(value)) {
    const command = readCommand(value);
    if (command !== undefined) return decoded(command);
  }
  return decoded({ type: 'other', json });
}

function readCommand(value: ParsedObject): ExtraData | undefined {
  let pid: ParsedJson = null;
  let params: ParsedJson = null;
  for (const [name, member] of Object.entries(value)) {
    const field = matchField(COMMAND_FIELDS, name);
    if (field === 'Pid') pid = member;
    else if (field === 'Params') params = member;
    else return undefined;
  }
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || typeof params !== 'string') return undefined;
  return { type: 'command', pid, params };
}

class RemoteReader {
  readonly #texts = { RemoteNode: '', RemoteWorkType: '', RemoteUnitID: '', TLSClient: '' };
  readonly #flags = { RemoteStarted: false, LocalCancelled: false, LocalReleased: false, SignWork: false };
  #params = new Map<string, string>();
  #expiration = GO_ZERO_TIME;
  #fault: Fault | undefined;

  read(value: ParsedObject): Decoded<RemoteExtraData> {
    for (const [name, member] of Object.entries(value)) {
      if (member !== null) this.#take(name, member);
    }
    if (this.#fault !== undefined) return { ok: false, fault: this.#fault };
    return decoded({
      type: 'remote',
      remoteNode: this.#texts.RemoteNode,
      remoteWorkType: this.#texts.RemoteWorkType,
      remoteParams: this.#params,
      remoteUnitId: this.#texts.RemoteUnitID,
      remoteStarted: this.#flags.RemoteStarted,
      localCancelled: this.#flags.LocalCancelled,
      localReleased: this.#flags.LocalReleased,
      signWork: this.#flags.SignWork,
      tlsClient: this.#texts.TLSClient,
      expiration: this.#expiration,
    });
  }

  #take(name: string, member: ParsedJson): void {
    const text = matchField(REMOTE_TEXTS, name);
    const flag = matchField(REMOTE_FLAGS, name);
    const other = matchField(REMOTE_OTHERS, name);
    if (text !== undefined && typeof member === 'string') this.#texts[text] = member;
    else if (flag !== undefined && typeof member === 'boolean') this.#flags[flag] = member;
    else if (other === 'RemoteParams' && isObject(member)) this.#takeParams(member);
    else if (other === 'Expiration' && typeof member === 'string') this.#takeExpiration(member);
    else if (text !== undefined || flag !== undefined || other !== undefined) this.#refuse(name);
  }

  #takeParams(members: ParsedObject): void {
    for (const [name, member] of Object.entries(members)) {
      if (typeof member === 'string' || member === null) this.#params.set(name, member ?? '');
      else this.#refuse(`RemoteParams.${name}`);
    }
  }

  #takeExpiration(text: string): void {
    const time = parseGoTime(text);
    if (time.ok) this.#expiration = time.value;
    else this.#fault ??= time.fault;
  }

  #refuse(name: string): void {
    this.#fault ??= faulty('json-type', 0, `${name} of a remote unit has the wrong type`).fault;
  }
}
