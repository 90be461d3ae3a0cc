/** The closed set of things that a user of the mesh may have to deal with. Callers switch on `code`. */
export type MeshErrorCode =
  /** A service name is bound already on this node. */
  | 'service-in-use'
  /** Nobody knows the way to the node, now. May be tried again. */
  | 'no-route'
  /** The node answered that it has no such service. */
  | 'service-unknown'
  /** No answer came in time. May be tried again. */
  | 'timeout'
  /** A node on the way or at the end said why it would not deliver; `data.problem` has its words. */
  | 'undeliverable'
  /** The node is being stopped. */
  | 'node-stopped'
  /** A part could not be started; `data` names it and why. */
  | 'start-failed'
  /** A configuration says something that cannot be; `data.field` names it. */
  | 'invalid-configuration'
  /** A call says something that cannot be; `data.field` names it. */
  | 'invalid-argument'
  /** The connection to the other end of a stream ended; `data.reason` says how. */
  | 'stream-lost'
  /** The other end is not who it should be, or cannot prove it. */
  | 'stream-untrusted'
  /** The unit of work takes no input any more: it was cancelled, released, or has failed. */
  | 'unit-gone'
  /** A file could not be written; `data.code` says why. */
  | 'storage-failed';

/** An error with a closed code and the facts as data. The text is for people and is never compared. */
export class MeshError extends Error {
  readonly code: MeshErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: MeshErrorCode, text: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(text, cause === undefined ? undefined : { cause });
    this.name = 'MeshError';
    this.code = code;
    this.data = data;
  }
}
