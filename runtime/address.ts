import { RuntimeError } from './errors.js';

/** Where an actor lives: names joined by `/`, the parent's address first. Example: `node/links/dialer-1`. */
export type Address = string & { readonly __brand: 'Address' };

/** One name of an address; long enough for a node id of 255 bytes with every byte escaped. */
const NAME_CHARS_MAX = 800;

const PLAIN = /^[A-Za-z0-9._@:-]$/;

/** The address of a system's first actor. */
export function rootAddress(name: string): Address {
  return checked(name) as Address;
}

/** The address of a child. `name` must not be empty; what is unsafe in it is escaped as `~hex`. */
export function childAddress(parent: Address, name: string): Address {
  return `${parent}/${checked(name)}` as Address;
}

/** The parent's address, or `undefined` for the first actor. */
export function parentOf(address: Address): Address | undefined {
  const cut = address.lastIndexOf('/');
  return cut < 0 ? undefined : (address.slice(0, cut) as Address);
}

function checked(name: string): string {
  const safe = Array.from(name, (char) => (PLAIN.test(char) ? char : `~${char.codePointAt(0)?.toString(16)}`)).join('');
  if (safe === '' || safe.length > NAME_CHARS_MAX) {
    throw new RuntimeError('address-invalid', 'an actor needs a name of 1 to 800 characters', { data: { name } });
  }
  return safe;
}
