import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../actors/pattern.js';

/** Patterns of the common subset, as a tree of their parts. */
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\.', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `${one}${other}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{1,3}')).map(([one, times]) => `(${one})${times}`),
  ),
}));

const name = fc.array(fc.constantFrom('a', 'b', '.', '-'), { maxLength: 8 }).map((letters) => letters.join(''));

/** Patterns over which an engine that backtracks would sit longer than anybody waits. */
const NESTED = ['(a+)+', '(a|a)*b', '(a|aa)+', '((a*)*)*', '(a?){60}a{60}', '(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b'];

describe('patterns of firewall rules', () => {
  it('fit whole names, as any other engine has it', () => {
    fc.assert(
      fc.property(pattern, name, (body, text) => {
        const compiled = compilePattern(body);
        assert.ok(compiled.ok, `${body}: ${compiled.ok ? '' : compiled.text}`);
        assert.equal(compiled.matches(text), new RegExp(`^(?:${body})$`, 'u').test(text), `${body} on ${text}`);
      }),
    );
  });

  it('come to an end over each name, however it was chosen', () => {
    const hostile = fc
      .tuple(fc.nat(240), fc.constantFrom('', '!', 'b', '\u0000'))
      .map(([length, end]) => 'a'.repeat(length) + end);
    const compiled = NESTED.map((body) => ({ body, compiled: compilePattern(body) }));
    fc.assert(
      fc.property(hostile, fc.nat(NESTED.length - 1), (text, at) => {
        const one = compiled[at];
        assert.ok(one?.compiled.ok);
        assert.equal(typeof one.compiled.matches(text), 'boolean');
      }),
    );
  });

  it('are taken or refused, and never throw', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|\\^$.:=!<>,019-pPQE'), maxLength: 24 });
    fc.assert(
      fc.property(odd, name, (body, text) => {
        const compiled = compilePattern(body);
        assert.equal(typeof (compiled.ok ? compiled.matches(text) : compiled.ok), 'boolean');
      }),
    );
  });
});
