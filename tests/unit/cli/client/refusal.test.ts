import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain, explained } from '../../../../cli/client/refusal.js';
import { ControlError } from '../../../../cli/control-error.js';

const ASKED = { node: 'beta', service: 'web', tlsClient: 'tls' };

describe('a refusal of a node', () => {
  const cases: readonly (readonly [text: string, plain: string, hint: string | undefined])[] = [
    [
      'INTERNAL_ERROR (local): no route to node',
      'no route to node "beta"',
      '"receptor status" shows the nodes that can be reached',
    ],
    [
      'context canceled',
      'beta has no service "web" (context canceled)',
      '"receptor status" shows the services of each node',
    ],
    ['service name too long', 'service name too long: "web"', 'the name of a service has at most 8 bytes'],
    [
      'unknown TLS config tls',
      'unknown TLS config tls',
      'the node that is asked needs a tls-client "tls"; or leave out --tls-client',
    ],
    [
      'cannot sign work: signing key is empty',
      'cannot sign work: signing key is empty',
      'the node that is asked needs a work-signing with a private key; or leave out --signwork',
    ],
    [
      'ttl option is intended for remote work only',
      'ttl option is intended for remote work only',
      'leave out --ttl, or name another node with --node',
    ],
    [
      'error from remote: ERROR: extra params provided but not allowed',
      'extra params provided but not allowed',
      'the work-command of the node needs allowruntimeparams=true; or leave the parameters out',
    ],
    ['could not parse response: ERROR: something else', 'something else', undefined],
  ];
  for (const [text, plain, hint] of cases) {
    it(`keeps its words and gets plain ones and a cure: ${text}`, () => {
      const told = explained(new ControlError('refused', text), ASKED);

      assert.ok(told instanceof ControlError);
      assert.deepEqual([told.code, told.message, told.plain, told.hint], ['refused', text, plain, hint]);
    });
  }

  it('keeps the hint that it has, and what is no refusal stays what it is', () => {
    for (const thrown of [
      new ControlError('refused', 'context canceled', 'better'),
      new ControlError('late', 'context canceled'),
      new Error('context canceled'),
    ]) {
      assert.equal(explained(thrown, ASKED), thrown);
      assert.throws(() => explain(ASKED)(thrown), thrown);
    }
  });
});
