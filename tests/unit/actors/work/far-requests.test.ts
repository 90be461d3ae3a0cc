import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  followRequest,
  orderRequest,
  resultsRequest,
  statusRequest,
  submitRequest,
} from '../../../../actors/work/far-requests.js';
import { remoteExtra, UNIT } from './work-parts.js';

describe('what a submitting node sends to an executing one', () => {
  it('is a submit with the keys of 1.6.9 in its order, and our id of the unit', () => {
    const extra = remoteExtra({ remoteParams: new Map([['params', 'a "b"']]), tlsClient: 'mesh' });

    assert.equal(
      submitRequest(UNIT, extra),
      '{"command":"work","node":"far","params":"a \\"b\\"","subcommand":"submit","tlsclient":"mesh",' +
        '"workUnitID":"hereUnit0001","worktype":"echo"}\n',
    );
  });

  it('has a key for the TLS client even when there is none, and neither a ttl nor a wish to sign', () => {
    const line = submitRequest(UNIT, remoteExtra({ signWork: true }));

    assert.deepEqual(Object.keys(JSON.parse(line)), [
      ...['command', 'node', 'subcommand', 'tlsclient', 'workUnitID', 'worktype'],
    ]);
    assert.equal(JSON.parse(line).tlsclient, '');
  });

  it('sends secrets to the worker', () => {
    const extra = remoteExtra({ remoteParams: new Map([['secret_kube_pod', 'kind: Pod\n']]) });

    assert.equal(JSON.parse(submitRequest(UNIT, extra)).secret_kube_pod, 'kind: Pod\n');
  });

  it('does not let a parameter change the command that it is sent with', () => {
    const remoteParams = new Map([
      ...([['command', 'reload']] as const),
      ...([['subcommand', 'release']] as const),
      ...([['node', 'other']] as const),
      ...([['worktype', 'other']] as const),
      ...([['tlsclient', 'other']] as const),
      ...([['workUnitID', 'other']] as const),
    ]);

    assert.equal(submitRequest(UNIT, remoteExtra({ remoteParams })), submitRequest(UNIT, remoteExtra()));
  });

  it('is one line, whatever is in the parameters', () => {
    const line = submitRequest(UNIT, remoteExtra({ remoteParams: new Map([['params', 'a\nwork release x\r\n']]) }));

    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.equal(line.includes('\r'), false);
  });

  it('asks for the status in plain words, as the reference does', () => {
    assert.equal(statusRequest('there'), 'work status there\n');
  });

  it('asks for results with a number for the position: a text would be refused', () => {
    assert.equal(
      resultsRequest('there', 1_234),
      '{"command":"work","startpos":1234,"subcommand":"results","unitid":"there"}\n',
    );
  });

  it('asks for our own stream of status and output', () => {
    assert.equal(followRequest('there', 17), 'work follow there 17\n');
  });

  it('orders a cancel and a release', () => {
    for (const order of ['cancel', 'release'] as const) {
      assert.equal(orderRequest('there', order), `{"command":"work","subcommand":"${order}","unitid":"there"}\n`);
    }
  });
});
