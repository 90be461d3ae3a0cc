import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GoHabits, type GoLog, serveLikeGo } from './work-go-control.js';
import { CollectingReader, cat, echo, patterned, requestFor, sleeper, steadily, WorkWorld } from './work-world.js';

const PIECES = 20;
const PIECE_BYTES = 50_000;
const WHOLE = patterned(PIECES * PIECE_BYTES);
const COMMANDS = { cat, echo, sleeper, stream: steadily(PIECES, PIECE_BYTES, 200) };

/** Two nodes of ours and, behind them, one with the habits of the reference. */
async function withGo(seed: string, habits: GoHabits): Promise<{ made: WorkWorld; log: GoLog }> {
  const log: GoLog = [];
  const made = new WorkWorld({
    seed,
    ids: ['a', 'b', 'go'],
    commands: COMMANDS,
    more: (id) => (id === 'go' ? { controlServices: [] } : {}),
    onStart: (id, node) => {
      if (id === 'go') {
        node.started.then(() => serveLikeGo(node, habits, log), assert.fail);
      }
    },
  });
  await made.ready();
  return { made, log };
}

for (const names of ['own', 'given'] as const) {
  describe(`a node of the reference that gives units ${names === 'own' ? 'names of its own' : 'the names that it is given'}`, () => {
    it('runs our work, and its output is complete although its streams do not end', async () => {
      const { made, log } = await withGo(`go ${names} runs`, { names });
      const { world } = made;

      const { unitId, outcome } = await world.wait(made.submit('a', 'go', 'stream'), 10_000);
      const reader = new CollectingReader();
      await world.wait(made.node('a').ports.work.follow({ ...requestFor(unitId), startPosition: 0 }, reader), 1_000);
      await world.until(() => reader.ending !== undefined, 60_000);
      const atMs = world.nowMs;
      await world.advance(60_000);

      assert.deepEqual(outcome, { ok: true, value: 'Job Started' });
      assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
      assert.ok(reader.output.equals(WHOLE));
      assert.deepEqual(reader.gaps, []);
      assert.ok(atMs < 7_500, `it took until ${atMs} ms`);
      assert.equal(log.filter((asked) => asked === 'work.follow').length, 1);
      assert.equal(log.at(-1), 'work.status');
      assert.deepEqual(made.alarms, []);
      const left = Array.from(made.node('a').system.cells(), ({ address }) => address).filter(
        (address) => /^node\/(work|streams\/dial)/.test(address) && address !== 'node/work',
      );
      assert.deepEqual(left, [], 'every session is closed, although the other node keeps its own open');
    });

    it('is asked in its own way at once, once it is known', async () => {
      const { made, log } = await withGo(`go ${names} known`, { names });
      const { world } = made;
      await world.wait(made.submit('a', 'go', 'echo'), 10_000);
      await world.advance(5_000);
      log.length = 0;

      await world.wait(made.submit('a', 'go', 'echo'), 10_000);
      await world.advance(5_000);

      assert.equal(log.includes('work.follow'), false);
      assert.equal(log.includes('work.status'), true);
    });

    it('lets go of units that are cancelled and released', async () => {
      const { made } = await withGo(`go ${names} orders`, { names });
      const { world } = made;
      const { unitId } = await world.wait(made.submit('a', 'go', 'sleeper'), 10_000);
      await world.advance(3_000);
      const desk = made.node('a').ports.work;

      const cancelled = await world.wait(desk.cancel(requestFor(unitId)), 30_000);
      await world.advance(3_000);
      const afterCancel = await made.units('a');
      const released = await world.wait(desk.release(requestFor(unitId), { force: false }), 30_000);
      await world.advance(3_000);

      assert.deepEqual(cancelled, { ok: true, value: 'cancelled' });
      assert.deepEqual(afterCancel, { [unitId]: '4 Canceled' });
      assert.deepEqual(released, { ok: true, value: 'released' });
      assert.deepEqual([await made.units('a'), await made.units('go')], [{}, {}]);
      assert.deepEqual(made.alarms, []);
    });

    for (const victim of ['b', 'go']) {
      it(`gives all of the output, once, when ${victim} crashes and returns`, async () => {
        const { made } = await withGo(`go ${names} ${victim}`, { names });
        const { world } = made;
        const { unitId } = await world.wait(made.submit('a', 'go', 'stream'), 10_000);
        const reader = new CollectingReader();
        await world.wait(made.node('a').ports.work.follow({ ...requestFor(unitId), startPosition: 0 }, reader), 1_000);
        await world.advance(2_000);

        made.crash(victim);
        await world.advance(2_000);
        made.start(victim);
        await world.until(() => reader.ending !== undefined, 180_000);

        assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
        assert.ok(reader.output.equals(WHOLE));
        assert.deepEqual(made.alarms, []);
      });

      it(`never runs work on half of its input, nor twice, when ${victim} crashes while it is sent`, async () => {
        const { made } = await withGo(`go ${names} input ${victim}`, { names });
        const { world } = made;
        const input = patterned(3_000_000);
        let isAnswered = false;
        made.submit('a', 'go', 'cat', { input }).then(() => {
          isAnswered = true;
        }, assert.fail);
        const { content } = world.host('go').disk;
        const isHalf = (): boolean =>
          content.paths().some((path) => path.endsWith('/stdin') && content.get(path).size > 1_000_000);
        assert.equal(await world.until(isHalf, 60_000), true);

        made.crash(victim);
        await world.advance(2_000);
        made.start(victim);
        assert.equal(await world.until(() => isAnswered, 240_000), true);
        await world.advance(60_000);

        const [state = ''] = Object.values(await made.units('a'));
        assert.equal(state, '2 exit status 0');
        assert.deepEqual(
          world.host('go').processes.runs.map(({ inputBytes }) => inputBytes),
          [input.length],
        );
        assert.deepEqual(made.alarms, []);
      });
    }
  });
}
