import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MeshView } from '../../../../actors/mesh/router-vocabulary.js';
import { RoutesReport, viewLines } from '../../../../cli/log/routes-report.js';
import { type NodeId, parseNodeId } from '../../../../protocol/names.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { ManualHost } from '../../../support/manual-host.js';

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const [A, B, C] = [id('a'), id('b'), id('c')];
const VIEW: MeshView = {
  connections: new Map([[B, 1]]),
  routes: new Map([
    [C, B],
    [B, B],
  ]),
  knownCosts: new Map([
    [
      B,
      new Map([
        [C, 2.5],
        [A, 1],
      ]),
    ],
    [A, new Map([[B, 1]])],
    [C, new Map()],
  ]),
};

function report(read: () => Promise<MeshView> = () => Promise.resolve(VIEW)) {
  const host = new ManualHost();
  const lines: string[] = [];
  let reads = 0;
  const routes = new RoutesReport({
    clock: host.clock,
    read: () => {
      reads += 1;
      return read();
    },
    write: ({ level, text }) => void lines.push(`${level} ${text}`),
  });
  return { host, lines, routes, reads: () => reads };
}

describe('the picture of the mesh in the log', () => {
  it('has the form of the reference, sorted', () => {
    assert.deepEqual(
      viewLines(VIEW).map(({ text }) => text),
      [
        'Known Connections:',
        '   a: b(1.00) ',
        '   b: a(1.00) c(2.50) ',
        '   c: ',
        'Routing Table:',
        '   b via b',
        '   c via b',
      ],
    );
  });

  it('is written at once when the routes have changed', async () => {
    const { lines, routes } = report();

    routes.changed();
    await settlePromises();

    assert.equal(lines[0], 'info Known Connections:');
  });

  it('is written once more a second later, however often they have changed meanwhile', async () => {
    const { host, routes, reads } = report();

    for (let at = 0; at < 10; at += 1) {
      routes.changed();
    }
    assert.equal(reads(), 1);
    host.advance(1_000);
    assert.equal(reads(), 2);
    host.advance(10_000);

    assert.equal(reads(), 2);
  });

  it('says at debug that the node does not answer any more', async () => {
    const { lines, routes } = report(() => Promise.reject(new Error('stopping')));

    routes.changed();
    await settlePromises();

    assert.deepEqual(lines, ['debug The routes could not be read: stopping']);
  });

  it('is not written after the end', () => {
    const { host, routes, reads } = report();
    routes.changed();
    routes.changed();

    routes.end();
    host.advance(10_000);
    routes.changed();

    assert.equal(reads(), 1);
  });
});
