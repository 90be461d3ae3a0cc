import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { codeOf, describe } from '../errors.js';
import type {
  CommandCheck,
  DetachedHandler,
  DetachedPlan,
  ProcessGroup,
  ProcessIdentity,
  ProcessPort,
  ProcessSignal,
} from '../process-port.js';
import { type Sighting, sightingOf } from './process-sighting.js';
import { runnerArguments, SHELL } from './runner-script.js';

/** The processes of this machine. */
export const systemProcesses: ProcessPort = {
  check: async (command) => checkCommand(command, process.env['PATH'] ?? ''),
  start,
  isAlive: async (identity) => (await sighting(identity)) !== undefined,
  hasLife: async (group) => (await livingMember(group)) !== undefined,
  signal,
};

/** As a shell looks for it: a name with a `/` is a path, any other is sought along the search path. */
export function checkCommand(command: string, searchPath: string): CommandCheck {
  if (command.includes('/')) {
    return checkPath(command);
  }
  const found = searchPath.split(delimiter).some((folder) => checkPath(join(folder || '.', command)) === 'runnable');
  return found && command !== '' ? 'runnable' : 'not-in-path';
}

function checkPath(path: string): CommandCheck {
  try {
    const stats = statSync(path);
    accessSync(path, constants.X_OK);
    return stats.isFile() ? 'runnable' : 'denied';
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'denied';
  }
}

function start(plan: DetachedPlan, handler: DetachedHandler): void {
  let runner: ChildProcess;
  try {
    runner = spawnRunner(plan);
  } catch (error) {
    // An argument with a zero byte is refused at once.
    queueMicrotask(() => handler.failed(describe(error)));
    return;
  }
  let isStarted = false;
  // Whether it runs is no reason for us to stay.
  runner.unref();
  runner.once('spawn', () => {
    isStarted = true;
    handler.started(runner.pid ?? 0);
  });
  runner.on('error', (error) => {
    if (!isStarted) {
      handler.failed(describe(error));
    }
  });
  runner.once('exit', (code) => handler.ended(code ?? undefined));
}

function spawnRunner({ records, inputPath, outputPath, command, args, environment }: DetachedPlan): ChildProcess {
  const paths = { ...records, input: inputPath, output: outputPath };
  return spawn(SHELL, runnerArguments(paths, [command, ...args]), {
    // A session and a process group of its own: it gets no signal that is meant for us, and outlives us.
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
}

async function signal(group: ProcessGroup, name: ProcessSignal): Promise<boolean> {
  const witness = await livingMember(group);
  return witness !== undefined && signalGroup(group.leader.pid, name);
}

function signalGroup(pid: number, name: ProcessSignal): boolean {
  try {
    return process.kill(-pid, name);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') {
      return false;
    }
    throw error;
  }
}

/** The first of them who lives and is in the group. */
async function livingMember({ leader, members }: ProcessGroup): Promise<ProcessIdentity | undefined> {
  for (const identity of [leader, ...members]) {
    const seen = await sighting(identity);
    if (seen?.group === leader.pid) {
      return identity;
    }
  }
  return undefined;
}

/** `undefined` when nobody, or somebody else, has the pid. */
async function sighting(identity: ProcessIdentity): Promise<Sighting | undefined> {
  const seen = await sightingOf(identity.pid);
  const isSame = seen?.birth === identity.birth && seen.boot === identity.boot;
  return isSame ? seen : undefined;
}
