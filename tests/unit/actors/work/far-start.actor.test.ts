import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { orderRequest, statusRequest, submitRequest } from '../../../../actors/work/far-requests.js';
import { farStartActor } from '../../../../actors/work/far-start.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { said, type Told, taskInput } from './far-stage.js';
import { frozenOutside } from './frozen-ports.js';
import { remoteExtra, statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(farStartActor);
after(() => driver.atLeast(1));

const first = taskInput({ task: 'start', farUnitId: undefined });
const later = taskInput({ task: 'start', farUnitId: 'there' });
const ready = said('far.ready');
const prompt = said('reply.prompt', { unitId: 'there' });
const result = said('reply.result');
const refused = (text: string, kind = 'other') => said('reply.refused', { text, kind });
const unknown = refused('unknown work unit there', 'unknown-unit');
const status = (state: number, detail: string) => said('reply.status', { status: statusOf({ state, detail }) });
const loss = (text: string, kind = 'lost') => said('far.lost', { loss: { kind, fault: { code: 'x', text } } });

const toTask = (type: string, fields: object = {}) => ({ type: 'tell-task', news: { type, ...fields } });
const toUnit = (type: string, fields: object = {}) => ({ type: 'tell-unit', news: { type, ...fields } });
const lost = (text: string) => toTask('attempt.lost', { text });
const armed = (delayMs: number) => ({ type: 'arm-timer', name: 'answer', delayMs });
const disarmed = { type: 'disarm-timer', name: 'answer' };
const left = (farUnitId: string) => [toTask('attempt.left', { farUnitId }), toUnit('start.left', { farUnitId })];
const submitted = [
  ...left(UNIT),
  { type: 'ask', text: submitRequest(UNIT, remoteExtra()), expects: 'prompt' },
  armed(30_000),
];

function reached(input: typeof first, ...messages: Told[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

/** What it wishes at its end: its last words. */
function lastWords(machine: DrivenMachine, message: Told): readonly PlainWish[] {
  const wishes = machine.send(message).filter(({ type }) => type !== 'disarm-timer');
  assert.equal(machine.isDone, true, `it is ${machine.state}`);
  return wishes;
}

describe('the machine of a start', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farStartActor);
  });

  it('submits, sends the input, and is done with the result', () => {
    const machine = driver.start(first);
    assert.deepEqual(machine.wishes, [{ type: 'connect', node: FAR }]);
    assert.deepEqual(machine.send(ready), submitted);
    assert.deepEqual(machine.send(prompt), [disarmed, ...left('there'), { type: 'send-input', unitId: UNIT }]);
    assert.deepEqual(machine.send(said('input.sent')), [armed(120_000)]);

    assert.deepEqual(machine.send(result), [disarmed, toUnit('start.done', { farUnitId: 'there' })]);
    assert.equal(machine.isDone, true);
  });

  it('leaves our own name before the submit: nobody knows what comes of it when it is lost then', () => {
    const machine = driver.start(first);

    const wishes = machine.send(ready).map(({ type, news }) => (news as Told | undefined)?.type ?? type);

    assert.deepEqual(wishes, ['attempt.left', 'start.left', 'ask', 'arm-timer']);
  });

  it('uses the name that the other node gives, which need not be ours', () => {
    const machine = reached(first, ready, said('reply.prompt', { unitId: 'MTLFGPAg' }), said('input.sent'));

    assert.deepEqual(lastWords(machine, result), [toUnit('start.done', { farUnitId: 'MTLFGPAg' })]);
  });

  it('is refused in the words of the reference when the other node does not make the unit', () => {
    for (const [answer, text] of [
      [refused('unknown work type x'), 'could not parse response: ERROR: unknown work type x'],
      [
        refused('could not verify signature: signature is empty'),
        'could not parse response: ERROR: could not verify signature: signature is empty',
      ],
      [said('reply.garbled', { line: '{"a":1}' }), 'could not parse response: {"a":1}'],
    ] as const) {
      assert.deepEqual(lastWords(reached(first, ready), answer), [toUnit('start.refused', { text })]);
    }
  });

  it('is refused when its id is taken, unless an earlier attempt may have taken it', () => {
    const taken = refused(`workunit ID ${UNIT} is already in use, cannot use the same workunit ID more than once`);

    assert.deepEqual(lastWords(reached(first, ready), taken), [
      toUnit('start.refused', { text: `could not parse response: ERROR: ${taken['text']}` }),
    ]);
    assert.deepEqual(lastWords(reached(later, ready, unknown), taken), [lost(`${taken['text']}`)]);
  });

  it('is refused when the other node gives up, before or after all the input was sent', () => {
    for (const messages of [
      [ready, prompt],
      [ready, prompt, said('input.sent')],
    ]) {
      assert.deepEqual(lastWords(reached(first, ...messages), refused('no space left')), [
        toUnit('start.refused', { text: 'error from remote: no space left' }),
      ]);
      assert.deepEqual(lastWords(reached(first, ...messages), said('reply.garbled', { line: 'what?' })), [
        toUnit('start.refused', { text: 'could not parse response: what?' }),
      ]);
    }
  });

  it('has failed when the work was started before all its input was sent', () => {
    assert.deepEqual(lastWords(reached(first, ready, prompt), result), [
      toUnit('start.refused', { text: 'the other node started the work before it had all of its input' }),
    ]);
  });

  it('is refused when the input cannot be read here', () => {
    assert.deepEqual(lastWords(reached(first, ready, prompt), said('input.unreadable', { text: 'EIO' })), [
      toUnit('start.refused', { text: 'EIO' }),
    ]);
  });

  it('is lost, to be tried again, when the session is, wherever it was', () => {
    const ways = [
      [first],
      [later, ready],
      [later, ready, status(0, 'Waiting for Input Data')],
      [first, ready],
      [first, ready, prompt],
      [first, ready, prompt, said('input.sent')],
    ] as const;
    for (const [input, ...messages] of ways) {
      assert.deepEqual(lastWords(reached(input, ...messages), loss('no route to node')), [lost('no route to node')]);
      assert.deepEqual(lastWords(reached(input, ...messages), said('far.ended')), [
        lost('the other node ended the session'),
      ]);
      assert.deepEqual(lastWords(reached(input, ...messages), said('timer.answer')), [lost('no answer in time')]);
    }
  });

  it('fails for good when the other node is not to be trusted', () => {
    assert.deepEqual(lastWords(reached(first), loss('CRYPTO_ERROR 0x12a', 'untrusted')), [
      toUnit('start.untrusted', { text: 'CRYPTO_ERROR 0x12a' }),
    ]);
  });

  it('tells of what comes out of place, and tries again', () => {
    assert.deepEqual(lastWords(reached(first), refused('no')), [lost('no')]);
    assert.deepEqual(lastWords(reached(later, ready), refused('no')), [lost('no')]);
    assert.deepEqual(lastWords(reached(later, ready), said('reply.garbled', { line: 'x' })), [lost('x')]);
  });

  it('stops without a word', () => {
    assert.deepEqual(lastWords(reached(first, ready), said('stop')), []);
  });
});

