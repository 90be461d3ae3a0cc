import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assign, setup } from 'xstate';
import type { ReplyTo } from '../../../runtime/message.js';
import { MachineDriver } from '../../support/machine-driver.js';
import { defineSample, shop, tally } from '../../support/sample-actors.js';

const replyTo = 7 as ReplyTo;

describe('a driven machine', () => {
  it('gives the wishes of each step as plain lists', () => {
    const machine = new MachineDriver(tally).start({ start: 5 });
    assert.deepEqual(machine.wishes, [{ type: 'switch-on' }, { type: 'arm-timer', name: 'report', delayMs: 1_000 }]);

    assert.deepEqual(machine.send({ type: 'tally.add', amount: 2 }), []);
    assert.deepEqual(machine.send({ type: 'tally.ask', replyTo }), [{ type: 'reply', to: 7, value: 7 }]);
    assert.deepEqual(machine.sendAll([{ type: 'timer.report' }, { type: 'tally.freeze' }]), [
      { type: 'arm-timer', name: 'report', delayMs: 1_000 },
      { type: 'disarm-timer', name: 'report' },
    ]);

    assert.equal(machine.state, 'frozen');
    assert.deepEqual(machine.context, { sum: 7 });
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
    assert.equal(machine.output, undefined);
  });

  it('may be sent what its state ignores by name, but nothing else', () => {
    const machine = new MachineDriver(shop).start(undefined);
    machine.send({ type: 'customer.came', name: 'x' });
    machine.send({ type: 'shop.open' });
    assert.equal(machine.state, 'open.idle');

    const deaf = new MachineDriver({ ...shop, ignores: new Map() }).start(undefined);
    assert.throws(
      () => deaf.send({ type: 'customer.came', name: 'x' }),
      /shop neither handles nor ignores customer\.came in shut/,
    );
    assert.throws(() => machine.send({ type: 'customer.left' }), /shop has no message customer\.left/);
    machine.send({ type: 'stop' });
    assert.throws(() => machine.send({ type: 'stop' }), /at its end/);
  });

  it('throws what the machine throws', () => {
    const fault = new Error('in an assign');
    const machine = setup({
      types: { events: {} as { readonly type: 'go' } },
      actions: {
        fail: assign(() => {
          throw fault;
        }),
      },
    }).createMachine({ initial: 'a', states: { a: { on: { go: { actions: 'fail' } } } } });
    const definition = defineSample({
      kind: 'x',
      machine,
      messages: { go: 'request' },
      needs: [],
      effects: () => ({}),
    });

    assert.throws(() => new MachineDriver(definition).start(undefined).send({ type: 'go' }), fault);
  });

  it('may not use delays of its own', () => {
    const machine = setup({ types: { events: {} as { readonly type: 'go' } } }).createMachine({
      initial: 'a',
      states: { a: { after: { 10: 'b' } }, b: {} },
    });
    const definition = defineSample({
      kind: 'x',
      machine,
      messages: { go: 'request' },
      needs: [],
      effects: () => ({}),
    });

    assert.throws(() => new MachineDriver(definition).start(undefined), /wish for its timers/);
  });
});

describe('the coverage of a driver', () => {
  it('names the transitions that were not taken by any of its machines', () => {
    const driver = new MachineDriver(tally);
    driver.start({ start: 0 }).sendAll([{ type: 'tally.freeze' }, { type: 'stop' }]);
    driver.start({ start: 0 }).send({ type: 'timer.report' });

    assert.deepEqual(driver.untaken(), [
      'counting: tally.add [isSmall]',
      'counting: tally.ask',
      'counting: stop -> ended',
      'frozen: tally.ask',
    ]);
  });

  it('fails below the demanded part, with their names, and passes when the rest is waived by name', () => {
    const driver = new MachineDriver(tally);
    const machine = driver.start({ start: 0 });
    machine.send({ type: 'tally.add', amount: 1 });
    machine.send({ type: 'tally.ask', replyTo });
    machine.sendAll([{ type: 'timer.report' }, { type: 'tally.freeze' }, { type: 'stop' }]);

    assert.throws(
      () => driver.atLeast(0.95),
      /tally: 71 % of 7 transitions were taken; not these:\n {2}counting: stop -> ended\n {2}frozen: tally\.ask/,
    );
    driver.atLeast(0.7);
    driver.atLeast(0.95, { waived: ['counting: stop -> ended', 'frozen: tally.ask'] });
  });

  it('does not count a transition whose guard refused', () => {
    const driver = new MachineDriver(tally);
    driver.start({ start: 0 }).send({ type: 'tally.add', amount: 1_000 });

    assert.ok(driver.untaken().includes('counting: tally.add [isSmall]'));
  });

  it('refuses a waiver that is not needed', () => {
    const driver = new MachineDriver(tally);
    driver.start({ start: 0 }).send({ type: 'stop' });

    assert.throws(() => driver.atLeast(0, { waived: ['counting: stop -> ended'] }), /were taken, or do not exist/);
    assert.throws(() => driver.atLeast(0, { waived: ['no such transition'] }), /were taken, or do not exist/);
  });

  it('reaches into nested states', () => {
    const driver = new MachineDriver(shop);
    const machine = driver.start(undefined);
    machine.sendAll([{ type: 'shop.close' }, { type: 'shop.open' }]);
    machine.send({ type: 'customer.came', name: 'x' });
    machine.sendAll([
      { type: 'customer.paid' },
      { type: 'child.ended' },
      { type: 'shop.close' },
      { type: 'shop.open' },
    ]);
    machine.sendAll([{ type: 'timer.closing' }, { type: 'stop' }]);
    const another = driver.start(undefined);
    another.sendAll([{ type: 'shop.open' }, { type: 'stop' }]);

    driver.atLeast(1);
  });

  it('tells transitions that read alike apart', () => {
    const machine = setup({ types: { events: {} as { readonly type: 'go' } } }).createMachine({
      initial: 'a',
      states: {
        a: {
          on: {
            go: [
              { guard: () => false, target: 'b' },
              { guard: () => true, target: 'b' },
            ],
          },
        },
        b: {},
      },
    });
    const driver = new MachineDriver(
      defineSample({ kind: 'x', machine, messages: { go: 'request' }, needs: [], effects: () => ({}) }),
    );
    driver.start(undefined).send({ type: 'go' });

    assert.deepEqual(driver.untaken(), ['a: go [a guard] -> b']);
  });
});
