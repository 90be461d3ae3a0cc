import { RECORD, wideNumber } from './abi.js';
import type { ConnectionEvent, Loss } from './engine.js';

/** Codes of a transport close that carry a TLS alert in their low byte (RFC 9001, 4.8). */
const CRYPTO_ERROR_FIRST = 0x100;
const CRYPTO_ERROR_LAST = 0x1ff;

/**
 * The event in record `index` of the engine's table (`native/src/event.rs`).
 * `lossText` is asked only for a loss. `undefined` for a type that this program does not know.
 */
export function decodeEvent(numbers: Uint32Array, index: number, lossText: () => string): ConnectionEvent | undefined {
  const at = index * RECORD;
  const subject = numbers[at + 1] ?? 0;
  const code = wideNumber(numbers, at / 2 + 1);
  switch (numbers[at]) {
    case 1:
      return { type: 'connected' };
    case 2:
      return { type: 'streams-opened' };
    case 3:
      return { type: 'streams-available' };
    case 4:
      return { type: 'readable', stream: subject };
    case 5:
      return { type: 'writable', stream: subject };
    case 6:
      return { type: 'finished', stream: subject };
    case 7:
      return { type: 'stopped', stream: subject, code };
    case 8:
      return { type: 'lost', loss: decodeLoss(subject, code, lossText()) };
    case 9:
      return { type: 'drained' };
    default:
      return undefined;
  }
}

function decodeLoss(kind: number, code: number, reason: string): Loss {
  switch (kind) {
    case 1:
      return { kind: 'application-closed', code, reason };
    case 2:
      return transportLoss('peer', code, reason);
    case 3:
      return transportLoss('us', code, reason);
    case 4:
      return { kind: 'timed-out' };
    case 5:
      return { kind: 'reset' };
    case 6:
      return { kind: 'version-mismatch' };
    default:
      return { kind: 'engine-fault', reason: `the engine told a loss of the unknown kind ${kind}` };
  }
}

function transportLoss(by: 'peer' | 'us', code: number, reason: string): Loss {
  const carriesAlert = code >= CRYPTO_ERROR_FIRST && code <= CRYPTO_ERROR_LAST;
  return { kind: 'transport-closed', by, code, alert: carriesAlert ? code - CRYPTO_ERROR_FIRST : undefined, reason };
}
