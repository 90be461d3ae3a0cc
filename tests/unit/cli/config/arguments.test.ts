import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asksForHelp, readArguments } from '../../../../cli/config/arguments.js';
import { ConfigError } from '../../../../cli/config/config-error.js';
import type { RawItem } from '../../../../cli/config/raw-item.js';

const NO_FILES = (): never => assert.fail('no file was expected');

/** Items as `label name=value …`. */
function shown(items: readonly RawItem[]): readonly string[] {
  return items.map(({ label, parameters }) =>
    [label, ...parameters.map(({ spec, raw }) => `${spec.name}=${raw.form === 'text' ? raw.text : '?'}`)].join(' '),
  );
}

function read(...args: readonly string[]): readonly string[] {
  return shown(readArguments(args, NO_FILES));
}

describe('the command line of the daemon', () => {
  it('reads entities with their parameters', () => {
    assert.deepEqual(read('--node', 'id=a', 'datadir=/x', '--local-only', '--tcp-peer', 'address=b:1'), [
      '--node id=a datadir=/x',
      '--local-only',
      '--tcp-peer address=b:1',
    ]);
  });

  it('takes one dash or two, and names in any case', () => {
    assert.deepEqual(read('-NODE', 'ID=a', '--Tcp-Peer', 'ADDRESS=b:1'), ['--node id=a', '--tcp-peer address=b:1']);
  });

  it('splits a parameter at its first equals sign', () => {
    assert.deepEqual(read('--work-command', 'params=a=b c=d'), ['--work-command params=a=b c=d']);
  });

  it('gives a value without a name to the bare parameter', () => {
    assert.deepEqual(read('--log-level', 'Debug', '--tcp-listener', '2222'), [
      '--log-level level=Debug',
      '--tcp-listener port=2222',
    ]);
  });

  it('inserts the items of a file where it is named, as often as it is named', () => {
    const asked: string[] = [];
    const file = (path: string, at: string): readonly RawItem[] => {
      asked.push(`${path} at ${at}`);
      return readArguments(['--trace'], NO_FILES).map((item) => ({ ...item, label: path }));
    };

    const items = readArguments(['--node', '--config', 'one.yml', '-c', 'two.yml', '--local-only'], file);

    assert.deepEqual(shown(items), ['--node', 'one.yml', 'two.yml', '--local-only']);
    assert.deepEqual(asked, ['one.yml at argument 2', 'two.yml at argument 4']);
  });

  it('knows where everything stood', () => {
    const [node] = readArguments(['--node', 'id=a'], NO_FILES);

    assert.equal(node?.at, 'argument 1');
    assert.equal(node?.parameters[0]?.at, 'argument 2');
  });

  it('sees a request for help anywhere, and in nothing at all', () => {
    assert.equal(asksForHelp([]), true);
    assert.equal(asksForHelp(['--node', 'id=a', '--help']), true);
    assert.equal(asksForHelp(['-h']), true);
    assert.equal(asksForHelp(['--node', 'id=--help']), false);
  });
});

describe('a command line that makes no sense', () => {
  const cases: readonly (readonly [args: readonly string[], line: string])[] = [
    [
      ['id=a'],
      'Error: parameter specified before command (at argument 1; id=a must follow the --entity that it belongs to)',
    ],
    [['--foo'], 'Error: command error: unknown config type foo (at argument 1; receptor --help lists all)'],
    [
      ['--tcp-listner'],
      'Error: command error: unknown config type tcp-listner (at argument 1; did you mean --tcp-listener?)',
    ],
    [['---node'], 'Error: command error: unknown config type -node (at argument 1; did you mean --node?)'],
    [
      ['--log-level=debug'],
      'Error: command error: unknown config type log-level=debug (at argument 1; the value is an argument of its own: --log-level debug)',
    ],
    [
      ['--config=a.yml'],
      'Error: command error: unknown config type config=a.yml (at argument 1; the value is an argument of its own: --config a.yml)',
    ],
    [['--config'], 'Error: --config without a file name (at argument 1; write it as --config mesh.yml)'],
    [
      ['--node', '=', 'a'],
      'Error: config error: unknown field name  (at argument 2, --node; write it as name=value, without blanks around =)',
    ],
    [['--node', 'idd=a'], 'Error: config error: unknown field name idd (at argument 2, --node; did you mean id?)'],
    [
      ['--local-only', 'x'],
      'Error: config error: command does not allow bare values (at argument 2, --local-only; x needs a name in front: for example --local-only)',
    ],
    [
      ['--trace', 'x'],
      'Error: config error: command does not allow bare values (at argument 2, --trace; x needs a name in front: --trace has no parameters)',
    ],
    [['--node', ''], 'Error: an argument is empty (at argument 2; is a variable of the shell not set?)'],
    [
      ['--config-v2'],
      'Error: --config-v2: the second configuration format is not built into this version yet (at argument 1; leave it out)',
    ],
    [
      ['--bash-completion'],
      'Error: --bash-completion: completion scripts are not built into this version yet (at argument 1; leave it out)',
    ],
  ];
  for (const [args, line] of cases) {
    it(`is refused: ${args.join(' ')}`, () => {
      assert.throws(
        () => readArguments(args, NO_FILES),
        (thrown) => {
          assert.ok(thrown instanceof ConfigError);
          assert.equal(thrown.line, line);
          return true;
        },
      );
    });
  }
});
