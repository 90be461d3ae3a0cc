import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { codeOf } from '../errors.js';

/** What the system says of a living process, in the words that a runner uses for itself. */
export interface Sighting {
  readonly boot: string;
  readonly birth: string;
  /** The pid of its group's leader. */
  readonly group: number;
}

/** Fields of `/proc/PID/stat` behind the name in brackets (proc(5)): state is the third of all. */
const STATE_FIELD = 0;
const GROUP_FIELD = 2;
const BIRTH_FIELD = 19;

/** It has ended; only its parent has not asked yet. */
const ENDED_STATES = ['Z', 'X', 'x'];

/** What stands where the system does not tell one run of the machine from another. */
const NO_BOOT = '-';

/** `undefined` when no process lives with that pid. */
export async function sightingOf(pid: number): Promise<Sighting | undefined> {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  if (boot === undefined) {
    return sightingByPs(pid);
  }
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const birth = fields[BIRTH_FIELD];
  const isEnded = ENDED_STATES.includes(fields[STATE_FIELD] ?? '');
  return birth === undefined || isEnded ? undefined : { boot, birth, group: Number(fields[GROUP_FIELD]) };
}

/** Where there is no `/proc`. */
function sightingByPs(pid: number): Promise<Sighting | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'pgid=,stat=,lstart=', '-p', `${pid}`], { timeout: 5_000 }, (error, output) => {
      resolve(error === null ? readPs(output) : undefined);
    });
  });
}

/** One line: the group, the state, and the moment of birth with its blanks. */
export function readPs(output: string): Sighting | undefined {
  const [, group, state, birth] = /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(output) ?? [];
  if (group === undefined || birth === undefined || state?.startsWith('Z') === true) {
    return undefined;
  }
  return { boot: NO_BOOT, birth, group: Number(group) };
}

/** `undefined` for a file that is not there; a process may end between two looks. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') {
      return undefined;
    }
    throw error;
  }
}
