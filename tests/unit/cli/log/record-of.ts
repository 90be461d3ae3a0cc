import { type Address, childAddress, rootAddress } from '../../../../runtime/address.js';
import type { InspectionRecord, RecordKind } from '../../../../runtime/inspection.js';
import type { Topic } from '../../../../runtime/message.js';

/** An address of a node: its names below `node`. */
export function partAddress(...names: readonly string[]): Address {
  return names.reduce<Address>(childAddress, rootAddress('node'));
}

/** A record as the hub tells it when a topic is published. */
export function topicRecord<Payload>(
  topic: Topic<Payload>,
  payload: Payload,
  address: Address = partAddress('part'),
): InspectionRecord {
  return { atMs: 0, address, kind: 'topic', subject: topic.name, detail: { payload } };
}

export function recordOf(
  kind: RecordKind,
  subject: string,
  detail: InspectionRecord['detail'] = {},
  address: Address = partAddress('part'),
): InspectionRecord {
  return { atMs: 0, address, kind, subject, detail };
}

/** Lines as `LEVEL text`. */
export function shownLines(lines: readonly { readonly level: string; readonly text: string }[]): readonly string[] {
  return lines.map(({ level, text }) => `${level.toUpperCase()} ${text}`);
}
