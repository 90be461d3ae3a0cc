import type { UnitId } from '../../protocol/names.js';
import { splitShellWords } from '../../protocol/work/shell-words.js';
import { parentOf } from '../../runtime/address.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import type { DetachedHandler, ProcessIdentity } from '../../runtime/process-port.js';
import type { Self } from '../../runtime/self.js';
import { NODE } from '../addresses.js';
import type { MeshPorts } from '../ports.js';
import type { CommandMessage, CommandWish } from './command-vocabulary.js';
import { RunnerWatch } from './runner-watch.js';
import type { UnitMessage } from './unit-vocabulary.js';
import type { CommandJob } from './work-types.js';

/** The command's environment names its unit, so that an operator sees whose process it is. */
const UNIT_MARKER = 'RECEPTOR_UNIT_FOLDER';

export type CommandPorts = Pick<MeshPorts, 'workKit' | 'files' | 'processes' | 'clock'>;

type Launch = Extract<CommandWish, { readonly type: 'launch' }>;

/** What a run of a command does for its machine. */
export function commandEffects(ports: CommandPorts, self: Self<CommandMessage>): EffectTable<CommandWish> {
  let watch: RunnerWatch | undefined;
  const watchFor = (unitId: UnitId): RunnerWatch => {
    const opened = makeWatch(ports, self, unitId);
    self.own('runner watch', () => opened.close());
    watch = opened;
    return opened;
  };
  const tellUnit = (message: UnitMessage): void => {
    self.send(parentOf(self.address) ?? NODE, message);
  };
  return {
    'check-job': ({ job }) => {
      self.attempt(
        checkJob(ports, job),
        (message) => message,
        (error) => ({ type: 'job.refused', text: describe(error) }),
      );
    },
    launch: (wish) => {
      const handler = handlerFor(self, watchFor(wish.unitId));
      launch(ports, self, wish, handler).catch((error: unknown) => handler.failed(describe(error)));
    },
    'find-runner': ({ unitId }) => findRunner(self, watchFor(unitId)),
    signal: ({ signal }) => watch?.signal(signal),
    look: () => watch?.look(),
    'measure-output': ({ unitId }) => measureOutput(ports, self, unitId),
    'tell-started': ({ outcome }) => tellUnit({ type: 'work.started', outcome }),
    'tell-changed': ({ status, weight }) => tellUnit({ type: 'work.changed', status, weight }),
  };
}

function handlerFor(self: Self<CommandMessage>, watch: RunnerWatch): DetachedHandler {
  return {
    started: self.whileAlive((pid: number) => {
      self.answer({ type: 'runner.started', pid });
      watch.open();
    }),
    failed: (text) => self.answer({ type: 'runner.failed', text }),
    ended: self.whileAlive((code: number | undefined) => watch.runnerEnded(code)),
  };
}

function findRunner(self: Self<CommandMessage>, watch: RunnerWatch): void {
  const found = self.whileAlive((runner: ProcessIdentity | undefined) => {
    if (runner === undefined) {
      self.answer({ type: 'runner.none' });
    } else {
      watch.open();
      self.answer({ type: 'runner.started', pid: runner.pid });
    }
  });
  watch.find().then(found, (thrown: unknown) => self.fail(thrown));
}

/** The size that was seen last will do where the disk does not tell. */
function measureOutput({ files, workKit }: CommandPorts, self: Self<CommandMessage>, unitId: UnitId): void {
  self.attempt(
    files.sizeOf(workKit.pathsOf(unitId).stdout),
    (size = 0) => ({ type: 'output.measured', size }),
    () => ({ type: 'output.measured', size: workKit.board.get(unitId)?.stdoutSize ?? 0 }),
  );
}

function makeWatch(ports: CommandPorts, self: Self<CommandMessage>, unitId: UnitId): RunnerWatch {
  const { workKit } = ports;
  return new RunnerWatch(ports, workKit.pathsOf(unitId), {
    output: self.whileAlive((size: number) => workKit.board.grew(unitId, size)),
    commandStarted: (pid) => self.answer({ type: 'command.started', pid }),
    ended: (code) => self.answer({ type: 'command.ended', code }),
    failed: (thrown) => self.fail(thrown),
  });
}

/** Whether the command can be started, before it is tried, in the words of Go. */
async function checkJob({ processes }: CommandPorts, { command, params }: CommandJob): Promise<CommandMessage> {
  const words = splitShellWords(params);
  if (!words.ok) {
    return { type: 'job.refused', text: words.fault.detail };
  }
  const check = await processes.check(command);
  switch (check) {
    case 'runnable':
      return { type: 'job.checked', words: words.value };
    case 'not-in-path':
      return { type: 'job.refused', text: `exec: "${command}": executable file not found in $PATH` };
    case 'missing':
      return { type: 'job.refused', text: `fork/exec ${command}: no such file or directory` };
    case 'denied':
      return { type: 'job.refused', text: `fork/exec ${command}: permission denied` };
    default:
      return check satisfies never;
  }
}

/** The output is there before the runner, so that it is nobody else's to read. */
async function launch(
  { workKit, files, processes }: CommandPorts,
  self: Self<CommandMessage>,
  { unitId, command, words }: Launch,
  handler: DetachedHandler,
): Promise<void> {
  const { stdin, stdout, runner, child, exit, folder } = workKit.pathsOf(unitId);
  const output = await files.openAppend(stdout);
  await output.close();
  if (self.isAlive) {
    const records = { runner, child, exit };
    const environment = { [UNIT_MARKER]: folder };
    processes.start({ command, args: words, environment, inputPath: stdin, outputPath: stdout, records }, handler);
  }
}
