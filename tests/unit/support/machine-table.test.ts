import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emit, setup } from 'xstate';
import { type AnyActorDefinition, actorsOver } from '../../../runtime/define-actor.js';
import { assertExplicit, machineTable, printTable, problemsOf } from '../../support/machine-table.js';
import { shop, tally } from '../../support/sample-actors.js';

/** The definition with some of its ignores changed. */
function ignoring(definition: AnyActorDefinition, ignores: Readonly<Record<string, readonly string[]>>) {
  const changed = Object.entries(ignores).map(([state, types]) => [state, new Set(types)] as const);
  return { ...definition, ignores: new Map([...definition.ignores, ...changed]) };
}

describe('the table of a machine', () => {
  it('is complete for the sample actors, a flat and a nested one', () => {
    assertExplicit(tally);
    assertExplicit(shop);
  });

  it('shows for every state and message what happens', () => {
    const { types, rows } = machineTable(tally);

    assert.deepEqual(types, ['tally.add', 'tally.ask', 'tally.freeze', 'timer.report', 'stop']);
    assert.deepEqual(rows, [
      { state: 'counting', cells: ['handled', 'handled', 'handled', 'handled', 'handled'] },
      { state: 'frozen', cells: ['ignored', 'handled', 'ignored', 'ignored', 'handled'] },
    ]);
    assert.match(printTable(machineTable(shop)), /^open\.idle: missing nothing; ignores shop\.open, customer\.paid$/m);
  });

  it('finds a message that a state neither handles nor ignores', () => {
    const silent = ignoring(shop, { open: [], 'open.idle': [] });

    assert.deepEqual(problemsOf(silent), [
      'open.idle neither handles nor ignores shop.open',
      'open.idle neither handles nor ignores customer.paid',
      'open.serving neither handles nor ignores shop.open',
    ]);
    assert.throws(() => assertExplicit(silent), /shop:\n {2}open\.idle neither handles/);
  });

  it('finds ignores that are stale: of unknown states or messages, of handled messages, or said twice', () => {
    const stale = ignoring(shop, {
      closed: ['shop.open'],
      'open.serving': ['customer.came', 'customer.paid', 'shop.open', 'customer.left'],
    });

    assert.deepEqual(problemsOf(stale), [
      'open.serving ignores customer.paid, but handles it',
      'open.serving ignores shop.open, which is ignored above it already',
      'ignores names the message customer.left, which there is not',
      'ignores names the state closed, which there is not',
    ]);
  });
});

type Event = { readonly type: 'go' | 'back' | 'stop' };

const define = actorsOver<Record<never, never>>();

/** A definition around a machine that is wrong in some way. */
function around(
  machine: Parameters<typeof define>[0]['machine'],
  messages: Readonly<Record<string, 'request' | 'system' | 'timer' | 'answer'>>,
) {
  return define({ kind: 'sample', machine, messages, needs: [], effects: () => ({}) });
}

describe('a machine', () => {
  it('with a state to which no transition leads is found', () => {
    const machine = setup({ types: { events: {} as Event } }).createMachine({
      initial: 'a',
      on: { stop: {}, back: {}, go: '.b' },
      states: { a: {}, b: { initial: 'x', states: { x: {}, y: {} } }, c: { on: { go: 'a' } } },
    });

    assert.deepEqual(problemsOf(around(machine, { go: 'request', back: 'request', stop: 'system' })), [
      'no transition leads to c',
      'no transition leads to b.y',
    ]);
  });

  it('may leave a message to another of its parallel regions, if that one answers wherever it stands', () => {
    const machine = setup({ types: { events: {} as Event } }).createMachine({
      type: 'parallel',
      on: { stop: {} },
      states: {
        left: { initial: 'a', states: { a: { on: { go: 'b' } }, b: { on: { go: 'a' } } } },
        right: { initial: 'c', states: { c: { on: { back: 'd' } }, d: {} } },
      },
    });

    assert.deepEqual(problemsOf(around(machine, { go: 'request', back: 'request', stop: 'system' })), [
      'left.a neither handles nor ignores back',
      'left.b neither handles nor ignores back',
      'right.d neither handles nor ignores back',
    ]);
  });

  it('is not asked what it does in a state that it leaves at once', () => {
    const machine = setup({ types: { events: {} as Event }, guards: { isDay: () => true } }).createMachine({
      initial: 'a',
      states: {
        a: { on: { go: 'deciding', back: {}, stop: {} } },
        deciding: { always: [{ guard: 'isDay', target: 'a' }, { target: 'doubting' }] },
        doubting: { always: { guard: 'isDay', target: 'a' }, on: { stop: {} } },
      },
    });

    assert.deepEqual(problemsOf(around(machine, { go: 'request', back: 'request', stop: 'system' })), [
      'doubting neither handles nor ignores go',
      'doubting neither handles nor ignores back',
    ]);
  });

  it('with messages of the wrong class, unknown or unused, is found', () => {
    const machine = setup({ types: { events: {} as { readonly type: string } } }).createMachine({
      initial: 'a',
      states: { a: { on: { go: {}, 'timer.idle': {}, stop: {} } } },
    });

    assert.deepEqual(problemsOf(around(machine, { 'timer.idle': 'answer', stop: 'request', back: 'request' })), [
      'a neither handles nor ignores back',
      'go is handled but has no class in messages',
      'back is handled in no state',
      'timer.idle cannot be of class answer',
      'stop cannot be of class request',
    ]);
    assert.ok(
      problemsOf(around(machine, { go: 'request', 'timer.idle': 'timer' })).includes('there is no answer to stop'),
    );
  });

  it('that names what has no implementation is found, where XState says nothing', () => {
    const machine = setup({
      types: { events: {} as Event },
      actions: { ring: emit({ type: 'ring' }) },
      guards: { isDay: () => true },
    }).createMachine({
      initial: 'a',
      states: { a: { entry: 'ring', on: { stop: { guard: 'isDay', actions: ['ring'] } } } },
    });
    const broken = { ...machine.implementations, actions: {}, guards: {} };
    Object.assign(machine, { implementations: broken });

    assert.deepEqual(problemsOf(around(machine, { stop: 'system' })), [
      'a names the action ring, which there is not',
      'a names the action ring, which there is not',
      'there is no such guard: a: stop [isDay]',
    ]);
  });
});
