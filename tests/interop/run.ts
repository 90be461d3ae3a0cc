// `npm run interop`: brings the programs of others where the environment does not name them, then runs the tests. A
// variable that is set decides: to a path, or to nothing for a run without that program.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RUNNER = fileURLToPath(new URL('../run.js', import.meta.url));

/** How each program is brought: by a script that prints its path, or says in one line why it cannot be had. */
const SCRIPTS = {
  RECEPTORCTL: 'tests/support/receptorctl.sh',
  RECEPTOR_REF: 'tests/support/reference-receptor.sh',
} as const;

function brought(script: string): string {
  const { status, stdout } = spawnSync('sh', [script], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? stdout.trim() : '';
}

const tools = Object.fromEntries(
  Object.entries(SCRIPTS).map(([variable, script]) => [variable, process.env[variable] ?? brought(script)]),
);
const { status } = spawnSync(process.execPath, [RUNNER, 'interop', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...tools },
});
process.exitCode = status ?? 1;
