import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readArguments } from '../../../../cli/config/arguments.js';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { readConfigText } from '../../../../cli/config/config-file.js';
import { settleItem } from '../../../../cli/config/config-item.js';
import type { RawItem } from '../../../../cli/config/raw-item.js';

const NO_FILES = (): never => assert.fail('no file was expected');

function only(items: readonly RawItem[]): RawItem {
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
}

const typed = (...args: readonly string[]) => only(readArguments(args, NO_FILES));
const written = (text: string) => only(readConfigText(text, 'mesh.yml'));

function refusal(raw: RawItem): string {
  try {
    settleItem(raw);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

describe('an item of the configuration', () => {
  it('has the values that were given, and defaults for the rest', () => {
    const { item, warnings } = settleItem(typed('--tcp-listener', '0', 'nodecost={"b":2}', 'allowedpeers=b'));

    assert.equal(item.number('port'), 0);
    assert.equal(item.text('bindaddr'), '0.0.0.0');
    assert.equal(item.number('cost'), 1);
    assert.deepEqual(item.numbers('nodecost'), new Map([['b', 2]]));
    assert.deepEqual(item.texts('allowedpeers'), ['b']);
    assert.equal(item.text('tls'), '');
    assert.deepEqual(warnings, []);
  });

  it('tells a list that was not given from an empty one', () => {
    assert.equal(settleItem(typed('--tcp-peer', 'b:1')).item.texts('allowedpeers'), undefined);
    assert.deepEqual(settleItem(typed('--tcp-peer', 'b:1', 'allowedpeers=[]')).item.texts('allowedpeers'), []);
  });

  it('joins the lists of a repeated parameter', () => {
    const { item, warnings } = settleItem(typed('--tcp-peer', 'b:1', 'allowedpeers=a', 'allowedpeers=["b","c"]'));

    assert.deepEqual(item.texts('allowedpeers'), ['a', 'b', 'c']);
    assert.deepEqual(warnings, []);
  });

  it('warns when a value is given twice, and takes the last one', () => {
    const onLine = settleItem(typed('--node', 'id=a', 'id=b'));
    const inFile = settleItem(written('- node:\n    id: a\n    id: b\n'));

    assert.equal(onLine.item.text('id'), 'b');
    assert.deepEqual(onLine.warnings, ['id of --node is given twice (at argument 3); the last one counts']);
    assert.equal(inFile.item.text('id'), 'b');
    assert.deepEqual(inFile.warnings, ['id of node is given twice (at mesh.yml:3); the last one counts']);
  });

  it('knows its place and those of its parameters', () => {
    const { item } = settleItem(written('- node:\n    id: a\n'));

    assert.equal(item.place(), 'mesh.yml:1, node');
    assert.equal(item.place('id'), 'mesh.yml:2, node, id');
    assert.equal(item.place('datadir'), 'mesh.yml:1, node, datadir');
    assert.equal(item.error('no', 'say yes', 'id').line, 'Error: no (at mesh.yml:2, node, id; say yes)');
  });

  it('is not read as another type than the table says', () => {
    const { item } = settleItem(typed('--node', 'id=a'));

    assert.throws(() => item.number('id'), TypeError);
    assert.throws(() => item.truth('id'), TypeError);
  });
});

describe('an item that makes no sense', () => {
  const cases: readonly (readonly [name: string, raw: RawItem, line: string])[] = [
    [
      'for want of a parameter',
      typed('--tcp-listener'),
      'Error: error in --tcp-listener: required parameter missing: port (at argument 1, --tcp-listener; for example --tcp-listener port=2222)',
    ],
    [
      'for want of two',
      typed('--work-command'),
      'Error: error in --work-command: required parameters missing: worktype, command (at argument 1, --work-command; for example --work-command worktype=upper command=tr params="a-z A-Z")',
    ],
    [
      'for want of a parameter in a file',
      written('- tcp-peer:\n'),
      'Error: error loading config file: error in tcp-peer: required parameter missing: address (at mesh.yml:1, tcp-peer; for example tcp-peer: {address: alpha.example.org:2222})',
    ],
    [
      'for a wrong bare value',
      typed('--tcp-listener', 'abc'),
      'Error: error setting config value for field Port: strconv.ParseInt: parsing "abc": invalid syntax (at argument 2, --tcp-listener, port; a whole number is expected, such as 2222 or 0600)',
    ],
    [
      'for a wrong value',
      typed('--tcp-peer', 'b:1', 'redial=maybe'),
      'Error: error setting config value for field redial: could not parse maybe as boolean (at argument 3, --tcp-peer, redial; true or false is expected)',
    ],
    [
      'for a wrong value in a file',
      written('- tcp-listener:\n    port: abc\n'),
      'Error: error loading config file: error setting field port in command tcp-listener: strconv.ParseInt: parsing "abc": invalid syntax (at mesh.yml:2, tcp-listener, port; a whole number is expected, such as 2222 or 0600)',
    ],
    [
      'since it is not built yet',
      typed('--udp-client', 'service=x'),
      'Error: --udp-client is not built into this version yet (at argument 1, --udp-client; leave it out)',
    ],
    [
      'since a parameter is not built yet',
      written('- node:\n    receptorkubesupportreconnect: auto\n'),
      'Error: the parameter receptorkubesupportreconnect of node is not built into this version yet (at mesh.yml:2, node, receptorkubesupportreconnect; leave it out)',
    ],
  ];
  for (const [name, raw, line] of cases) {
    it(`is refused ${name}`, () => {
      assert.equal(refusal(raw), line);
    });
  }
});
