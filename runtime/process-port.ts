/**
 * One process for all times: a pid alone is given to others again, a pid with the moment of its birth is not. `boot`
 * names the run of the machine, since births are counted from its start.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly boot: string;
  readonly birth: string;
}

/** What a shell would find for the name of a command. */
export type CommandCheck =
  | 'runnable'
  /** A bare name that no folder of the search path has. */
  | 'not-in-path'
  /** A path that leads to nothing. */
  | 'missing'
  /** Something that may not be run. */
  | 'denied';

/** A program to be run by a runner of its own, which outlives us. */
export interface DetachedPlan {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The program's standard input; must be there. */
  readonly inputPath: string;
  /** Standard output and standard error are appended here, in the order of writing. */
  readonly outputPath: string;
  readonly records: DetachedRecords;
}

/**
 * What the runner leaves behind, in files of one line each. A record is whole when its line has ended.
 * The runner's own comes first, and never replaces another: so a second runner for the same records does nothing, and
 * whoever makes that file before the runner has prevented it.
 */
export interface DetachedRecords {
  /** The runner's identity. */
  readonly runner: string;
  /** The program's identity. */
  readonly child: string;
  /** The program's exit status, 128 and the signal's number where a signal ended it. */
  readonly exit: string;
}

export interface DetachedHandler {
  /** The runner lives; `pid` leads a process group of its own. */
  started(pid: number): void;
  /** It could not be started. Nothing else is called. */
  failed(text: string): void;
  /** Our child, the runner, has ended; `code` is the program's exit status, undefined when the runner was killed. */
  ended(code: number | undefined): void;
}

export type ProcessSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

/** A group of processes, by those who can prove that it is still the same. */
export interface ProcessGroup {
  readonly leader: ProcessIdentity;
  /** Others who were in it from the start. */
  readonly members: readonly ProcessIdentity[];
}

/** The processes of this machine. */
export interface ProcessPort {
  check(command: string): Promise<CommandCheck>;
  /** Starts a runner. `handler` is called as long as we live; the records tell the rest. */
  start(plan: DetachedPlan, handler: DetachedHandler): void;
  /** False for who has ended, even if nobody has taken note of the end yet. */
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** True when one of them lives and is in the group of the leader. */
  hasLife(group: ProcessGroup): Promise<boolean>;
  /** Signals the whole group, after one of those named was found alive in it; false when none was. */
  signal(group: ProcessGroup, signal: ProcessSignal): Promise<boolean>;
}

/** Bytes of a record; longer ones are none. */
export const RECORD_BYTES_MAX = 512;

const IDENTITY = /^([1-9][0-9]{0,9}) (\S+) ([^\n]+)\n$/;
const EXIT_STATUS = /^([0-9]{1,3})\n$/;

/** The line that a runner or a program leaves. */
export function identityRecord({ pid, boot, birth }: ProcessIdentity): string {
  return `${pid} ${boot} ${birth}\n`;
}

/** `undefined` for a record that is not whole, or is none. */
export function readIdentityRecord(text: string): ProcessIdentity | undefined {
  const [, pid, boot, birth] = IDENTITY.exec(text) ?? [];
  return pid === undefined || boot === undefined || birth === undefined
    ? undefined
    : { pid: Number(pid), boot, birth: birth.trim() };
}

/** `undefined` for a record that is not whole, or is none. */
export function readExitRecord(text: string): number | undefined {
  const [, code] = EXIT_STATUS.exec(text) ?? [];
  return code === undefined ? undefined : Number(code);
}
