import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { routesChanged } from '../../../../actors/topics.js';
import { farTaskActor } from '../../../../actors/work/far-task.actor.js';
import type { FarTaskInput } from '../../../../actors/work/far-task-vocabulary.js';
import { unitStatusLine } from '../../../../protocol/control/work-reply.js';
import type { NodeId } from '../../../../protocol/names.js';
import type { Address } from '../../../../runtime/address.js';
import { Lane } from '../../../../runtime/lane.js';
import { Turn } from '../../../../runtime/turn.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { FAR, NEAR } from '../node-parts.js';
import { FarStage, said, taskInput } from './far-stage.js';
import { statusOf, UNIT } from './work-parts.js';

async function tasked(changes: Partial<FarTaskInput>): Promise<{ stage: FarStage; task: Address }> {
  const stage = new FarStage();
  stage.putOutput();
  stage.parts.put('stdin', 'the input');
  const task = stage.belowUnit(farTaskActor, taskInput(changes));
  await stage.pass();
  return { stage, task };
}

/** The first line that the last attempt sends. */
async function firstLine(stage: FarStage): Promise<string> {
  stage.last.open();
  await stage.pass();
  return `${stage.last.lines[0]}`;
}

async function lose(stage: FarStage, text: string): Promise<void> {
  stage.last.fail({ code: 'no-route', text });
  await stage.pass();
}

const routes = (...nodes: readonly NodeId[]) => ({ routes: new Map(nodes.map((node) => [node, NEAR])) });

describe('the attempt of a task', () => {
  it('starts, cancels, releases, or watches in the way that the node knows', async () => {
    for (const [changes, line] of [
      [{ task: 'start', farUnitId: undefined }, /^{"command":"work","node":"far","subcommand":"submit"/],
      [{ task: 'cancel' }, /^{"command":"work","subcommand":"cancel","unitid":"there"}$/],
      [{ task: 'release' }, /^{"command":"work","subcommand":"release","unitid":"there"}$/],
      [{ task: 'watch' }, /^work follow there 0$/],
    ] as const) {
      const { stage } = await tasked(changes);
      assert.equal(stage.last.node, FAR);
      assert.match(await firstLine(stage), line);
    }
  });

  it('is followed at once by one in the way of the reference, when the node does not know ours', async () => {
    const { stage, task } = await tasked({ task: 'watch' });
    assert.equal(await firstLine(stage), 'work follow there 0');

    stage.last.session.hear('ERROR: bad command\n');
    await stage.pass();

    assert.equal(await firstLine(stage), 'work status there');
    assert.equal(stage.parts.streams.dials.length, 2);
    assert.equal(stage.state(task), 'attempting');
    assert.deepEqual(stage.toUnit, []);
    assert.deepEqual(stage.alarms, []);
  });

  it('tells the unit and everybody who wants to know when it is lost', async () => {
    const { stage } = await tasked({ task: 'cancel' });

    await lose(stage, 'no route to node');

    const loss = { task: 'cancel', text: 'no route to node' };
    assert.deepEqual(stage.toUnit, [{ type: 'task.lost', ...loss }]);
    const told = stage.records.of('topic').filter(({ subject }) => subject === 'unit.far-lost');
    assert.deepEqual(
      told.map(({ detail }) => detail['payload']),
      [{ unitId: UNIT, node: FAR, ...loss }],
    );
  });

  it('knows what the one before has left, and never sends the input twice to one unit', async () => {
    const { stage } = await tasked({ task: 'start', farUnitId: undefined });
    await firstLine(stage);
    stage.last.session.hear('Work unit created with ID there. Send stdin data and EOF.\n');
    stage.last.session.hasRoom = false;
    await stage.pass();
    stage.last.session.break({ code: 'timeout', text: 'timeout: no recent network activity' });
    await stage.pass(1_000);

    assert.equal(await firstLine(stage), 'work status there');
    stage.last.session.hear(unitStatusLine(statusOf()));
    await stage.pass();
    assert.match(`${stage.last.lines[1]}`, /"subcommand":"release","unitid":"there"/);
    stage.last.session.hear('{"released":"there"}\n');
    await stage.pass();
    assert.match(`${stage.last.lines[2]}`, /"subcommand":"submit"/);
    stage.last.session.hear(`Work unit created with ID ${UNIT}. Send stdin data and EOF.\n`);
    await stage.pass();
    stage.last.session.hear(`{"result":"Job Started","unitid":"${UNIT}"}\n`);
    await stage.pass();

    assert.equal(stage.last.session.text.endsWith('the input'), true);
    assert.deepEqual(stage.toUnit.at(-1), { type: 'start.done', farUnitId: UNIT });
    assert.deepEqual(stage.alarms, []);
  });

  it('takes over what was begun when only the answer was lost', async () => {
    const { stage } = await tasked({ task: 'start', farUnitId: undefined });
    await firstLine(stage);
    stage.last.session.hear('Work unit created with ID there. Send stdin data and EOF.\n');
    await stage.pass();
    stage.last.session.break();
    await stage.pass(1_000);

    assert.equal(await firstLine(stage), 'work status there');
    stage.last.session.hear(unitStatusLine(statusOf({ state: 1, detail: 'Running: PID 5' })));
    await stage.pass();

    assert.deepEqual(stage.toUnit.at(-1), { type: 'start.done', farUnitId: 'there' });
    assert.equal(stage.last.lines.length, 1);
  });

  it('ends with the task', async () => {
    const { stage, task } = await tasked({ task: 'cancel' });

    stage.stop(task);
    await stage.pass();

    assert.equal(stage.last.state, 'given-up');
    assert.deepEqual(stage.parts.streams.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });
});

describe('the pause after a loss', () => {
  it('ends with the way to the node, when there was none', async () => {
    const { stage, task } = await tasked({ task: 'cancel' });
    await lose(stage, 'no route to node');

    stage.publish(routesChanged, routes(NEAR));
    assert.equal(stage.state(task), 'waiting');
    stage.publish(routesChanged, routes(NEAR, FAR));

    assert.equal(stage.state(task), 'attempting');
    assert.equal(stage.parts.streams.dials.length, 2);
  });

  it('ends with nothing but time when there is a way already', async () => {
    const { stage, task } = await tasked({ task: 'cancel' });
    const lane = new Lane(new RecordingSession(), new Turn(stage.host.scheduler, (thrown) => assert.fail(`${thrown}`)));
    stage.parts.forwarder.addLane(NEAR, lane);
    stage.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    await lose(stage, 'connection refused');

    stage.publish(routesChanged, routes(FAR));
    assert.equal(stage.state(task), 'waiting');
    stage.host.advance(750);

    assert.equal(stage.state(task), 'attempting');
  });

  it('listens for the way no longer than it lasts', async () => {
    const { stage, task } = await tasked({ task: 'cancel' });
    await lose(stage, 'no route to node');
    assert.equal(stage.system.counts().hearers, 1);

    stage.send(task, said('task.hurry'));

    assert.equal(stage.state(task), 'attempting');
    // What is heard now is the attempt's own: whether its node has started anew.
    assert.equal(stage.system.counts().hearers, 1);
    stage.publish(routesChanged, routes(NEAR, FAR));
    assert.equal(stage.parts.streams.dials.length, 2);
  });
});
