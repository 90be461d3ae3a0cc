import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, WorkSubmit } from '../../../../protocol/control/command-line.js';
import { parseWorkObject, parseWorkWords } from '../../../../protocol/control/work-command.js';
import type { ParsedObject } from '../../../../protocol/json/parsed.js';

function words(text: string): Command | string {
  const parsed = parseWorkWords(text);
  return parsed.ok ? parsed.value : parsed.refusal;
}

function object(fields: ParsedObject): Command | string {
  const parsed = parseWorkObject(fields);
  return parsed.ok ? parsed.value : parsed.refusal;
}

function submit(fields: ParsedObject): WorkSubmit {
  const command = object({ command: 'work', subcommand: 'submit', node: 'n', worktype: 't', ...fields });
  assert.ok(typeof command === 'object' && command.type === 'work.submit');
  return command;
}

test('a submit in words has a node, a work type and the rest as parameters', () => {
  const command = words('SUBMIT n t -x  "a b"');
  assert.ok(typeof command === 'object' && command.type === 'work.submit');
  assert.equal(command.node, 'n');
  assert.equal(command.workType, 't');
  assert.deepEqual([...command.params], [['params', '-x  "a b"']]);

  const bare = words('submit n t');
  assert.equal(typeof bare === 'object' && bare.type === 'work.submit' && bare.params.size, 0);
});

test('a submit as an object keeps what is for the worker apart from what is for the node', () => {
  const { params, ...command } = submit({
    tlsclient: 'tls',
    ttl: '1h20m',
    signwork: 'true',
    signature: 'sig',
    workUnitID: 'refa1YS7jire3',
    params: 'x',
    secret_kube_config: 'k',
    WorkType: 'mine',
  });

  assert.deepEqual(
    [...params],
    [
      ['params', 'x'],
      ['secret_kube_config', 'k'],
      ['WorkType', 'mine'],
    ],
  );
  assert.deepEqual(command, {
    type: 'work.submit',
    node: 'n',
    workType: 't',
    tlsClient: 'tls',
    ttl: { ok: true, value: 4_800_000_000_000 },
    signWork: true,
    signature: 'sig',
    unitId: 'refa1YS7jire3',
  });
});

test('what a submit leaves out or leaves empty is not there', () => {
  const command = submit({ ttl: '', workUnitID: '', tlsclient: '', signwork: 'yes' });
  assert.equal(command.ttl, undefined);
  assert.equal(command.unitId, undefined);
  assert.equal(command.tlsClient, '');
  assert.equal(command.signWork, false);
});

test('a bad time limit is kept for later, since other errors go before it', () => {
  const { ttl } = submit({ ttl: 'zz' });
  assert.equal(ttl && !ttl.ok && ttl.fault.detail, 'time: invalid duration "zz"');
});

test('a given unit id can lead nowhere but to a folder of its own', () => {
  for (const unitId of ['../x', '../../esc', 'a b', 'n.1x', 'x'.repeat(129), '.']) {
    assert.equal(
      object({ subcommand: 'submit', node: 'n', worktype: 't', workUnitID: unitId }),
      'workunit ID must be letters and digits, at most 128 of them',
    );
  }
});

test('units are asked for by their ids, in both forms', () => {
  assert.deepEqual(words('list'), { type: 'work.list', unitId: undefined });
  assert.deepEqual(words('list abc more'), { type: 'work.list', unitId: 'abc' });
  assert.deepEqual(object({ subcommand: 'list', unitid: 5 }), { type: 'work.list', unitId: undefined });
  assert.deepEqual(words('status abc'), { type: 'work.status', unitId: 'abc' });
  assert.deepEqual(object({ subcommand: 'STATUS', unitid: 'abc' }), { type: 'work.status', unitId: 'abc' });
  for (const verb of ['cancel', 'release', 'force-release']) {
    assert.deepEqual(words(`${verb} abc`), { type: `work.${verb}`, unitId: 'abc', signature: '' });
    assert.deepEqual(object({ subcommand: verb, unitid: 'abc', signature: 's' }), {
      type: `work.${verb}`,
      unitId: 'abc',
      signature: 's',
    });
  }
});

test('an id that no unit can have is an unknown unit', () => {
  assert.equal(words('status ../x'), 'unknown work unit ../x');
  assert.equal(words('results ../x 0'), 'unknown work unit ../x');
  assert.equal(object({ subcommand: 'cancel', unitid: '' }), 'unknown work unit ');
});

test('results start at a position, in words at zero by default', () => {
  assert.deepEqual(words('results abc'), { type: 'work.results', unitId: 'abc', startPosition: 0, signature: '' });
  assert.deepEqual(words('results abc 7'), { type: 'work.results', unitId: 'abc', startPosition: 7, signature: '' });
  assert.deepEqual(object({ subcommand: 'results', unitid: 'abc', startpos: 7.9, signature: 's' }), {
    type: 'work.results',
    unitId: 'abc',
    startPosition: 7,
    signature: 's',
  });
  assert.equal(words('results abc -1'), 'start position must not be negative');
  assert.equal(object({ subcommand: 'results', unitid: 'abc', startpos: -1 }), 'start position must not be negative');
});

test('follow is our own: like results, with the position left out if wanted', () => {
  assert.deepEqual(words('follow abc 7'), { type: 'work.follow', unitId: 'abc', startPosition: 7, signature: '' });
  assert.deepEqual(object({ subcommand: 'follow', unitid: 'abc' }), {
    type: 'work.follow',
    unitId: 'abc',
    startPosition: 0,
    signature: '',
  });
  assert.equal(words('follow'), 'work follow requires a unit ID');
  assert.equal(words('follow a b c'), 'work follow only takes a unit ID and optional start position');
  assert.equal(
    object({ subcommand: 'follow', unitid: 'abc', startpos: 'x' }),
    'strconv.ParseInt: parsing "x": invalid syntax',
  );
});

test('anything else is a bad command', () => {
  for (const text of ['', 'bogus', ' list', 'adopt n u']) assert.equal(words(text), 'bad command', text);
  assert.equal(object({ subcommand: 'bogus' }), 'bad command');
});
