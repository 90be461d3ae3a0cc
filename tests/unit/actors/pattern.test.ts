import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePattern } from '../../../actors/pattern.js';

function fits(body: string, text: string): boolean {
  const compiled = compilePattern(body);
  assert.ok(compiled.ok, `${body} is a pattern`);
  return compiled.matches(text);
}

describe('a pattern', () => {
  it('has to fit the whole text', () => {
    assert.equal(fits('a.c', 'abc'), true);
    assert.equal(fits('a.c', 'abcd'), false);
    assert.equal(fits('a.c', 'xabc'), false);
    assert.equal(fits('a.c', 'abc\n'), false);
    assert.equal(fits('', ''), true);
  });

  it('has alternatives that each fit the whole text', () => {
    assert.equal(fits('a|ab', 'ab'), true);
    assert.equal(fits('a|b', 'ax'), false);
    assert.equal(fits('a|b', 'xb'), false);
  });

  it('is written in the syntax of RE2', () => {
    assert.equal(fits('(?i)ab+', 'ABB'), true);
    assert.equal(fits('[[:alpha:]]+', 'abz'), true);
    assert.equal(fits('\\Qa.b\\E', 'a.b'), true);
    assert.equal(fits('\\pL{2}', 'äö'), true);
    assert.equal(fits('(?P<x>a)', 'a'), true);
  });

  it('is refused with a reason where RE2 knows no such thing', () => {
    for (const body of ['bad(', 'a**', '[z-a]', '(a)\\1', 'a(?=b)', '(?<!a)b', 'a{2000}', '*']) {
      const compiled = compilePattern(body);
      assert.ok(!compiled.ok, `${body} was taken`);
      assert.notEqual(compiled.text, '');
    }
  });

  it('is not endless', () => {
    assert.equal(compilePattern('a'.repeat(4_096)).ok, true);
    const compiled = compilePattern('a'.repeat(4_097));
    assert.deepEqual(compiled, { ok: false, text: 'it has more than 4096 characters' });
  });

  it('decides on a hostile text in steps that grow with its length alone', () => {
    // A backtracking engine would need more steps here than there are atoms.
    const body = '(a|aa)+(a+)+$|(x*)*y';
    for (const text of ['a'.repeat(255).concat('!'), 'x'.repeat(256)]) {
      assert.equal(fits(body, text), false);
    }
  });
});
