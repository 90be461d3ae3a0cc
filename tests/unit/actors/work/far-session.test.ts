import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FarHandler, FarSession } from '../../../../actors/work/far-session.js';
import { CONTROL_LINE_BYTES_MAX } from '../../../../protocol/control/lines.js';
import { ManualHost } from '../../../support/manual-host.js';
import { textOf } from '../../../support/recording-session.js';
import { FAR } from '../node-parts.js';
import { type FarDial, RecordingStreams } from './work-parts.js';

/** A session with the far node, and what its owner hears of it. */
class Rig {
  readonly host = new ManualHost();
  readonly streams = new RecordingStreams();
  readonly heard: string[] = [];
  /** What the owner does when it hears a line. */
  onLine: (line: string) => void = () => undefined;
  readonly far: FarSession;

  constructor() {
    const handler: FarHandler = {
      ready: () => void this.heard.push('ready'),
      line: (line) => {
        this.heard.push(`line ${textOf(line)}`);
        this.onLine(textOf(line));
      },
      bytes: (chunk) => void this.heard.push(`bytes ${textOf(chunk)}`),
      drained: () => void this.heard.push('drained'),
      ended: () => void this.heard.push('ended'),
      lost: ({ kind, fault }) => void this.heard.push(`${kind} ${fault.code}: ${fault.text}`),
    };
    this.far = new FarSession({ streams: this.streams, clock: this.host.clock }, FAR, handler);
  }

  get dial(): FarDial {
    return this.streams.last;
  }

  /** The other node, greeted. */
  opened(): this {
    this.dial.open();
    this.heard.splice(0);
    return this;
  }
}

const acts = ({ dial }: Rig): readonly string[] => dial.session.acts.filter((act) => act !== 'attach');

describe('a session with the control service of another node', () => {
  it('is ready when the node has greeted, and not before', () => {
    const rig = new Rig();
    rig.dial.open('Receptor Control, node f');
    assert.deepEqual(rig.heard, []);

    rig.dial.session.hear('ar\r\n');

    assert.deepEqual(rig.heard, ['ready']);
  });

  it('tells line by line, however they are cut', () => {
    const rig = new Rig().opened();

    rig.dial.session.hear('one\r\ntw');
    rig.dial.session.hear('o\n\nthree\nand');

    assert.deepEqual(rig.heard, ['line one', 'line two', 'line ', 'line three']);
  });

  it('takes a reply that comes in one piece with the greeting', () => {
    const rig = new Rig();

    rig.dial.open('Receptor Control, node far\nERROR: busy\n');

    assert.deepEqual(rig.heard, ['ready', 'line ERROR: busy']);
  });

  it('tells bytes as they are from the very byte on where there are no lines any more', () => {
    const rig = new Rig().opened();
    rig.onLine = () => rig.far.readRaw();

    rig.dial.session.hear('Streaming\nraw\n\rbyt');
    rig.dial.session.hear('es\n');

    assert.deepEqual(rig.heard, ['line Streaming', 'bytes raw\n\rbyt', 'bytes es\n']);
  });

  it('tells nothing more of a piece of which the owner has had enough', () => {
    const rig = new Rig().opened();
    rig.onLine = () => rig.far.close();

    rig.dial.session.hear('one\ntwo\n');

    assert.deepEqual(rig.heard, ['line one']);
  });

  it('sends text and bytes, and tells when there is room again', () => {
    const rig = new Rig().opened();
    rig.far.sendText('work status ü\n');
    rig.dial.session.hasRoom = false;

    assert.equal(rig.far.sendBytes(new Uint8Array([1, 2])), false);
    rig.dial.session.drain();

    assert.deepEqual(rig.dial.session.parts, ['work status Ã¼\n', '\x01\x02']);
    assert.deepEqual(rig.heard, ['drained']);
    assert.equal(rig.far.sendBytes(new Uint8Array([3])), true);
  });

  it('sends nothing while it is being dialled, and asks nobody to wait for that', () => {
    const rig = new Rig();

    assert.equal(rig.far.sendBytes(new Uint8Array([1])), true);
    rig.far.sendText('x\n');
    rig.dial.open();

    assert.equal(rig.dial.session.text, '');
  });

  it('pauses and resumes reading', () => {
    const rig = new Rig().opened();

    rig.far.pause();
    rig.far.resume();

    assert.deepEqual(acts(rig), ['pause', 'resume']);
  });

  it('tells that the other node sends no more', () => {
    const rig = new Rig().opened();

    rig.dial.session.hearEnd();

    assert.deepEqual(rig.heard, ['ended']);
  });
});

