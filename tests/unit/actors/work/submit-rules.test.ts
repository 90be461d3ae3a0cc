import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newUnitFor, type SubmitFacts, signatureRefusal } from '../../../../actors/work/submit-rules.js';
import { WorkTypes } from '../../../../actors/work/work-types.js';
import type { WorkSubmit } from '../../../../protocol/control/command-line.js';
import { decoded, faulty } from '../../../../protocol/decoded.js';
import { HERE } from '../node-parts.js';
import { COMMANDS, remoteStatus, statusOf } from './work-parts.js';

const NOW_MS = Date.UTC(2026, 10, 20, 23, 15, 56);
const facts: SubmitFacts = { self: HERE, types: new WorkTypes(COMMANDS), nowMs: NOW_MS };
const badTtl = faulty('duration-format', 0, 'time: invalid duration "zz"');

function submitOf(changes: Partial<WorkSubmit> = {}): WorkSubmit {
  return {
    type: 'work.submit',
    node: 'localhost',
    workType: 'echo',
    params: new Map(),
    tlsClient: '',
    ttl: undefined,
    signWork: false,
    signature: '',
    unitId: undefined,
    ...changes,
  };
}

const refusalOf = (changes: Partial<WorkSubmit>): string => {
  const made = newUnitFor(submitOf(changes), facts);
  return made.ok ? 'taken' : made.refusal;
};

describe('a submit for this node', () => {
  it('makes a unit that waits for its input, by whichever name the node is called', () => {
    for (const node of ['here', 'localhost', 'LocalHost']) {
      const made = newUnitFor(submitOf({ node, params: new Map([['params', '-n "a b"']]) }), facts);

      assert.deepEqual(made, {
        ok: true,
        value: {
          plan: { type: 'command', job: { command: 'echo', params: '-n "a b"' } },
          status: {
            state: 0,
            detail: 'Waiting for Input Data',
            stdoutSize: 0,
            workType: 'echo',
            extraData: { type: 'none' },
          },
        },
      });
    }
  });

  it('is refused in the words and the order of the reference', () => {
    const everything = { signature: 'x', ttl: badTtl, workType: 'nosuch' };
    assert.equal(refusalOf(everything), 'work type did not expect a signature');
    assert.equal(refusalOf({ ...everything, signature: '' }), 'ttl option is intended for remote work only');
    assert.equal(refusalOf({ workType: 'nosuch' }), 'unknown work type nosuch');
    assert.equal(
      refusalOf({ workType: 'fixed', params: new Map([['params', 'x']]) }),
      'extra params provided but not allowed',
    );
  });

  it('may name secrets, which do not travel', () => {
    assert.equal(refusalOf({ params: new Map([['secret_kube_config', 'x']]) }), 'taken');
  });

  it('does not know the work type of units on other nodes', () => {
    assert.equal(refusalOf({ workType: 'remote' }), 'unknown work type remote');
  });
});

describe('a submit for another node', () => {
  const far = (changes: Partial<WorkSubmit> = {}): WorkSubmit => submitOf({ node: 'far', ...changes });

  it('makes a unit that says all that its start will need', () => {
    const params = new Map([['params', 'x']]);
    const made = newUnitFor(far({ workType: 'nosuch', params, signWork: true }), facts);

    assert.deepEqual(made, {
      ok: true,
      value: {
        plan: { type: 'far' },
        status: {
          state: 0,
          detail: 'Waiting for Input Data',
          stdoutSize: 0,
          workType: 'remote',
          extraData: {
            type: 'remote',
            remoteNode: 'far',
            remoteWorkType: 'nosuch',
            remoteParams: params,
            remoteUnitId: '',
            remoteStarted: false,
            localCancelled: false,
            localReleased: false,
            signWork: true,
            tlsClient: '',
            expiration: { text: '0001-01-01T00:00:00Z', seconds: -62_135_596_800, nanoseconds: 0 },
          },
        },
      },
    });
  });

  it('expires when its time for the start is over', () => {
    const made = newUnitFor(far({ ttl: decoded(3_500_000_000) }), facts);
    assert.ok(made.ok && made.value.status.extraData.type === 'remote');

    assert.equal(made.value.status.extraData.expiration.text, '2026-11-20T23:15:59.5Z');
  });

  it('is refused in the words and the order of the reference', () => {
    const secrets = new Map([
      ['params', ''],
      ['SECRET_key', 'x'],
    ]);
    const everything = { node: 'far', signature: 'x', tlsClient: 'nosuch', params: secrets, ttl: badTtl };
    assert.equal(refusalOf(everything), 'work type did not expect a signature');
    assert.equal(refusalOf({ ...everything, signature: '' }), 'unknown TLS config nosuch');
    const open = { ...everything, signature: '', tlsClient: '' };
    assert.equal(refusalOf(open), 'cannot send secrets over a non-TLS connection');
    assert.equal(refusalOf({ ...open, params: new Map() }), 'time: invalid duration "zz"');
    assert.equal(refusalOf({ ...open, params: new Map(), ttl: undefined }), 'taken');
  });

  it('is refused when no node can be called so', () => {
    assert.equal(refusalOf({ node: '' }), 'no node can have the name ""');
    assert.equal(refusalOf({ node: 'a\nb' }), 'no node can have the name "a\\nb"');
  });
});

describe('the signature of a request for a unit', () => {
  const local = statusOf();
  const signed = remoteStatus({ signWork: true });
  const plain = remoteStatus();

  it('is refused where none is expected, from wherever it comes', () => {
    for (const origin of ['unix', 'network'] as const) {
      for (const status of [local, plain]) {
        assert.equal(signatureRefusal(status, { signature: '', origin }), undefined);
        assert.equal(signatureRefusal(status, { signature: 'x', origin }), 'work type did not expect a signature');
      }
    }
  });

  it('is wanted for signed work, unless the request comes over a Unix socket', () => {
    assert.equal(signatureRefusal(signed, { signature: '', origin: 'unix' }), undefined);
    assert.equal(signatureRefusal(signed, { signature: 'x', origin: 'unix' }), undefined);
    assert.equal(
      signatureRefusal(signed, { signature: '', origin: 'network' }),
      'could not verify signature: signature is empty',
    );
    assert.equal(
      signatureRefusal(signed, { signature: 'x', origin: 'network' }),
      'could not verify signature: verifying key not specified',
    );
  });
});
