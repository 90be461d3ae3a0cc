import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodesOffering, statusView, workTypesOf } from '../../../../cli/client/status-view.js';
import { isObject, parseJson } from '../../../../protocol/json/parsed.js';

const ADVERT = (node: string, service: string, types: string) =>
  `{"NodeID":"${node}","Service":"${service}","Time":"2026-11-20T23:13:58.232106735Z","ConnType":1,"Tags":{"type":"Control Service"},"WorkCommands":${types}}`;

function status(text: string) {
  const parsed = parseJson(Buffer.from(text));
  assert.ok(parsed.ok && isObject(parsed.value));
  return parsed.value;
}

const FULL = status(
  `{"Advertisements":[${ADVERT('c', 'control', '[{"WorkType":"cat","Secure":false},{"WorkType":"sec","Secure":true}]')},` +
    `${ADVERT('c', 'other', '[{"WorkType":"cat","Secure":false}]')},` +
    '{"NodeID":"b","Service":"shell","Time":"2026-11-20T23:13:58Z","ConnType":2,"Tags":null,"WorkCommands":null}],' +
    '"Connections":[{"NodeID":"b","Cost":1.5}],"KnownConnectionCosts":{"b":{"c":2,"a":1.5},"a":{"b":1.5}},"NodeID":"a",' +
    '"RoutingTable":{"c":"b","b":"b"},"SystemCPUCount":2,"SystemMemoryMiB":24105,"Version":"1.6.9"}',
);

describe('the status of a node', () => {
  it('is shown as tables', () => {
    assert.equal(
      statusView(FULL),
      `Node:    a
Version: 1.6.9
CPUs:    2
Memory:  24105 MiB

LINK TO  COST
b        1.5

KNOWN NODE  ITS LINKS (COST)
a           b (1.5)
b           a (1.5) c (2)

ROUTE TO  VIA
b         b
c         b

NODE  SERVICE  KIND             LAST SEEN (UTC)      TAGS
c     control  stream           2026-11-20 23:13:58  type=Control Service
c     other    stream           2026-11-20 23:13:58  type=Control Service
b     shell    stream with TLS  2026-11-20 23:13:58

NODE  WORK TYPES
c     cat, sec (signed)
`,
    );
  });

  it('is short for a node that is alone', () => {
    assert.equal(
      statusView(status('{"NodeID":"a","Version":"","SystemCPUCount":2,"SystemMemoryMiB":1}')),
      'Node:    a\nVersion:\nCPUs:    2\nMemory:  1 MiB\n\nno links to other nodes\n',
    );
  });

  it('is not upset by what no node says', () => {
    assert.match(
      statusView(status('{"Connections":5,"RoutingTable":[],"Advertisements":["x",{"WorkCommands":"y"}]}')),
      /^Node: {4}-/,
    );
  });

  it('tells which work a node offers', () => {
    assert.deepEqual(workTypesOf(FULL, 'c'), ['cat', 'sec']);
    assert.deepEqual(workTypesOf(FULL, 'b'), []);
    assert.deepEqual(nodesOffering(FULL, 'sec'), ['c']);
    assert.deepEqual(nodesOffering(FULL, 'dog'), []);
  });
});
