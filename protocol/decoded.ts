// The only error channel of this folder. Bytes from a peer, a client or a file may be anything, so a bad input is a
// value and never a throw: the caller counts it, logs it or answers it, and goes on.

/** Every way in which an input can be wrong, with what it means. The list is closed: callers switch on the code. */
export const FAULT_MEANINGS = {
  'bytes-overrun': 'a reader asked for more bytes than there are, or a writer for more room',
  'message-empty': 'a message without a kind byte; such a message ends a Go peer (mesh-protocol 2.6)',
  'message-kind': 'the kind byte is not the one that this decoder reads',
  'message-too-short': 'a data packet shorter than its 36-byte header',
  'message-too-long': 'more bytes than any link of the mesh carries in one message',
  'frame-empty': 'a frame of length zero; such a frame ends a Go peer (mesh-protocol 2.6)',
  'frame-too-long': 'more bytes than a 16-bit frame length can tell',
  'name-empty': 'a name of no bytes',
  'name-too-long': 'a name of more bytes than its kind allows',
  'name-character': 'a name with a character that its kind does not allow',
  'name-reserved': 'the name localhost, which every node uses for itself',
  'json-syntax': 'not a JSON text',
  'json-type': 'a JSON value of the wrong type, or a document that is not an object',
  'json-range': 'a number that does not fit its field',
  'json-depth': 'a JSON text nested deeper than we follow',
  'json-size': 'a JSON text longer than we read',
  'json-fields': 'more unknown fields, or more entries, than we keep',
  'update-id-too-long': 'a routing update whose id is longer than we remember',
  'advert-empty': 'an advertisement without any known field; it would end a Go peer (mesh-protocol 2.6)',
  'time-format': 'not an RFC 3339 time',
  'duration-format': 'not a Go duration',
  'extension-name': 'an extension field whose name is taken, or not a name',
  'line-too-long': 'a control line longer than we keep',
  'line-unexpected': 'a reply line that does not say what was asked for',
  'follow-header': 'a header of the follow stream that makes no sense',
  'follow-offset': 'output that does not start where the output before it ended',
  'words-unfinished': 'parameters that end inside a quotation or after a backslash',
} as const;

export type FaultCode = keyof typeof FAULT_MEANINGS;

/** What is wrong, at which byte (or character, for a text that came as a string), and a sentence for the log. */
export interface Fault {
  readonly code: FaultCode;
  readonly offset: number;
  readonly detail: string;
}

export interface Faulty {
  readonly ok: false;
  readonly fault: Fault;
}

/** A value that was read, or the fault that kept it from being read. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | Faulty;

export function decoded<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function faulty(code: FaultCode, offset: number, detail: string = FAULT_MEANINGS[code]): Faulty {
  return { ok: false, fault: { code, offset, detail } };
}
