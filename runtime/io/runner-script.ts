/**
 * The runner of a detached program: a few lines of POSIX shell, because a shell costs 1.7 MB and 3 ms where a Node
 * process costs 50 MB and 65 ms. It leaves the records that `DetachedRecords` describes; each is written by one call,
 * so that a reader sees all of it or a line without end.
 *
 * The program runs in the foreground: one in the background of a shell would ignore SIGINT. The trap keeps the runner
 * alive through a signal to the group, so that it can tell how the program ended, and programs do not inherit it.
 * Arguments travel as arguments, never as shell text. What the shell itself has to say goes nowhere.
 *
 * The records are the owner's alone, as all files of a unit; the program has the umask that the runner was started with.
 */

/** Prints who we are. Field 22 of `stat` counts from behind the name, which may hold blanks and brackets. */
const IDENTIFY = `_identify() {
  { read -r _stat < "/proc/$$/stat" && read -r _boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null || _stat= _boot=-
  set -- \${_stat##*) }
  echo "$$ $_boot \${20-$(ps -o lstart= -p $$ 2>/dev/null)}"
}
`;

/**
 * `$0` is the child's record. The shell turns into the program, so its pid is the program's. The redirections stand here
 * and not in the runner: there they would also take what the runner's shell says of a killed program.
 */
const CHILD_SCRIPT = `${IDENTIFY}_identify > "$0"
[ -z "$1" ] || umask "$1"
_input=$2 _output=$3
shift 3
exec "$@" < "$_input" >> "$_output" 2>&1
`;

const RUNNER_SCRIPT = `${IDENTIFY}trap : INT TERM HUP
_runner=$1 _child=$2 _exit=$3 _script=$4
shift 4
_umask=$(umask)
umask 077
set -C
_identify > "$_runner" || exit 125
set +C
/bin/sh -c "$_script" "$_child" "$_umask" "$@"
_code=$?
echo "$_code" > "$_exit"
exit "$_code"
`;

/** What the runner needs to know, apart from the program and its arguments. */
export interface RunnerPaths {
  readonly runner: string;
  readonly child: string;
  readonly exit: string;
  readonly input: string;
  readonly output: string;
}

export const SHELL = '/bin/sh';

/** The arguments of the shell that is the runner. */
export function runnerArguments(paths: RunnerPaths, program: readonly string[]): readonly string[] {
  const { runner, child, exit, input, output } = paths;
  return ['-c', RUNNER_SCRIPT, 'runner', runner, child, exit, CHILD_SCRIPT, input, output, ...program];
}
