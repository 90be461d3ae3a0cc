// Runs a node until it is told to stop, or ends by itself.
import type { MeshNode } from '../actors/mesh-node.js';
import type { NodeEnd } from '../actors/node.actor.js';
import { VERSION } from '../actors/version.js';
import { describe } from '../runtime/errors.js';
import type { HostPorts } from '../runtime/host-ports.js';
import { ConfigError } from './config/config-error.js';
import { loadConfig } from './config/load.js';
import { type Plan, planOf } from './config/plan.js';
import { preparePlannedDirectory } from './data-directory.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { LogWriter, type TextOutput } from './log/log-writer.js';
import { startFault } from './start-fault.js';
import { securityOf } from './start-security.js';

/** Every part of a node stops within seconds; what is not done by then will not be done. */
const STOP_WITHIN_MS = 35_000;

export type StopSignal = 'SIGTERM' | 'SIGINT';

/** What a daemon needs of its process. */
export interface DaemonHost {
  readonly outside: HostPorts;
  readonly output: TextOutput;
  /** Standard input; without it nobody can be asked. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Variables of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Hears signals until the process ends. */
  onSignal(name: StopSignal | 'SIGHUP', heard: () => void): void;
}

const FORCED: Readonly<Record<StopSignal, ExitCode>> = { SIGTERM: EXIT.terminated, SIGINT: EXIT.interrupted };

/** Never rejects for what a user can do wrong: that is one line and a status. */
export async function runDaemon(args: readonly string[], host: DaemonHost): Promise<ExitCode> {
  try {
    return await runChecked(args, host);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) {
      throw thrown;
    }
    host.output.write(`${thrown.line}\n`);
    return EXIT.failed;
  }
}

async function runChecked(args: readonly string[], host: DaemonHost): Promise<ExitCode> {
  const { outside, output } = host;
  const config = await loadConfig(args);
  if (config.items.some(({ entity }) => entity.name === 'version')) {
    output.write(`${VERSION}\n`);
    return EXIT.ok;
  }
  const certItem = config.items.find(({ entity }) => entity.name.startsWith('cert-'));
  if (certItem !== undefined) {
    const { runCertEntity } = await import('./cert/cert-entities.js');
    await runCertEntity(certItem, { ...outside, output, input: host.input ?? nobody() });
    return EXIT.ok;
  }
  const plan = planOf(config, outside.facts.hostName, host.environment);
  const log = new LogWriter({ output, clock: outside.clock, threshold: plan.logLevel });
  for (const text of plan.warnings) {
    log.write({ level: 'warning', text });
  }
  if (!plan.hasBackends) {
    log.write({ level: 'warning', text: 'Nothing to do - no backends are running.' });
    log.write({ level: 'warning', text: 'Run receptor --help for command line instructions.' });
    return EXIT.failed;
  }
  await preparePlannedDirectory(plan, outside.files);
  return await runNode(plan, log, host);
}

async function runNode(plan: Plan, log: LogWriter, host: DaemonHost): Promise<ExitCode> {
  // Only now: a configuration that is wrong is told so without waiting for all of a node to be loaded.
  const [{ MeshNode: Node }, { logNode }] = await Promise.all([
    import('../actors/mesh-node.js'),
    import('./log/node-log.js'),
  ]);
  const node = new Node(plan.node, host.outside, await securityOf(plan, host.outside.files));
  const unlog = logNode(node, log);
  const forced = stopAtSignals(node, log, host);
  node.started.then(
    () => log.write({ level: 'info', text: 'Initialization complete' }),
    () => undefined, // how it ended is told below
  );
  const code = await Promise.race([forced, node.ended.then((end) => exitCodeFor(end, plan, log))]);
  unlog();
  return code;
}

/** The first signal stops the node in order; the second one, or a stop that takes too long, does not wait for it. */
function stopAtSignals(node: MeshNode, log: LogWriter, host: DaemonHost): Promise<ExitCode> {
  const { clock } = host.outside;
  return new Promise((resolve) => {
    let state: 'running' | 'stopping' = 'running';
    const heard = (name: StopSignal): void => {
      if (state === 'stopping') {
        log.write({ level: 'warning', text: `${name} again: ending at once` });
        resolve(FORCED[name]);
        return;
      }
      state = 'stopping';
      log.write({ level: 'info', text: `${name}: stopping; the same once more ends the node at once` });
      clock.setTimer(STOP_WITHIN_MS, () => {
        log.write({ level: 'error', text: `The node did not stop within ${STOP_WITHIN_MS / 1_000} s` });
        resolve(EXIT.failed);
      });
      node.stop().catch((thrown: unknown) => {
        log.write({ level: 'error', text: `The node did not stop in order: ${describe(thrown)}` });
      });
    };
    host.onSignal('SIGTERM', () => heard('SIGTERM'));
    host.onSignal('SIGINT', () => heard('SIGINT'));
    host.onSignal('SIGHUP', () =>
      log.write({
        level: 'warning',
        text: 'SIGHUP: reloading is not built into this version yet; nothing was changed',
      }),
    );
  });
}

function exitCodeFor(end: NodeEnd, plan: Plan, log: LogWriter): ExitCode {
  switch (end.type) {
    case 'stopped':
      log.write({ level: 'info', text: 'Shutdown complete' });
      return EXIT.ok;
    case 'duplicate':
      // As the reference does; the log has told why.
      return EXIT.ok;
    case 'failed':
      log.write({ level: 'error', text: `The node failed and cannot go on: ${end.text} (${end.code})` });
      return EXIT.failed;
    case 'start-failed':
      throw startFault(end, plan.parts);
    default:
      return end satisfies never;
  }
}

/** An input that has ended. */
async function* nobody(): AsyncIterable<Uint8Array> {
  yield* [];
}
