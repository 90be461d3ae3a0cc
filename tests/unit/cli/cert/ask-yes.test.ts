import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askYes } from '../../../../cli/cert/ask-yes.js';
import { CertError } from '../../../../cli/cert/cert-error.js';
import { saying } from './cert-stage.js';

describe('the question before something is signed', () => {
  for (const pieces of [['yes\n'], ['y\n'], ['YES\r\n'], ['  Y \n'], ['ye', 's'], ['yes\nno\n']]) {
    it(`takes ${JSON.stringify(pieces)} for a yes`, async () => {
      await askYes(saying(...pieces));
    });
  }

  const others: readonly (readonly [answer: string, text: string])[] = [
    ['', 'EOF'],
    ['\n', 'unexpected newline'],
    ['yes no\n', 'expected newline'],
    ['no\n', 'user declined'],
    ['yess\n', 'user declined'],
    [`${'y'.repeat(5_000)}`, 'user declined'],
  ];
  for (const [answer, text] of others) {
    it(`takes ${JSON.stringify(answer.slice(0, 10))} for a no, in the words of the reference`, async () => {
      await assert.rejects(
        askYes(saying(...(answer === '' ? [] : [answer]))),
        (thrown) => thrown instanceof CertError && thrown.code === 'declined' && thrown.message === text,
      );
    });
  }

  it('does not read on for ever', async () => {
    async function* endless(): AsyncIterable<Uint8Array> {
      for (;;) {
        yield Buffer.alloc(100, 'y');
      }
    }

    await assert.rejects(askYes(endless()), /user declined/);
  });
});
