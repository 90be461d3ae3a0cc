import type { EngineHost, SigningKey } from './engine.js';
import { schemeOf } from './schemes.js';
import type { WasmImports } from './web-assembly.js';

/** WASI's success and its "function not supported". */
const SUCCESS = 0;
const NOT_SUPPORTED = 58;

/** WASI's id of the wall clock; every other one is answered with the monotonic clock. */
const REALTIME = 0;

const NANOS_PER_MICRO = 1_000n;
const NANOS_PER_MILLI = 1_000_000n;

/** Bytes of two pointers-and-lengths: one entry of the list that `fd_write` is given. */
const VECTOR_BYTES = 8;

/** What the imports need of the instance that they belong to. */
export interface ImportContext {
  readonly host: EngineHost;
  /** The instance's memory as it is now. */
  bytes(): Uint8Array;
  key(id: number): SigningKey | undefined;
  /** What the engine printed: the message of a panic. */
  printed(text: string): void;
  /** A signature or a check failed with an exception. The handshake fails; the instance lives. */
  hostFailed(thrown: unknown): void;
}

/**
 * Everything that the engine imports (`native/src/host.rs`).
 * Signing and verifying answer "no" when the host throws. The clock and chance have no such answer: a throw there ends
 * the instance.
 */
export function engineImports(context: ImportContext): WasmImports {
  return { host: signatureImports(context), wasi_snapshot_preview1: systemImports(context) };
}

function signatureImports(context: ImportContext) {
  // Copies, because what is given to foreign code must not change under it.
  const copy = (at: number, length: number): Uint8Array => context.bytes().slice(at, at + length);
  const answer = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (thrown) {
      context.hostFailed(thrown);
      return otherwise;
    }
  };
  return {
    sign: (key: number, scheme: number, message: number, length: number, target: number, capacity: number): number =>
      answer(() => {
        const name = schemeOf(scheme);
        const signature = name && context.key(key)?.sign(name, copy(message, length));
        if (signature === undefined || signature.length > capacity) {
          return 0;
        }
        context.bytes().set(signature, target);
        return signature.length;
      }, 0),
    verify: (
      ...[scheme, certificate, certificateLength, message, messageLength, signature, signatureLength]: VerifyArguments
    ): number =>
      answer(() => {
        const name = schemeOf(scheme);
        if (name === undefined) {
          return 0;
        }
        const isRight = context.host.verifySignature({
          scheme: name,
          certificate: copy(certificate, certificateLength),
          message: copy(message, messageLength),
          signature: copy(signature, signatureLength),
        });
        return isRight ? 1 : 0;
      }, 0),
  };
}

/** Scheme, then pointer and length of certificate, message and signature. */
type VerifyArguments = [number, number, number, number, number, number, number];

function systemImports(context: ImportContext) {
  const view = (): DataView => new DataView(context.bytes().buffer);
  const noEnvironment = (count: number, size: number): number => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return SUCCESS;
  };
  return {
    random_get: (at: number, length: number): number => {
      context.host.fillRandom(context.bytes().subarray(at, at + length));
      return SUCCESS;
    },
    clock_time_get: (id: number, _precision: bigint, result: number): number => {
      const { host } = context;
      const nanos =
        id === REALTIME
          ? BigInt(Math.trunc(host.wallMs())) * NANOS_PER_MILLI
          : BigInt(Math.trunc(host.monotonicMicros())) * NANOS_PER_MICRO;
      view().setBigUint64(result, nanos, true);
      return SUCCESS;
    },
    fd_write: (_file: number, vectors: number, count: number, result: number): number => {
      const text = printedText(view(), vectors, count);
      context.printed(text.text);
      view().setUint32(result, text.bytes, true);
      return SUCCESS;
    },
    environ_get: (): number => SUCCESS,
    environ_sizes_get: noEnvironment,
    proc_exit: (): number => NOT_SUPPORTED,
  };
}

function printedText(
  view: DataView,
  vectors: number,
  count: number,
): { readonly text: string; readonly bytes: number } {
  let text = '';
  let bytes = 0;
  for (let at = vectors; at < vectors + count * VECTOR_BYTES; at += VECTOR_BYTES) {
    const length = view.getUint32(at + 4, true);
    text += new TextDecoder().decode(new Uint8Array(view.buffer, view.getUint32(at, true), length));
    bytes += length;
  }
  return { text, bytes };
}
