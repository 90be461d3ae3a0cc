import type { FileFaultCode } from '../file-port.js';

/** Names what is done, for faults: `append`, `create`, `replace`, `read`, `open`, `make`, `list`, `remove`. */
export type DiskAct = 'append' | 'create' | 'replace' | 'read' | 'open' | 'make' | 'list' | 'remove';

/** Answers why an act fails now, or nothing. */
export type DiskFault = (act: DiskAct, path: string) => FileFaultCode | undefined;