describe('a start after an attempt that was lost', () => {
  const asked = { type: 'ask', text: statusRequest('there'), expects: 'status' };
  const released = { type: 'ask', text: orderRequest('there', 'release'), expects: 'outcome' };

  it('asks first what has become of that', () => {
    const machine = driver.start(later);

    assert.deepEqual(machine.send(ready), [asked, armed(30_000)]);
  });

  it('takes over what was begun, and sends nothing again', () => {
    for (const reply of [status(0, 'Starting Worker'), status(1, 'Running: PID 5'), status(2, 'exit status 0')]) {
      assert.deepEqual(lastWords(reached(later, ready), reply), [toUnit('start.done', { farUnitId: 'there' })]);
    }
  });

  it('clears away what waits for input that will never come, and only then submits again', () => {
    const machine = reached(later, ready);
    assert.deepEqual(machine.send(status(0, 'Waiting for Input Data')), [disarmed, released, armed(30_000)]);
    assert.deepEqual(machine.send(said('reply.outcome')), [disarmed, ...submitted]);

    machine.sendAll([said('reply.prompt', { unitId: 'new' }), said('input.sent')]);
    assert.deepEqual(lastWords(machine, result), [toUnit('start.done', { farUnitId: 'new' })]);
  });

  it('submits again when the other node knows nothing of it', () => {
    assert.deepEqual(reached(later, ready).send(unknown), [disarmed, ...submitted]);
    const clearing = reached(later, ready, status(3, 'Pending at restart'));
    assert.deepEqual(clearing.send(unknown), [disarmed, ...submitted]);
  });

  it('does not submit again when the other node does not clear it away', () => {
    const machine = reached(later, ready, status(3, 'Error reading input data: x'));

    assert.deepEqual(lastWords(machine, refused('permission denied')), [lost('permission denied')]);
  });
});

describe('a start', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: farStartActor,
      outside: frozenOutside,
      input: () => later,
      scripts: {
        connecting: () => undefined,
        asking: ({ send }) => send(ready),
        clearing: ({ send }) => {
          send(ready);
          send(status(0, 'Waiting for Input Data'));
        },
        submitting: ({ send }) => {
          send(ready);
          send(unknown);
        },
        'starting.sending': ({ send }) => {
          send(ready);
          send(unknown);
          send(prompt);
        },
        'starting.awaiting': ({ send }) => {
          send(ready);
          send(unknown);
          send(prompt);
          send(said('input.sent'));
        },
      },
    });
  });
});
