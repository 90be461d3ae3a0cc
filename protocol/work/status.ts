// The status of a unit: the record on disk, which the node, a runner process and the reference all read and write, and
// the same in replies (control-and-work 2.3, 3.1).
import { type Decoded, decoded } from '../decoded.js';
import { FieldCursor, fieldNames, matchField } from '../json/fields.js';
import { writeString } from '../json/writer.js';
import { encodeText } from '../text.js';
import { type ExtraData, NO_EXTRA_DATA, readExtraData, redactedExtraData, writeExtraData } from './extra-data.js';
import { stateName, WORK_STATE } from './state.js';

export interface UnitStatus {
  /** One of `WORK_STATE`; any whole number in a foreign file. */
  readonly state: number;
  /** A sentence for people: `Running: PID 17326`, `exit status 0`. */
  readonly detail: string;
  /** Bytes of output so far. */
  readonly stdoutSize: number;
  readonly workType: string;
  readonly extraData: ExtraData;
}

/** Bytes. Parameters come in one control line of at most 8 MiB, and JSON may write each of its bytes as six. */
export const STATUS_FILE_BYTES_MAX = 64 * 1024 * 1024;

const FIELDS = fieldNames('State', 'Detail', 'StdoutSize', 'WorkType', 'ExtraData');

/** A unit that has just been made. */
export function newUnitStatus(workType: string, extraData: ExtraData = NO_EXTRA_DATA): UnitStatus {
  return { state: WORK_STATE.pending, detail: 'Unit Created', stdoutSize: 0, workType, extraData };
}

/** The bytes of a status file: one object, fields in the reference's order, and a newline. */
export function encodeStatusFile(status: UnitStatus): Uint8Array {
  return encodeText(
    `{"State":${status.state},"Detail":${writeString(status.detail)},"StdoutSize":${status.stdoutSize}` +
      `,"WorkType":${writeString(status.workType)},"ExtraData":${writeExtraData(status.extraData)}}\n`,
  );
}

/** Reads a status file, which another program may just be writing: an empty or half-written one is a fault. */
export function decodeStatusFile(bytes: Uint8Array): Decoded<UnitStatus> {
  return readStatus(new FieldCursor(bytes, STATUS_FILE_BYTES_MAX));
}

/** The status as replies show it: without secrets, with the state's name, keys in alphabetical order. */
export function writeStatusReply(status: UnitStatus): string {
  return (
    `{"Detail":${writeString(status.detail)},"ExtraData":${writeExtraData(redactedExtraData(status.extraData))}` +
    `,"State":${status.state},"StateName":${writeString(stateName(status.state))}` +
    `,"StdoutSize":${status.stdoutSize},"WorkType":${writeString(status.workType)}}`
  );
}

/** Reads the fields of a file or of a reply; both have the same, in another order. */
export function readStatus(fields: FieldCursor): Decoded<UnitStatus> {
  let state = 0;
  let detail = '';
  let stdoutSize = 0;
  let workType = '';
  let extraJson = 'null';
  while (fields.next()) {
    const field = matchField(FIELDS, fields.name);
    if (field === 'State') state = fields.int(state);
    else if (field === 'Detail') detail = fields.string(detail);
    else if (field === 'StdoutSize') stdoutSize = fields.int(stdoutSize);
    else if (field === 'WorkType') workType = fields.string(workType);
    else if (field === 'ExtraData') extraJson = fields.raw();
  }
  if (fields.fault !== undefined) return { ok: false, fault: fields.fault };
  const extraData = readExtraData(extraJson, workType);
  return extraData.ok ? decoded({ state, detail, stdoutSize, workType, extraData: extraData.value }) : extraData;
}
