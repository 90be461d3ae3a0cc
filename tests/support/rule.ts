import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lineAt } from './source-text.js';
import { type SourceFile, sourceFile } from './source-tree.js';

/** A place where a rule is broken. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** A rule of the style guide as a test. */
export interface Rule {
  /** What must hold, as a sentence. */
  readonly name: string;
  /** Why the rule exists: printed when it is broken. */
  readonly why: string;
  readonly find: (files: readonly SourceFile[]) => readonly Finding[];
  /** Snippets that must break the rule, by the path at which they would lie: the proof that it can fail. */
  readonly bad: Readonly<Record<string, string>>;
  /** Snippets that must not. */
  readonly good: Readonly<Record<string, string>>;
}

/** Two tests for each rule: it holds for the tree, and it finds what it is there to find. */
export function check(rule: Rule, files: readonly SourceFile[]): void {
  it(rule.name, () => {
    const findings = rule.find(files);
    assert.ok(findings.length === 0, complaint(rule, findings));
  });
  it(`${rule.name} (the rule can fail)`, () => {
    for (const [path, text] of Object.entries(rule.bad)) {
      const findings = rule.find([sourceFile(path, text)]);
      assert.ok(findings.length > 0, `the rule does not see: ${path}\n${text}`);
    }
    for (const [path, text] of Object.entries(rule.good)) {
      assert.deepEqual(rule.find([sourceFile(path, text)]), [], `the rule complains of: ${path}\n${text}`);
    }
  });
}

function complaint({ name, why }: Rule, findings: readonly Finding[]): string {
  const places = findings.map(({ path, line, what }) => `  ${path}:${line} ${what}`);
  return [`${name}\n(${why})`, ...places].join('\n');
}

/** A finding for every match of a pattern; the pattern must be global. */
export function matches(
  { path }: SourceFile,
  text: string,
  pattern: RegExp,
  what: (match: RegExpMatchArray) => string,
): readonly Finding[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    path,
    line: lineAt(text, (match.index ?? 0) + match[0].length - match[0].trimStart().length),
    what: what(match),
  }));
}
