import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { complaintText, noteText } from '../../../../cli/client/complaint.js';

describe('a complaint', () => {
  it('is a line for what happened and a line for what to do', () => {
    assert.equal(complaintText({ text: 'no', hint: 'try again', exitCode: 1 }, 'table'), 'Error: no\n  try again\n');
    assert.equal(complaintText({ text: 'no', exitCode: 1 }, 'table'), 'Error: no\n');
  });

  it('tells people in plain words what it tells programs in the words of the node', () => {
    const complaint = { text: 'context canceled', plain: 'no such service', exitCode: 1 } as const;

    assert.equal(complaintText(complaint, 'table'), 'Error: no such service\n');
    assert.equal(complaintText(complaint, 'json'), '{"error":"context canceled","exitCode":1}\n');
  });

  it('is one line, and nothing that a terminal would obey', () => {
    assert.equal(
      complaintText({ text: 'a\nb', hint: 'c\u001b[2J', exitCode: 1 }, 'table'),
      'Error: a\\x0ab\n  c\\x1b[2J\n',
    );
    assert.equal(complaintText({ text: 'a\nb', exitCode: 1 }, 'json'), '{"error":"a\\nb","exitCode":1}\n');
  });
});

describe('a note', () => {
  it('is a line for people, an object for programs', () => {
    assert.equal(noteText('a\u001b[2J', 'table'), 'a\\x1b[2J\n');
    assert.equal(noteText('a', 'json'), '{"note":"a"}\n');
  });
});
