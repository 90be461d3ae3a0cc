// Our own way to watch a unit: status and output in one stream, pushed as they change, where the reference's clients
// ask again and again (decision 10). It starts after the line `Following work unit <id>`; each header is a line:
//
//   {"Status":{…}}               the status has changed
//   {"Offset":o,"Length":n}      n bytes of output follow, which start at byte o of the output
//   {"End":true,"Size":n,"Status":{…}}   the unit will not change any more, and its output has n bytes in all
//
// The output starts at the position that was asked for and has no gaps. After the end the session takes commands again.
import { encodeText } from '../text.js';
import { NO_EXTRA_DATA } from './extra-data.js';
import { type UnitStatus, writeStatusReply } from './status.js';

/** Bytes of a header line. Its texts are cut to fit. */
export const FOLLOW_HEADER_BYTES_MAX = 64 * 1024;
/** Bytes of one block of output; senders read files in smaller pieces. More would only delay the next status. */
export const FOLLOW_BLOCK_BYTES_MAX = 1024 * 1024;
/** Characters of a detail or a work type; as JSON at most six bytes each, so that two of them fit into a header. */
const TEXT_LENGTH_MAX = 4096;

export function encodeFollowStatus(status: UnitStatus): Uint8Array {
  return encodeText(`{"Status":${writeFollowStatus(status)}}\n`);
}

/** The header of a block; exactly `length` bytes of output must follow, 1 to `FOLLOW_BLOCK_BYTES_MAX`. */
export function encodeFollowBlock(offset: number, length: number): Uint8Array {
  return encodeText(`{"Offset":${offset},"Length":${length}}\n`);
}

/** The last header, with the final status and the size of the whole output. */
export function encodeFollowEnd(status: UnitStatus, size: number): Uint8Array {
  return encodeText(`{"End":true,"Size":${size},"Status":${writeFollowStatus(status)}}\n`);
}

/** As in a reply, but without extra data, which can be large and which no follower needs. */
function writeFollowStatus(status: UnitStatus): string {
  return writeStatusReply({
    ...status,
    detail: status.detail.slice(0, TEXT_LENGTH_MAX),
    workType: status.workType.slice(0, TEXT_LENGTH_MAX),
    extraData: NO_EXTRA_DATA,
  });
}
