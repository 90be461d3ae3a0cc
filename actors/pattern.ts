import { RE2JS } from 're2js';
import type { PatternCompiler } from '../protocol/firewall.js';
import { describe } from '../runtime/errors.js';

/** Characters of a pattern; a longer one is a mistake. */
const PATTERN_CHARACTERS_MAX = 4_096;

/**
 * Patterns in the syntax of the reference (RE2). The library is a port of the same machine: the time for a text grows
 * with its length and never worse, so that a hostile name costs no more than another one.
 */
export const compilePattern: PatternCompiler = (body) => {
  if (body.length > PATTERN_CHARACTERS_MAX) {
    return { ok: false, text: `it has more than ${PATTERN_CHARACTERS_MAX} characters` };
  }
  try {
    const pattern = RE2JS.compile(body);
    return { ok: true, matches: (text) => pattern.matches(text) };
  } catch (thrown) {
    return { ok: false, text: describe(thrown) };
  }
};
