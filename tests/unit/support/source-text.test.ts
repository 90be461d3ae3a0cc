import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, lineAt, withoutComments } from '../../support/source-text.js';

describe('the code of a text', () => {
  it('has no comments and no insides of literals, but the same positions', () => {
    const text = [
      'const a = "x // y"; // note',
      "/* b\n c */ const d = 'e\\'f';",
      `const g = \`h \${i + \`j\`} k\`;`,
    ].join('\n');

    const code = codeOf(text);

    assert.equal(code.length, text.length);
    assert.equal(code.split('\n').length, text.split('\n').length);
    assert.equal(code.replace(/ +/g, ' '), 'const a = " "; \n \n const d = \' \';\nconst g = ` {i + ` `} `;');
  });

  it('knows a regular expression from a division', () => {
    assert.equal(codeOf('a = b / c; d = /e\\/[/]"f/g; g = h(1) / 2;'), 'a = b / c; d = /        /g; g = h(1) / 2;');
    assert.equal(codeOf('return /"/.test(a);'), 'return / /.test(a);');
    assert.equal(codeOf('a[1] / b; c} / d'), 'a[1] / b; c} / d');
  });

  it('goes on after a template whose expression has braces of its own', () => {
    assert.equal(codeOf(`\`\${ { a: 1 }.a } b\` + c`), '` { { a: 1 }.a }  ` + c');
  });

  it('keeps literals when only comments are in the way', () => {
    assert.equal(withoutComments("import a from 'b'; // c 'd'"), "import a from 'b';         ");
    assert.equal(withoutComments("const url = 'http://x';"), "const url = 'http://x';");
  });
});

it('a position has a line, counted from 1', () => {
  assert.deepEqual([lineAt('a\nb\nc', 0), lineAt('a\nb\nc', 2), lineAt('a\nb\nc', 4)], [1, 2, 3]);
});
