import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emit, setup } from 'xstate';
import { actorsOver } from '../../../runtime/define-actor.js';
import { MAILBOX_DEFAULT } from '../../../runtime/mailbox.js';
import { RESTART_OR_ESCALATE } from '../../../runtime/supervisor.js';

const machine = setup({
  types: {
    events: {} as { readonly type: 'go' } | { readonly type: 'stop' },
    emitted: {} as { readonly type: 'knock'; readonly door: number },
  },
  actions: { knock: emit({ type: 'knock', door: 1 }) },
}).createMachine({ initial: 'a', states: { a: { entry: 'knock' } } });

const define = actorsOver<{ readonly door: string; readonly other: number }>();

describe('the definition of an actor', () => {
  it('fills in what is not said', () => {
    const definition = define({
      kind: 'guest',
      machine,
      messages: { go: 'request', stop: 'system' },
      needs: ['door'],
      effects: () => ({ knock: () => undefined }),
    });

    assert.equal(definition.kind, 'guest');
    assert.deepEqual(definition.mailbox, MAILBOX_DEFAULT);
    assert.equal(definition.supervision, RESTART_OR_ESCALATE);
    assert.equal(definition.stopWithinMs, 5_000);
    assert.deepEqual(
      [...definition.messages],
      [
        ['go', 'request'],
        ['stop', 'system'],
      ],
    );
    assert.equal(definition.ignores.size, 0);
    assert.deepEqual(definition.needs, ['door']);
  });

  it('keeps what is said', () => {
    const definition = define({
      kind: 'guest',
      machine,
      messages: { go: 'answer', stop: 'system' },
      ignores: { a: ['go'] },
      needs: [],
      effects: () => ({ knock: () => undefined }),
      mailbox: { capacity: 7 },
      stopWithinMs: 10,
    });

    assert.deepEqual(definition.mailbox, { ...MAILBOX_DEFAULT, capacity: 7 });
    assert.equal(definition.stopWithinMs, 10);
    assert.ok(definition.ignores.get('a')?.has('go'));
  });

  it('limits the steps that a machine may take for one message', () => {
    const definition = define({
      kind: 'guest',
      machine,
      messages: { go: 'request', stop: 'system' },
      needs: [],
      effects: () => ({ knock: () => undefined }),
    });

    assert.equal(definition.machine.options.maxIterations, 1_000);
  });

  it('is refused by the compiler without an effect, a class, or a port that exists', () => {
    const definitions = [
      // @ts-expect-error: no effect for `knock`
      () => define({ kind: 'x', machine, messages: { go: 'request', stop: 'system' }, needs: [], effects: () => ({}) }),
      () =>
        define({
          kind: 'x',
          machine,
          // @ts-expect-error: no class for `stop`
          messages: { go: 'request' },
          needs: [],
          effects: () => ({ knock: () => undefined }),
        }),
      () =>
        define({
          kind: 'x',
          machine,
          messages: { go: 'request', stop: 'system' },
          // @ts-expect-error: no such port
          needs: ['window'],
          effects: () => ({ knock: () => undefined }),
        }),
    ];

    assert.equal(definitions.length, 3);
  });
});
