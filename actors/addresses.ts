import { type Address, childAddress, rootAddress } from '../runtime/address.js';

/** Where the parts of a node live that others send to. */
export const NODE: Address = rootAddress('node');
export const ROUTER: Address = childAddress(NODE, 'router');
export const FLOODER: Address = childAddress(NODE, 'flooder');
export const DIRECTORY: Address = childAddress(NODE, 'directory');
export const PROBER: Address = childAddress(NODE, 'prober');
export const STREAMS: Address = childAddress(NODE, 'streams');
export const WORK: Address = childAddress(NODE, 'work');
