import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emit, raise, setup } from 'xstate';
import type { AnyActorDefinition } from '../../../runtime/define-actor.js';
import { hasTransition, isIgnored, MachineRun, type Step, statePaths } from '../../../runtime/machine-run.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';
import { probe } from '../../support/probe-actor.js';
import { defineSample, message, shop, tally } from '../../support/sample-actors.js';

function run(definition: AnyActorDefinition, input: unknown) {
  const clock = new VirtualClock();
  const ownSteps: Step[] = [];
  return {
    run: new MachineRun(definition, { input, clock, onOwnStep: (step) => ownSteps.push(step) }),
    clock,
    ownSteps,
  };
}

describe('a run of a machine', () => {
  it('enters the first state and collects its wishes in order', () => {
    const { run: made } = run(tally, { start: 5 });

    const step = made.start();

    assert.deepEqual(
      step.wishes.map((wish) => wish.type),
      ['switch-on', 'arm-timer'],
    );
    assert.equal(step.status, 'active');
    assert.equal(made.state, 'counting');
    assert.deepEqual(made.context, { sum: 5 });
  });

  it('knows whether a message was handled, whatever its guards say', () => {
    const { run: made } = run(tally, { start: 0 });
    made.start();

    assert.equal(made.send(message('tally.add', { amount: 1 })).isHandled, true);
    assert.equal(made.send(message('tally.add', { amount: 1_000 })).isHandled, true);
    assert.deepEqual(made.context, { sum: 1 });
    made.send(message('tally.freeze'));
    assert.equal(made.send(message('tally.add', { amount: 1 })).isHandled, false);
    assert.equal(made.ignores('tally.add'), true);
    assert.equal(made.ignores('stop'), false);
  });

  it('is done at the final state', () => {
    const { run: made } = run(tally, { start: 0 });
    made.start();

    assert.equal(made.send(message('stop')).status, 'done');
  });

  for (const startFault of ['context', 'entry'] as const) {
    it(`reports what is thrown at the start, in the ${startFault}, as the error of the first step`, () => {
      const { run: made } = run(probe(), { startFault });

      const step = made.start();

      assert.equal(step.status, 'error');
      assert.ok(step.thrown instanceof Error);
      assert.doesNotThrow(() => made.end());
    });
  }

  it('reports what a guard or an assign throws, even when nothing in particular is thrown', () => {
    const machine = setup({
      types: { events: {} as { readonly type: 'go' } },
      actions: {
        fail: () => {
          throw undefined;
        },
      },
    }).createMachine({ initial: 'a', states: { a: { on: { go: { actions: 'fail' } } } } });
    const { run: made } = run(
      defineSample({ kind: 'x', machine, messages: { go: 'request' }, needs: [], effects: () => ({}) }),
      undefined,
    );
    made.start();

    assert.equal(made.send({ type: 'go' }).status, 'error');
  });

  it('reports a circle that never ends as an error instead of hanging', () => {
    const machine = setup({
      types: { events: {} as { readonly type: 'go' } | { readonly type: 'again' } },
      actions: { again: raise({ type: 'again' }) },
    }).createMachine({
      initial: 'a',
      states: { a: { on: { go: { actions: 'again' }, again: { actions: 'again' } } } },
    });
    const { run: made } = run(
      defineSample({
        kind: 'x',
        machine,
        messages: { go: 'request', again: 'request' },
        needs: [],
        effects: () => ({}),
      }),
      undefined,
    );
    made.start();

    assert.equal(made.send({ type: 'go' }).status, 'error');
  });

  it('tells of a step that the machine takes by itself, and of no other', () => {
    const machine = setup({
      types: { events: {} as { readonly type: 'go' }, emitted: {} as { readonly type: 'ring' } },
      actions: { ring: emit({ type: 'ring' }) },
    }).createMachine({
      initial: 'a',
      states: { a: { after: { 10: 'b' }, on: { go: { actions: 'ring' } } }, b: { entry: 'ring' } },
    });
    const definition = defineSample({
      kind: 'x',
      machine,
      messages: { go: 'request' },
      needs: [],
      effects: () => ({ ring: () => undefined }),
    });
    const { run: made, clock, ownSteps } = run(definition, undefined);
    made.start();
    made.send({ type: 'go' });
    assert.equal(ownSteps.length, 0);

    clock.fireNext(10);

    assert.deepEqual(
      ownSteps.map((step) => step.wishes),
      [[{ type: 'ring' }]],
    );
    made.end();
    assert.equal(ownSteps.length, 1);
  });
});

describe('state paths', () => {
  it('name every active state', () => {
    assert.deepEqual(statePaths('a'), ['a']);
    assert.deepEqual(statePaths({ a: 'b' }), ['a.b']);
    assert.deepEqual(statePaths({ a: { b: 'c' }, d: 'e' }), ['a.b.c', 'd.e']);
    assert.deepEqual(statePaths({ a: {} }), ['a']);
    assert.deepEqual(statePaths(undefined), []);
    assert.deepEqual(statePaths({}), []);
  });
});

describe('a transition', () => {
  it('counts in the state itself and in those above it', () => {
    assert.equal(hasTransition(shop, 'open.idle', 'customer.came'), true);
    assert.equal(hasTransition(shop, 'open.idle', 'shop.close'), true);
    assert.equal(hasTransition(shop, 'open.serving', 'customer.came'), false);
    assert.equal(hasTransition(shop, 'no.such.state', 'customer.came'), false);
  });

  it('may be written with a wildcard for whole words', () => {
    const machine = setup({ types: { events: {} as { readonly type: string } } }).createMachine({
      initial: 'a',
      states: { a: { on: { 'unit.*': {} } }, b: { on: { '*': {} } } },
    });
    const definition = { ...shop, machine };

    assert.equal(hasTransition(definition, 'a', 'unit.cancel'), true);
    assert.equal(hasTransition(definition, 'a', 'units.cancel'), false);
    assert.equal(hasTransition(definition, 'b', 'anything'), true);
  });
});

describe('an ignored message', () => {
  it('is named for its state, for one above it, or for all', () => {
    const definition = {
      ...shop,
      ignores: new Map([
        ['*', new Set(['x'])],
        ['open', new Set(['y'])],
        ['open.idle', new Set(['z'])],
      ]),
    };

    assert.equal(isIgnored(definition, 'shut', 'x'), true);
    assert.equal(isIgnored(definition, 'open.serving', 'y'), true);
    assert.equal(isIgnored(definition, 'open.serving', 'z'), false);
    assert.equal(isIgnored(definition, 'open.idle', 'z'), true);
  });
});
