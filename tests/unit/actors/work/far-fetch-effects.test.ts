import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farFetchActor } from '../../../../actors/work/far-fetch.actor.js';
import type { Address } from '../../../../runtime/address.js';
import { FarStage, said, taskInput } from './far-stage.js';

const RESULTS = 'Streaming results for work unit there\n';
const MIB = 1_048_576;

interface Rig {
  readonly stage: FarStage;
  readonly fetch: Address;
}

function resting(stored = ''): Rig {
  const stage = new FarStage();
  stage.putOutput(stored);
  return { stage, fetch: stage.belowTask(farFetchActor, taskInput()) };
}

/** The other node is asked for results, and begins to stream them. */
async function streaming({ stage, fetch }: Rig, first = ''): Promise<void> {
  stage.send(fetch, said('fetch.wanted'));
  await stage.pass();
  stage.last.open();
  await stage.pass();
  stage.last.session.hear(`${RESULTS}${first}`);
  stage.host.run();
}

const asked = ({ stage }: Rig): readonly unknown[] =>
  stage.parts.streams.dials.map(({ lines }) => lines.map((line) => JSON.parse(line).startpos));

describe('the bytes of a fetch', () => {
  it('are stored as they are, from the first behind the line on', async () => {
    const rig = resting();
    await streaming(rig, 'one\n');
    rig.stage.last.session.hear('two\r\nERROR: no\n');
    await rig.stage.pass();

    assert.equal(rig.stage.parts.text('stdout'), 'one\ntwo\r\nERROR: no\n');
    assert.equal(rig.stage.state(rig.fetch), 'fetching.streaming');
  });

  it('are neither doubled nor lost when the stream breaks before they are stored', async () => {
    const rig = resting('stored-');
    await streaming(rig, 'first-');
    rig.stage.last.session.hear('second-');
    rig.stage.last.session.break();
    rig.stage.host.run();
    assert.equal(rig.stage.state(rig.fetch), 'resting');

    await streaming(rig, 'third');
    await rig.stage.pass();

    assert.deepEqual(asked(rig), [[7], [20]]);
    assert.equal(rig.stage.parts.text('stdout'), 'stored-first-second-third');
    assert.deepEqual(rig.stage.alarms, []);
  });

  it('are not lost when the other node ends the stream in order, as the old reference does', async () => {
    const rig = resting();
    await streaming(rig, 'all');
    rig.stage.last.session.hearEnd();
    await rig.stage.pass();

    assert.equal(rig.stage.state(rig.fetch), 'resting');
    assert.equal(rig.stage.parts.text('stdout'), 'all');
    assert.deepEqual(rig.stage.parts.streams.leftOpen(), []);
  });

  it('are asked for no faster than the disk takes them', async () => {
    const rig = resting();
    await streaming(rig);
    const { session } = rig.stage.last;

    session.hear(new Uint8Array(MIB));
    assert.deepEqual(session.acts, ['attach', 'pause']);
    await rig.stage.pass();

    assert.deepEqual(session.acts, ['attach', 'pause', 'resume']);
    assert.equal(rig.stage.parts.text('stdout')?.length, MIB);
  });

  it('that the disk refuses are fetched again, and those that it took are not', async () => {
    const rig = resting();
    await streaming(rig, 'taken');
    await rig.stage.pass();
    rig.stage.parts.disk.fault = (act) => (act === 'append' ? 'full' : undefined);
    rig.stage.last.session.hear('refused');
    await rig.stage.pass();
    assert.equal(rig.stage.state(rig.fetch), 'resting');
    assert.equal(rig.stage.last.session.isOver, true);
    rig.stage.parts.disk.fault = () => undefined;

    await streaming(rig, 'refused');
    await rig.stage.pass();

    assert.deepEqual(asked(rig), [[0], [5]]);
    assert.equal(rig.stage.parts.text('stdout'), 'takenrefused');
  });

  it('are not fetched for a unit that nobody watches', async () => {
    const stage = new FarStage();
    const fetch = stage.belowTask(farFetchActor, taskInput());
    stage.send(fetch, said('fetch.wanted'));
    await stage.pass();

    assert.equal(stage.state(fetch), 'resting');
    assert.deepEqual(stage.parts.streams.dials, []);
  });

  it('are not fetched when the other node refuses them', async () => {
    const rig = resting();
    rig.stage.send(rig.fetch, said('fetch.wanted'));
    await rig.stage.pass();
    rig.stage.last.open();
    await rig.stage.pass();
    rig.stage.last.session.hear('ERROR: unknown work unit there\n');
    await rig.stage.pass();

    assert.equal(rig.stage.state(rig.fetch), 'resting');
    assert.equal(rig.stage.last.session.isOver, true);
    assert.equal(rig.stage.parts.text('stdout'), '');
  });

  it('come no more when the fetch ends, and nothing stays open', async () => {
    const rig = resting();
    const store = rig.stage.parts.workKit.outputs;
    await streaming(rig, 'some');
    rig.stage.stop(rig.fetch);
    await rig.stage.pass();

    assert.equal(rig.stage.last.session.isOver, true);
    assert.equal(rig.stage.parts.text('stdout'), 'some', 'what was taken is stored');
    await Promise.all([...store.values()].map((output) => output.close()).concat(rig.stage.pass()));
    store.clear();
    assert.deepEqual(rig.stage.parts.leftOpen(), []);
    assert.deepEqual(rig.stage.alarms, []);
  });
});
