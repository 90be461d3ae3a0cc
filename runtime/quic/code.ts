import { RuntimeError } from '../errors.js';

/** Codes that we send are held to 32 bits, which pass the border as they are; QUIC would allow 62. */
const CODE_MAX = 0xffff_ffff;

/** Checks a code of the application for a close, a reset or a stop. Throws `invalid-use`. */
export function requireCode(code: number): void {
  if (!Number.isInteger(code) || code < 0 || code > CODE_MAX) {
    throw new RuntimeError('invalid-use', 'A code must be a whole number below 2^32', { data: { code } });
  }
}
