import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacedTask } from '../../../../actors/work/paced-task.js';
import { ManualHost } from '../../../support/manual-host.js';

const GAP_MS = 10;

/** A task whose runs the test ends. */
class Paced {
  readonly host = new ManualHost();
  readonly failures: unknown[] = [];
  /** When each run began. */
  readonly begun: number[] = [];
  readonly task: PacedTask;
  #end: { readonly resolve: () => void; readonly reject: (thrown: unknown) => void } | undefined;

  constructor() {
    const { clock } = this.host;
    const run = (): Promise<void> => {
      this.begun.push(clock.monotonicMs());
      return new Promise((resolve, reject) => {
        this.#end = { resolve, reject };
      });
    };
    this.task = new PacedTask(clock, GAP_MS, run, (thrown) => this.failures.push(thrown));
  }

  async end(): Promise<void> {
    this.#end?.resolve();
    await this.host.settle();
  }

  async fail(thrown: unknown): Promise<void> {
    this.#end?.reject(thrown);
    await this.host.settle();
  }
}

describe('a paced task', () => {
  it('runs at once when there is reason to', () => {
    const paced = new Paced();
    paced.task.soon();

    assert.deepEqual(paced.begun, [0]);
  });

  it('never runs twice at once, and once more after any number of reasons', async () => {
    const paced = new Paced();
    paced.task.soon();
    paced.host.advance(3);
    paced.task.soon();
    paced.task.soon();
    assert.deepEqual(paced.begun, [0]);

    await paced.end();
    assert.deepEqual(paced.begun, [0], 'there must be a gap');
    paced.host.advance(GAP_MS);
    assert.deepEqual(paced.begun, [0, 13]);
    await paced.end();
    paced.host.advance(100);
    assert.deepEqual(paced.begun, [0, 13], 'there was no reason any more');
  });

  it('loses no reason that comes in the gap', async () => {
    const paced = new Paced();
    paced.task.soon();
    await paced.end();
    paced.host.advance(GAP_MS - 1);
    paced.task.soon();
    assert.deepEqual(paced.begun, [0]);

    paced.host.advance(1);
    assert.deepEqual(paced.begun, [0, GAP_MS]);
  });

  it('runs at once after a gap in which there was none', async () => {
    const paced = new Paced();
    paced.task.soon();
    await paced.end();
    paced.host.advance(50);
    paced.task.soon();

    assert.deepEqual(paced.begun, [0, 50]);
  });

  it('runs now, whatever the gap', async () => {
    const paced = new Paced();
    paced.task.soon();
    await paced.end();
    paced.host.advance(1);
    paced.task.now();
    assert.deepEqual(paced.begun, [0, 1]);

    await paced.end();
    paced.host.advance(9.5);
    paced.task.soon();
    assert.deepEqual(paced.begun, [0, 1], 'the gap that was cut short must not end the next one');
    paced.host.advance(100);
    assert.deepEqual(paced.begun, [0, 1, 11]);
  });

  it('runs once from the start after now, when a run was under way', async () => {
    const paced = new Paced();
    paced.task.soon();
    paced.task.soon();
    paced.task.now();
    paced.task.soon();
    assert.deepEqual(paced.begun, [0]);

    await paced.end();
    assert.deepEqual(paced.begun, [0, 0]);
    await paced.end();
    paced.host.advance(100);
    assert.deepEqual(paced.begun, [0, 0]);
  });

  it('tells of a fault once, and then never runs again', async () => {
    const paced = new Paced();
    const fault = new Error('x');
    paced.task.soon();
    paced.task.now();
    await paced.fail(fault);
    paced.task.soon();
    paced.task.now();
    paced.host.advance(100);

    assert.deepEqual(paced.failures, [fault]);
    assert.deepEqual(paced.begun, [0]);
  });

  it('begins nothing once it is closed, and says nothing of the run that was under way', async () => {
    const paced = new Paced();
    paced.task.soon();
    paced.task.now();
    paced.task.close();
    await paced.fail(new Error('late'));
    const calm = new Paced();
    calm.task.soon();
    calm.task.now();
    calm.task.close();
    await calm.end();
    calm.task.soon();
    calm.host.advance(100);

    assert.deepEqual([paced.failures, paced.begun, calm.begun], [[], [0], [0]]);
  });

  it('leaves no timer when it is closed in the gap', async () => {
    const paced = new Paced();
    paced.task.soon();
    await paced.end();
    paced.task.soon();
    paced.task.close();

    assert.equal(paced.host.clock.armed, 0);
  });
});
