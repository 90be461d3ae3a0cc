import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginSink } from '../../../../actors/work/far-sink.js';
import { encodeText } from '../../../../protocol/text.js';
import { FarStage } from './far-stage.js';
import { OTHER_UNIT, UNIT } from './work-parts.js';

const silent = { room: () => undefined, failed: (text: string) => assert.fail(text) };

describe('a sink for the output of a unit', () => {
  it('begins behind what is stored', async () => {
    const stage = new FarStage();
    stage.putOutput('stored');
    const begun = beginSink(stage.parts, UNIT, silent);
    await stage.pass();

    const sink = await begun;
    sink.append(encodeText(' and more'));
    await stage.pass();

    assert.equal(sink.nextOffset, 15);
    assert.equal(stage.parts.text('stdout'), 'stored and more');
  });

  it('makes the one before it idle, whose late bytes are not stored', async () => {
    const stage = new FarStage();
    stage.putOutput();
    const first = beginSink(stage.parts, UNIT, silent);
    await stage.pass();
    (await first).append(encodeText('one'));

    const second = beginSink(stage.parts, UNIT, silent);
    await stage.pass();
    (await first).append(encodeText('one late'));
    (await second).append(encodeText('two'));
    await stage.pass();

    assert.equal(stage.parts.text('stdout'), 'onetwo');
  });

  it('is refused for a unit that nobody watches', async () => {
    const stage = new FarStage();
    stage.putOutput();

    await assert.rejects(beginSink(stage.parts, OTHER_UNIT, silent), { code: 'unit-gone' });
  });
});