describe('the loss of a session with another node', () => {
  it('is told when it cannot be opened', () => {
    const rig = new Rig();

    rig.dial.fail();

    assert.deepEqual(rig.heard, ['lost no-route: no route to node']);
  });

  it('is told when it breaks, or is closed', () => {
    const broken = new Rig().opened();
    const closed = new Rig().opened();

    broken.dial.session.break({ code: 'timeout', text: 'timeout: no recent network activity' });
    closed.dial.session.break();

    assert.deepEqual(broken.heard, ['lost timeout: timeout: no recent network activity']);
    assert.deepEqual(closed.heard, ['lost closed: the other node closed the connection']);
  });

  it('is for good when the node is not who it should be, or its certificates are too large', () => {
    for (const text of ['CRYPTO_ERROR 0x12a (local): no', 'CRYPTO_BUFFER_EXCEEDED: no']) {
      const rig = new Rig();
      rig.dial.fail({ code: 'x', text });
      assert.deepEqual(rig.heard, [`untrusted x: ${text}`]);
    }
  });

  it('comes when another node greets, or something that is no node', () => {
    for (const [greeting, told] of [
      ['Receptor Control, node near\n', 'Receptor Control, node near'],
      ['Receptor Control, node farther\n', 'Receptor Control, node farther'],
      ['SSH-2.0-OpenSSH\n', 'SSH-2.0-OpenSSH'],
      ['ERROR: full\n', 'ERROR: full'],
      [`${'x'.repeat(1_000)}\n`, 'x'.repeat(200)],
    ] as const) {
      const rig = new Rig();
      rig.dial.open(greeting);
      assert.deepEqual(rig.heard, [`lost wrong-greeting: expected the greeting of far, got: ${told}`]);
      assert.equal(rig.dial.session.isOver, true);
    }
  });

  it('comes when no greeting does, after the five seconds of the reference', () => {
    const rig = new Rig();
    rig.dial.open('Receptor');
    rig.host.advance(4_999);
    assert.deepEqual(rig.heard, []);

    rig.host.advance(1);

    assert.deepEqual(rig.heard, ['lost timeout: no greeting within 5 s']);
    assert.equal(rig.dial.session.isOver, true);
  });

  it('does not come for want of a greeting once there was one', () => {
    const rig = new Rig().opened();

    rig.host.advance(60_000);

    assert.deepEqual(rig.heard, []);
    assert.equal(rig.host.clock.armed, 0);
  });

  it('comes when the other node sends a line without end', () => {
    const rig = new Rig().opened();

    rig.dial.session.hear(new Uint8Array(CONTROL_LINE_BYTES_MAX + 1).fill(0x61));

    assert.deepEqual(rig.heard, ['lost line-too-long: the other node sends a line without end']);
    assert.equal(rig.dial.session.isOver, true);
  });

  it('is told once, and nothing after it', () => {
    const rig = new Rig().opened();
    rig.onLine = () => rig.dial.session.break();

    rig.dial.session.hear('one\ntwo\n');
    rig.far.close();

    assert.deepEqual(rig.heard, ['line one', 'lost closed: the other node closed the connection']);
  });
});

describe('the end of a session with another node', () => {
  it('gives up the dial', () => {
    const rig = new Rig();

    rig.far.close();
    rig.far.close();

    assert.equal(rig.dial.state, 'given-up');
    assert.deepEqual(rig.streams.leftOpen(), []);
  });

  it('closes what opens too late', () => {
    const rig = new Rig();
    rig.far.close();

    rig.dial.open();

    assert.deepEqual(rig.dial.session.acts, ['abort']);
    assert.deepEqual(rig.heard, []);
    assert.equal(rig.host.clock.armed, 0);
  });

  it('closes it in order, and waits for no greeting', () => {
    const rig = new Rig();
    rig.dial.open('');

    rig.far.close();
    rig.far.close();

    assert.deepEqual(acts(rig), ['close']);
    assert.equal(rig.host.clock.armed, 0);
    assert.deepEqual(rig.heard, []);
  });

  it('is never the end of an input that is not complete', () => {
    const rig = new Rig().opened();
    rig.far.openInput();
    rig.far.sendBytes(new Uint8Array(10));

    rig.far.close();

    assert.deepEqual(acts(rig), ['abort']);
  });

  it('is never the end of an input when the other node is at fault either', () => {
    const rig = new Rig().opened();
    rig.far.openInput();

    rig.dial.session.hear(new Uint8Array(CONTROL_LINE_BYTES_MAX + 1).fill(0x61));

    assert.deepEqual(acts(rig), ['abort']);
  });

  it('is in order again once the input was ended, or there is no unit for it', () => {
    const sent = new Rig().opened();
    sent.far.openInput();
    sent.far.end();
    const needless = new Rig().opened();
    needless.far.openInput();
    needless.far.forgetInput();

    sent.far.close();
    needless.far.close();

    assert.deepEqual(acts(sent), ['end', 'close']);
    assert.deepEqual(acts(needless), ['close']);
  });
});
