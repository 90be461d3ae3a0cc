import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkTypes } from '../../../../actors/work/work-types.js';
import { COMMANDS } from './work-parts.js';

const types = new WorkTypes(COMMANDS);
const params = (text: string): ReadonlyMap<string, string> => new Map([['params', text]]);
const paramsFor = (all: WorkTypes, given: string): string => {
  const job = all.jobFor('x', params(given));
  assert.ok(job.ok);
  return job.value.params;
};

describe('the work types of a node', () => {
  it('are told to the mesh in the order of the configuration, none of them signed', () => {
    assert.deepEqual(
      types.adverts(),
      ['echo', 'fixed', 'sleep', 'nobin'].map((workType) => ({ workType, secure: false })),
    );
    assert.equal(types.size, 4);
    assert.deepEqual([types.has('echo'), types.has('remote'), types.has('ECHO')], [true, false, false]);
    assert.deepEqual(new WorkTypes([]).adverts(), []);
  });

  it('refuse what they do not have, in the words of the reference', () => {
    for (const name of ['nosuch', '', 'Echo', '__proto__', 'constructor']) {
      assert.deepEqual(types.jobFor(name, params('')), { ok: false, refusal: `unknown work type ${name}` });
    }
  });

  it('take parameters only where that is allowed', () => {
    const refused = { ok: false, refusal: 'extra params provided but not allowed' };
    assert.deepEqual(types.jobFor('fixed', params('more')), refused);
    assert.deepEqual(types.jobFor('sleep', params(' ')), refused);
    assert.deepEqual(types.jobFor('fixed', params('')), {
      ok: true,
      value: { command: 'echo', params: 'always this' },
    });
    assert.deepEqual(types.jobFor('sleep', new Map()), { ok: true, value: { command: 'sleep', params: '' } });
  });

  it('put the configured parameters before the given ones, with one blank between them', () => {
    const base = new WorkTypes([{ workType: 'x', command: 'x', params: '-a', allowRuntimeParams: true }]);
    const bare = new WorkTypes([{ workType: 'x', command: 'x', allowRuntimeParams: true }]);

    assert.deepEqual([paramsFor(base, '-b c'), paramsFor(base, '')], ['-a -b c', '-a']);
    assert.deepEqual([paramsFor(bare, '-b'), paramsFor(bare, '')], ['-b', '']);
  });

  it('look at no other parameter', () => {
    const others = new Map([
      ['kube_image', 'x'],
      ['Params', 'y'],
    ]);

    assert.deepEqual(types.jobFor('fixed', others), { ok: true, value: { command: 'echo', params: 'always this' } });
  });
});
