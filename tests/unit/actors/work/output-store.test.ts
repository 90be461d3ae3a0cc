import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type OutputSink, OutputStore, type SinkEvents } from '../../../../actors/work/output-store.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import { ManualHost } from '../../../support/manual-host.js';
import { pass, UNIT, WorkParts } from './work-parts.js';

const MIB = 1_048_576;

/** A store over a pretended disk, whose appends the test can make fail, wholly or in the middle. */
class Storing {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  readonly sizes: number[] = [];
  readonly news: string[] = [];
  readonly store: OutputStore;
  fault: FileFaultCode | undefined;

  constructor() {
    this.parts.put('status', '');
    this.parts.disk.fault = (act) => (act === 'append' || act === 'open' ? this.fault : undefined);
    this.store = new OutputStore(this.parts.files, this.parts.workKit.pathsOf(UNIT).stdout, (size) =>
      this.sizes.push(size),
    );
  }

  events(name = ''): SinkEvents {
    return {
      room: () => this.news.push(`${name}room`),
      failed: (text) => this.news.push(`${name}failed ${text}`),
    };
  }

  async begin(name = ''): Promise<OutputSink> {
    const beginning = this.store.begin(this.events(name));
    await pass(this.host);
    return beginning;
  }

  /** Appends bytes to the file as somebody else would, or as a write that failed half-way does. */
  smuggle(text: string): void {
    const { content } = this.parts.disk;
    const path = this.parts.workKit.pathsOf(UNIT).stdout;
    content.append(path, content.opened(path), bytes(text));
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the store of the output of a unit on another node', () => {
  it('appends what comes, and tells how much is stored', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    assert.deepEqual([sink.append(bytes('hel')), sink.append(bytes('lo')), sink.append(bytes(''))], [true, true, true]);
    assert.equal(sink.nextOffset, 5);
    assert.equal(storing.store.storedSize, 0, 'nothing is stored before the disk has it');
    await pass(storing.host);

    assert.equal(storing.parts.text('stdout'), 'hello');
    assert.deepEqual(storing.sizes, [0, 3, 5]);
    assert.equal(storing.store.storedSize, 5);
  });

  it('goes on behind what an earlier life has stored', async () => {
    const storing = new Storing();
    storing.parts.put('stdout', 'hel');
    const sink = await storing.begin();
    assert.equal(sink.nextOffset, 3);
    sink.append(bytes('lo'));
    await pass(storing.host);

    assert.equal(storing.parts.text('stdout'), 'hello');
  });

  it('gathers what comes while the disk is busy into one write', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    for (const piece of 'abcdefgh') {
      sink.append(bytes(piece));
    }
    await pass(storing.host);

    assert.deepEqual(storing.sizes, [0, 1, 8]);
    assert.equal(storing.parts.text('stdout'), 'abcdefgh');
  });

  it('asks to wait when a mebibyte waits for the disk, and gives room when half of it is gone', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    const piece = new Uint8Array(MIB / 4);
    const answers = [1, 2, 3, 4, 5].map(() => sink.append(piece));
    assert.deepEqual(answers, [true, true, true, false, false]);
    assert.deepEqual(storing.news, []);
    await pass(storing.host);

    assert.deepEqual(storing.news, ['room']);
    assert.equal(storing.store.storedSize, 5 * (MIB / 4));
    assert.equal(sink.append(piece), true);
  });

  it('stores what one sender gave before it begins with the next, who goes on there', async () => {
    const storing = new Storing();
    const first = await storing.begin('first ');
    first.append(bytes('one'));
    first.append(bytes('two'));
    const second = await storing.begin('second ');
    assert.equal(second.nextOffset, 6);
    assert.equal(first.append(bytes('late')), true);
    assert.equal(first.nextOffset, 6);
    second.append(bytes('three'));
    await pass(storing.host);

    assert.equal(storing.parts.text('stdout'), 'onetwothree');
    assert.deepEqual(storing.news, []);
  });

  it('takes no more after a refused write, says why, and begins behind what is really stored', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    sink.append(bytes('good'));
    await pass(storing.host);
    storing.fault = 'full';
    sink.append(bytes('lost'));
    sink.append(bytes('lost too'));
    await pass(storing.host);
    assert.deepEqual(storing.news, [`failed full: append '/data/here/${UNIT}/stdout'`]);
    assert.equal(sink.append(bytes('idle')), true);
    await pass(storing.host);
    assert.equal(storing.news.length, 1);

    storing.fault = undefined;
    storing.smuggle('lo');
    const again = await storing.begin();
    assert.equal(again.nextOffset, 6, 'part of what failed is on the disk all the same');
    again.append(bytes('st'));
    await pass(storing.host);
    assert.equal(storing.parts.text('stdout'), 'goodlost');
    assert.equal(storing.store.storedSize, 8);
  });

  it('says when it is flushed, be it stored or given up', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    let flushed = 0;
    const note = (): void => {
      flushed += 1;
    };
    sink.append(bytes('a'));
    sink.append(bytes('b'));
    sink.flushed().then(note);
    await storing.host.settle();
    assert.equal(flushed, 0);
    await pass(storing.host);
    assert.equal(flushed, 1);

    storing.fault = 'denied';
    sink.append(bytes('c'));
    sink.flushed().then(note);
    await pass(storing.host);
    assert.equal(flushed, 2);
  });

  it('rejects where the file cannot be opened, and can be begun later', async () => {
    const storing = new Storing();
    storing.fault = 'denied';
    const refused = assert.rejects(storing.store.begin(storing.events()), { code: 'denied' });
    await pass(storing.host);
    await refused;

    storing.fault = undefined;
    const sink = await storing.begin();
    assert.equal(sink.nextOffset, 0);
  });

  it('stores what it has taken before it closes, and leaves no file open', async () => {
    const storing = new Storing();
    const sink = await storing.begin();
    sink.append(bytes('one'));
    sink.append(bytes('two'));
    const closing = storing.store.close();
    sink.append(bytes('late'));
    await pass(storing.host);
    await closing;

    assert.equal(storing.parts.text('stdout'), 'onetwo');
    assert.deepEqual(storing.parts.disk.leftOpen, []);
  });

  it('may be closed before it was opened, and more than once', async () => {
    const storing = new Storing();
    const closing = Promise.all([storing.store.close(), storing.store.close()]);
    await pass(storing.host);
    await closing;

    assert.deepEqual(storing.parts.disk.leftOpen, []);
  });
});
