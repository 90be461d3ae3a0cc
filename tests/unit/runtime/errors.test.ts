import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, describe as describeThrown, failureFrom, RuntimeError } from '../../../runtime/errors.js';

describe('a runtime error', () => {
  it('carries a code, data and a cause', () => {
    const cause = new Error('below');
    const error = new RuntimeError('ask-timeout', 'no answer', { data: { target: 'a' }, cause });

    assert.equal(error.code, 'ask-timeout');
    assert.deepEqual(error.data, { target: 'a' });
    assert.equal(error.cause, cause);
    assert.ok(!('cause' in new RuntimeError('aborted', 'x')));
  });
});

describe('a failure', () => {
  it('takes the code of the error, or its class name', () => {
    const system = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

    assert.equal(failureFrom(new RuntimeError('mailbox-full', 'x')).code, 'mailbox-full');
    assert.equal(failureFrom(system).code, 'ECONNREFUSED');
    assert.equal(failureFrom(new TypeError('x')).code, 'TypeError');
    assert.equal(codeOf('just text'), 'thrown');
  });

  it('is made of anything that can be thrown', () => {
    const nameless = { toString: () => assert.fail('no') };

    assert.equal(failureFrom('text').text, 'text');
    assert.equal(failureFrom(undefined).text, 'undefined');
    assert.equal(failureFrom(nameless).text, 'a value that has no text');
    assert.equal(failureFrom(Object.create(null)).text, 'a value that has no text');
    assert.equal(describeThrown(Symbol('s')), 'Symbol(s)');
  });

  it('follows the chain of causes, also when it is a circle', () => {
    const error = new Error('outer', { cause: new Error('middle', { cause: 'inner' }) });
    assert.deepEqual(failureFrom(error).causes, ['middle', 'inner']);

    const circle = new Error('round');
    circle.cause = circle;
    assert.equal(failureFrom(circle).causes.length, 8);
  });
});
