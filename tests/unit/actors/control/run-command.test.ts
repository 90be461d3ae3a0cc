import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from '../../../../actors/control/run-command.js';
import { ManualHost } from '../../../support/manual-host.js';
import { bytesOf } from '../../../support/recording-session.js';
import { CommandStage, statusOf, UNIT } from './control-parts.js';

function stage(): CommandStage {
  const made = new CommandStage(new ManualHost());
  made.answer = () => ({ from: 'far', elapsedMs: 1, problem: undefined });
  return made;
}

async function answerTo(line: string, at = stage()): Promise<string> {
  const result = await runCommand(bytesOf(line), at.context());
  return result.type === 'reply' ? result.text : result.type;
}

const object = (fields: object): string => JSON.stringify(fields);
const work = (subcommand: string, fields: object = {}): string => object({ command: 'work', subcommand, ...fields });
const UNKNOWN = 'Unknown command, ';

/** Lines and the errors that Go Receptor 1.6.9 answers, letter for letter (control-and-work 1 and 2). */
const ERRORS: Readonly<Record<string, readonly (readonly [line: string, ...errors: string[]])[]>> = {
  'a line that is no command': [
    ['bogus', `${UNKNOWN}bogus`],
    ['Bogus thing', `${UNKNOWN}bogus`],
    ['[]', `${UNKNOWN}[]`],
    [' ping x', UNKNOWN],
    [object({ command: 'PING', target: 'x' }), `${UNKNOWN}PING`],
    [object({ command: '' }), UNKNOWN],
    [object({ foo: 1 }), 'JSON did not contain a command', UNKNOWN],
    [object({ command: 1 }), 'command must be a string', UNKNOWN],
    [object({ command: null }), 'command must be a string', UNKNOWN],
    ['{bad', "invalid character 'b' looking for beginning of object key string", UNKNOWN],
    ['{"command":"ping"', 'unexpected end of JSON input', UNKNOWN],
    ['{}x', "invalid character 'x' after top-level value", UNKNOWN],
  ],
  ping: [
    ['ping', 'no ping target'],
    ['ping ', 'no ping target'],
    [object({ command: 'ping' }), 'no ping target'],
    [object({ command: 'ping', target: 1 }), 'ping target must be string'],
  ],
  traceroute: [
    ['traceroute', 'no traceroute target'],
    [object({ command: 'traceroute' }), 'no traceroute target'],
    [object({ command: 'traceroute', target: [] }), 'traceroute target must be string'],
  ],
  status: [
    ['status x', 'status command does not take parameters'],
    [object({ command: 'status', requested_fields: [1] }), 'each element of requested_fields must be a string'],
    // The reference's process ends here.
    [object({ command: 'status', requested_fields: 'NodeID' }), 'requested_fields must be a list of strings'],
  ],
  connect: [
    ['connect', 'no connect target'],
    ['connect a', 'no connect target'],
    ['connect a b c d', 'too many parameters'],
    ['connect a b nope', 'unknown TLS config nope'],
    [object({ command: 'connect' }), 'no connect target node'],
    [object({ command: 'connect', node: 1 }), 'connect target node must be string'],
    [object({ command: 'connect', node: 'a' }), 'no connect target service'],
    [object({ command: 'connect', node: 'a', service: 1 }), 'connect target service must be string'],
    [object({ command: 'connect', node: 'a', service: 'b', tls: 1 }), 'connect tls name must be string'],
  ],
  work: [
    ['work', 'bad command'],
    ['work bogus', 'bad command'],
    [object({ command: 'work' }), 'field subcommand missing'],
    [work('bogus'), 'bad command'],
    [object({ command: 'work', subcommand: 1 }), 'field subcommand must be a string'],
  ],
  'work submit': [
    ['work submit', 'work submit requires a target node and work type'],
    ['work submit a', 'work submit requires a target node and work type'],
    [work('submit'), 'field node missing'],
    [work('submit', { node: 'a' }), 'field worktype missing'],
    [work('submit', { node: 1 }), 'submit parameters must all be strings and node is not'],
    [work('submit', { node: 'a', worktype: 'b', x: {} }), 'submit parameters must all be strings and x is not'],
  ],
  'work list': [[work('list', { unitid: 'no/such' }), 'unknown work unit no/such']],
  'work status': [
    ['work status', 'work status requires a unit ID'],
    ['work status a b', 'work status does not take parameters after the unit ID'],
    ['work status ../x', 'unknown work unit ../x'],
    [work('status'), 'field unitid missing'],
    [work('status', { unitid: 1 }), 'field unitid must be a string'],
  ],
  'work cancel and its like': ['cancel', 'release', 'force-release'].flatMap((verb) => [
    [`work ${verb}`, `work ${verb} requires a unit ID`] as const,
    [`work ${verb} a b`, `work ${verb} does not take parameters after the unit ID`] as const,
    [work(verb), 'field unitid missing'] as const,
    [work(verb, { unitid: 1 }), 'field unitid must be a string'] as const,
  ]),
  'work results': [
    ['work results', 'work results requires a unit ID'],
    ['work results a 0 1', 'work results only takes a unit ID and optional start position'],
    [
      'work results a abc',
      'error converting start position to integer: strconv.ParseInt: parsing "abc": invalid syntax',
    ],
    [work('results'), 'field unitid missing'],
    [work('results', { unitid: 'a' }), 'field startpos missing'],
    [work('results', { unitid: 'a', startpos: 'x' }), 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      work('results', { unitid: 'a', startpos: true }),
      'field startpos value %!s(bool=true) is not convertible to an int',
    ],
    [work('results', { unitid: 'a', startpos: null }), 'field startpos value %!s(<nil>) is not convertible to an int'],
  ],
};

