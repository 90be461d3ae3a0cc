/** How the program ends. Scripts depend on these: a number is never given another meaning. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  reloadNeedsRestart: 3,
  reloadRefused: 4,
  reloadFailed: 5,
  unreachable: 10,
  late: 11,
  unitFailed: 20,
  unitCancelled: 21,
  unitUnfinished: 22,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** For help and documentation. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  ok: 'it was done; a node: it stopped in order, or found that another node has its id',
  failed: 'the node answered with an error, or a ping had no answer; a node: it could not start, or failed',
  usage: 'the command line makes no sense',
  reloadNeedsRestart: 'reload: something has changed that needs a restart',
  reloadRefused: 'reload: the configuration is not good, or the node cannot reload',
  reloadFailed: 'reload: it failed for another reason',
  unreachable: 'no node could be reached: no socket, nobody there, or not a node, or the connection was lost',
  late: 'the node did not answer in time',
  unitFailed: 'the unit of work failed (work submit --follow, work results)',
  unitCancelled: 'the unit of work was cancelled (work submit --follow, work results)',
  unitUnfinished: 'the output of the unit ended before the unit did',
  interrupted: 'interrupted by Ctrl-C; a node: a second SIGINT while it was stopping',
  brokenPipe: 'nobody reads standard output any more',
  terminated: 'the demo was ended by SIGTERM; a node: a second SIGTERM while it was stopping',
};
