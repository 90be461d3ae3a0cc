import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emit, setup } from 'xstate';
import { assertFaultsAreFailures, type FaultMatrix, type FaultOutside } from '../../support/fault-matrix.js';
import { defineSample, message, SampleLamp, shop, tally } from '../../support/sample-actors.js';

class LampOutside implements FaultOutside {
  readonly lamp = new SampleLamp();
  readonly ports: object = { lamp: this.lamp };

  leftOpen(): readonly string[] {
    return this.lamp.leftOpen();
  }
}

const leaver = defineSample({
  kind: 'leaver',
  machine: setup({
    types: { events: {} as { readonly type: 'timer.gone' } | { readonly type: 'stop' } },
    actions: { arm: emit({ type: 'arm-timer', name: 'gone', delayMs: 4_000 }) },
  }).createMachine({
    initial: 'staying',
    states: {
      staying: { on: { stop: 'leaving' } },
      leaving: { entry: 'arm', on: { 'timer.gone': 'gone' } },
      gone: { type: 'final' },
    },
  }),
  messages: { 'timer.gone': 'timer', stop: 'system' },
  ignores: { staying: ['timer.gone'], leaving: ['stop'] },
  needs: [],
  effects: () => ({}),
});

const TALLY: FaultMatrix<{ readonly start: number }, LampOutside> = {
  definition: tally,
  outside: () => new LampOutside(),
  input: () => ({ start: 0 }),
  scripts: {
    counting: () => undefined,
    frozen: ({ send }) => send({ type: 'tally.freeze' }),
  },
};

const SHOP: FaultMatrix<unknown, LampOutside> = {
  definition: shop,
  outside: () => new LampOutside(),
  input: () => undefined,
  scripts: {
    shut: () => undefined,
    'open.idle': ({ send }) => send({ type: 'shop.open' }),
    'open.serving': async ({ send }) => {
      send({ type: 'shop.open' });
      await Promise.resolve();
      send(message('customer.came', { name: 'x' }));
    },
  },
};

const failing = (matrix: FaultMatrix<{ readonly start: number }, LampOutside>, expected: RegExp) =>
  assert.rejects(assertFaultsAreFailures(matrix), expected);

describe('the matrix of faults', () => {
  it('holds for the sample actors, a flat one and one with children', async () => {
    await assertFaultsAreFailures(TALLY);
    await assertFaultsAreFailures(SHOP);
  });

  it('reaches states in which an actor takes its leave', async () => {
    await assertFaultsAreFailures({
      definition: leaver,
      outside: () => new LampOutside(),
      input: () => undefined,
      scripts: { staying: () => undefined, leaving: ({ stop }) => stop() },
    });
  });

  it('demands a script for every state in which the actor can stay, and knows no others', async () => {
    const { counting, frozen } = TALLY.scripts;
    assert.ok(counting !== undefined && frozen !== undefined);

    await failing({ ...TALLY, scripts: { counting } }, /frozen: no script/);
    await assertFaultsAreFailures({ ...TALLY, scripts: { counting }, waived: ['frozen'] });
    await failing({ ...TALLY, scripts: { counting, frozen, ended: counting } }, /ended: no such state/);
    await failing({ ...TALLY, waived: ['melted'] }, /melted: no such state/);
  });

  it('notices a script that leads elsewhere', async () => {
    await failing(
      { ...TALLY, scripts: { ...TALLY.scripts, frozen: () => undefined } },
      /frozen, a throw in guard: the script led to counting/,
    );
    await failing(
      { ...TALLY, scripts: { ...TALLY.scripts, frozen: ({ stop }) => stop() } },
      /frozen, a throw in guard: the script led to its end/,
    );
  });

  it('notices what an actor leaves open at its ports', async () => {
    const definition = {
      ...tally,
      effects: (ports: never) => ({
        'switch-on': () => {
          // Switched on, and owned by nobody.
          (ports as { readonly lamp: SampleLamp }).lamp.switchOn('forgotten');
        },
      }),
    };

    await failing(
      { ...TALLY, definition },
      /counting, a throw in guard: left open: lamp forgotten\n.*counting, a throw in assign: left open: lamp forgotten\n.*counting, a throw in effect/,
    );
  });

  it('notices a timer that an actor arms past its own timers', async () => {
    const matrix: FaultMatrix<{ readonly start: number }, LampOutside> = {
      ...TALLY,
      outside: (host) => {
        host.clock.setTimer(3_600_000, () => undefined);
        return new LampOutside();
      },
    };

    await failing(matrix, /left open: 1 armed timers/);
  });

  it('notices an actor that fails before it is in its state', async () => {
    const matrix: FaultMatrix<{ readonly start: number }, LampOutside> = {
      ...TALLY,
      outside: () => Object.assign(new LampOutside(), { ports: {} }),
    };

    await failing(matrix, /it failed before: invalid-use/);
  });

  it('notices a machine that swallows the fault', async () => {
    const deaf = { ...tally, machine: tally.machine.provide({}) };
    Object.assign(deaf.machine, {
      config: { ...tally.machine.config, states: swallowing(tally.machine.config.states) },
    });

    await failing({ ...TALLY, definition: deaf }, /counting, a throw in guard: no failure was recorded/);
  });
});

/** The states with a wildcard in each, which takes every message before the machine's root sees it. */
function swallowing(states: object | undefined): object {
  const entries = Object.entries(states ?? {}).map(([name, state]) => {
    const isFinal = state.type === 'final';
    return [name, isFinal ? state : { ...state, on: { ...state.on, '*': {} } }];
  });
  return Object.fromEntries(entries);
}