describe('a line of the control service', () => {
  for (const [name, cases] of Object.entries(ERRORS)) {
    it(`is refused in the words of the reference: ${name}`, async () => {
      for (const [line, ...errors] of cases) {
        const expected = errors.map((error) => `ERROR: ${error}\n`).join('');
        assert.equal(await answerTo(line), expected, line);
      }
    });
  }

  it('that is empty is not answered', async () => {
    assert.equal(await answerTo(''), '');
  });

  it('means the same in words and as an object', async () => {
    const pinged = '{"From":"far","Success":true,"Time":1000000,"TimeStr":"1ms"}\n';
    const wordless = ['ping far', 'PING far', object({ command: 'ping', target: 'far' })];
    for (const line of wordless) {
      assert.equal(await answerTo(line), pinged);
    }
    const hop = '{"0":{"From":"far","Time":1000000,"TimeStr":"1ms"}}\n';
    assert.equal(await answerTo('traceroute far'), hop);
    assert.equal(await answerTo(object({ command: 'traceroute', target: 'far' })), hop);
  });

  it('finds the runner of each command', async () => {
    const at = stage();
    at.parts.work.create();
    at.parts.work.answer('status', { ok: true, value: statusOf() });
    at.parts.work.answer('list', { ok: true, value: new Map() });
    at.parts.work.answer('cancel', { ok: true, value: 'cancelled' });
    at.parts.work.answer('release', { ok: true, value: 'released' });
    const status =
      '{"Detail":"Waiting for Input Data","ExtraData":null,"State":0,"StateName":"Pending","StdoutSize":0,';
    const reload = 'no configuration file was provided, reload function not set ERRORCODE 4';
    for (const [line, answer] of [
      [
        object({ command: 'status', requested_fields: ['NodeID', 'Version', 'x'] }),
        '{"NodeID":"here","Version":"1.2.3"}\n',
      ],
      ['reload whatever', `{"Error":"${reload}","Success":false}\n`],
      [`work submit here cat some params`, 'receive'],
      ['work list', '{}\n'],
      [`work status ${UNIT}`, `${status}"WorkType":"cat"}\n`],
      [`work cancel ${UNIT}`, `{"cancelled":"${UNIT}"}\n`],
      [`work release ${UNIT}`, `{"released":"${UNIT}"}\n`],
      [`work force-release ${UNIT}`, `{"released":"${UNIT}"}\n`],
      [`work results ${UNIT} 3`, 'results'],
      [`work follow ${UNIT}`, 'follow'],
    ] as const) {
      assert.equal(await answerTo(line, at), answer, line);
    }
    const bridging = answerTo('connect far control ', at);
    at.parts.streams.outside.open();
    assert.equal(await bridging, 'bridge');
  });

  it('is answered whatever goes wrong, in one line', async () => {
    const at = stage();
    at.answer = () => new Error('two\nlines');
    assert.equal(await answerTo('ping far', at), 'ERROR: two lines\n');
    at.parts.work.breakOff('list', 'a bug');
    assert.equal(await answerTo('work list', at), 'ERROR: a bug\n');
  });
});
