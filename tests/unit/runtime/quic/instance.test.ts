import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineInstance } from '../../../../runtime/quic/instance.js';
import { Rig } from './rig.js';

const host = new Rig().hosts.dialler;

describe('EngineInstance', () => {
  it('maps its areas apart from each other', () => {
    const { input, output, numbers } = new EngineInstance(host);
    const ranges = [input, output, numbers]
      .map((area) => [area.byteOffset, area.byteOffset + area.byteLength] as const)
      .sort(([a], [b]) => a - b);

    assert.ok(ranges.every(([start], index) => index === 0 || start >= (ranges[index - 1]?.[1] ?? 0)));
    assert.ok(input.length >= 65_527 && output.length >= 65_527 + 1_024);
  });

  it('is dead after a trap, says why, and lets no call in', () => {
    const instance = new EngineInstance(host);
    let calls = 0;

    instance.provokeTrap();
    const answer = instance.call(() => {
      calls += 1;
      return 'entered';
    }, 'refused');

    assert.match(instance.fault ?? '', /unreachable.*provoked by a test/s);
    assert.equal(answer, 'refused');
    assert.equal(calls, 0);
  });

  it('is dead after any throw, whatever was thrown', () => {
    const instance = new EngineInstance(host);

    instance.call(() => {
      throw 'a string';
    }, undefined);

    assert.equal(instance.fault, 'a string');
  });

  it('still gives its areas when it is dead, without asking the engine', () => {
    const instance = new EngineInstance(host);
    const before = instance.output;

    instance.provokeTrap();

    assert.equal(instance.output.byteOffset, before.byteOffset);
    assert.equal(instance.numbers.length, 1_024);
  });

  it('tells each tenant once that it broke', () => {
    const instance = new EngineInstance(host);
    const heard: string[] = [];
    const tenant = (name: string) => ({ instanceFailed: () => void heard.push(name) });
    const gone = tenant('gone');
    instance.admit(tenant('a'));
    instance.admit(gone);
    instance.admit(tenant('b'));
    instance.dismiss(gone);

    instance.provokeTrap();
    instance.provokeTrap();

    assert.deepEqual(heard, ['a', 'b']);
  });

  it('does not hurt its neighbours', () => {
    const broken = new EngineInstance(host);
    const whole = new EngineInstance(host);

    broken.provokeTrap();

    assert.equal(whole.fault, undefined);
    assert.equal(
      whole.call((engine) => engine.abi_version(), 0),
      1,
    );
  });

  it('follows its memory when it grows', () => {
    const instance = new EngineInstance(host);
    const before = instance.memoryBytes;
    // Every WebAssembly memory has `grow`; the project's own typing leaves it out because only the engine calls it.
    instance.call((engine) => {
      (engine.memory as unknown as { grow(pages: number): number }).grow(16);
    }, undefined);

    instance.input.set([1, 2, 3]);

    assert.equal(instance.memoryBytes, before + 16 * 65_536);
    assert.equal(instance.input[2], 3);
  });
});
