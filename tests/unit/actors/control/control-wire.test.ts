import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ControlWire, type WireReader } from '../../../../actors/control/control-wire.js';
import { LineBudget } from '../../../../protocol/control/line-budget.js';
import { CONTROL_LINE_BYTES_MAX } from '../../../../protocol/control/lines.js';
import type { SessionFault } from '../../../../runtime/ports.js';
import { bytesOf, RecordingHandler, RecordingSession, textOf } from '../../../support/recording-session.js';

/** Who reads lines, and asks for the next one only when the test does. */
class RecordingReader implements WireReader {
  readonly heard: string[] = [];

  line(line: Uint8Array): void {
    this.heard.push(line.length > 100 ? `line of ${line.length}` : `line ${textOf(line)}`);
  }

  lineTooLong(): void {
    this.heard.push('too long');
  }

  ended(): void {
    this.heard.push('ended');
  }

  closed(fault: SessionFault | undefined): void {
    this.heard.push(`closed ${fault?.code ?? 'in order'}`);
  }
}

function wired(budget = new LineBudget()): {
  readonly wire: ControlWire;
  readonly session: RecordingSession;
  readonly heard: string[];
} {
  const session = new RecordingSession();
  const reader = new RecordingReader();
  const wire = new ControlWire(session, reader, budget);
  wire.attach();
  return { wire, session, heard: reader.heard };
}

/** True when the owner was last told to read. */
function isReading({ acts }: RecordingSession): boolean {
  return acts.filter((act) => act === 'pause' || act === 'resume').at(-1) === 'resume';
}

describe('the lines of all control sessions', () => {
  it('have room together: who asks for more than there is is turned away, and what ends gives its room back', () => {
    const budget = new LineBudget(200_000);
    const [first, second, third] = [wired(budget), wired(budget), wired(budget)];
    for (const { wire } of [first, second]) {
      wire.readLine();
    }
    first.session.hear('x'.repeat(150_000));
    assert.ok(budget.taken > 0);

    second.session.hear('y'.repeat(250_000));
    assert.deepEqual([first.heard, second.heard], [[], ['too long']]);
    first.wire.close();
    assert.equal(budget.taken, 0);
    third.wire.readLine();
    third.session.hear(`${'z'.repeat(150_000)}\n`);

    assert.deepEqual(third.heard, ['line of 150000']);
    assert.equal(budget.taken, 0);
  });
});

describe('the lines of a control session', () => {
  it('come one at a time, each when it is asked for', () => {
    const { wire, session, heard } = wired();
    wire.readLine();
    session.hear('one\ntwo\nthr');
    assert.deepEqual(heard, ['line one']);
    wire.readLine();
    assert.deepEqual(heard, ['line one', 'line two']);
    wire.readLine();
    session.hear('ee\n');
    assert.deepEqual(heard, ['line one', 'line two', 'line three']);
  });

  it('are not read while nobody asks', () => {
    const { wire, session, heard } = wired();
    assert.equal(isReading(session), false, 'before the first question');
    wire.readLine();
    assert.equal(isReading(session), true);
    session.hear('one\n');
    assert.equal(isReading(session), false, 'while the line is carried out');
    session.hear('two\n');
    assert.deepEqual([heard, isReading(session)], [['line one'], false]);
    wire.readLine();
    assert.deepEqual(heard, ['line one', 'line two']);
  });

  it('lose their carriage returns, wherever they are', () => {
    const { wire, session, heard } = wired();
    wire.readLine();
    session.hear('\rp\ring x\r\n');
    assert.deepEqual(heard, ['line ping x']);
  });

  it('are put together from whatever pieces they come in', () => {
    const { wire, session, heard } = wired();
    wire.readLine();
    for (const letter of 'status\n') {
      session.hear(letter);
    }
    assert.deepEqual(heard, ['line status']);
  });

  it('end with the last one, even if it is not ended itself', () => {
    const { wire, session, heard } = wired();
    wire.readLine();
    session.hear('status\nping x');
    session.hearEnd();
    wire.readLine();
    wire.readLine();
    assert.deepEqual(heard, ['line status', 'line ping x', 'ended']);
  });

  it('may be 8 MiB long, and not a byte more', () => {
    const half = bytesOf('x'.repeat(CONTROL_LINE_BYTES_MAX / 2));
    const fits = wired();
    fits.wire.readLine();
    for (const part of [half.slice(), half.slice(), '\n']) {
      fits.session.hear(part);
    }
    assert.deepEqual(fits.heard, [`line of ${CONTROL_LINE_BYTES_MAX}`]);

    const long = wired();
    long.wire.readLine();
    for (const part of [half.slice(), half.slice(), 'x']) {
      long.session.hear(part);
    }
    assert.deepEqual([long.heard, isReading(long.session)], [['too long'], false]);
  });

  it('are not read on while the client does not read its answers', () => {
    const { wire, session, heard } = wired();
    session.hasRoom = false;
    wire.send('an answer\n');
    wire.readLine();
    session.hear('one\n');
    assert.deepEqual([heard, isReading(session)], [[], false]);

    session.drain();
    assert.deepEqual(heard, ['line one']);
    wire.readLine();
    assert.equal(isReading(session), true);
  });

  it('tell of the end of the session, in order or not', () => {
    for (const [fault, told] of [
      [undefined, 'closed in order'],
      [{ code: 'ECONNRESET', text: 'reset' }, 'closed ECONNRESET'],
    ] as const) {
      const { session, heard } = wired();
      session.break(fault);
      assert.deepEqual(heard, [told]);
    }
  });
});

describe('a control session that is taken over', () => {
  it('begins with what was read beyond the line, and goes on', () => {
    const { wire, session } = wired();
    wire.readLine();
    session.hear('connect\nrest');
    const taken = new RecordingHandler();
    const rest = wire.takeOver();
    session.hear(' of it');
    rest.attach(taken);
    assert.equal(taken.text, 'rest of it');
    assert.equal(isReading(session), true);

    session.hear(', more');
    session.drain();
    session.hearEnd();
    session.break();
    assert.deepEqual([taken.text, taken.news], ['rest of it, more', ['drained', 'ended', 'closed']]);
  });

  it('tells its new owner of an end that came before, and its reader of the last one', () => {
    const { wire, session, heard } = wired();
    session.hearEnd();
    const taken = new RecordingHandler();
    wire.takeOver().attach(taken);
    assert.deepEqual(taken.news, ['ended']);
    session.break({ code: 'ECONNRESET', text: 'reset' });
    assert.deepEqual(taken.news, ['ended', 'closed ECONNRESET']);
    assert.deepEqual(heard, ['closed ECONNRESET']);
  });

  it('is the session itself in everything else', () => {
    const { wire, session } = wired();
    const taken = wire.takeOver();
    session.backlogBytes = 7;
    session.hasRoom = false;
    assert.deepEqual(
      [taken.kind, taken.local, taken.remote, taken.backlogBytes, taken.send([bytesOf('x')])],
      ['stream', session.local, session.remote, 7, false],
    );
    assert.equal(wire.remote, session.remote);
    session.acts.length = 0;
    taken.pause();
    taken.resume();
    taken.end();
    taken.abort();
    assert.deepEqual(session.acts, ['pause', 'resume', 'end', 'abort']);
    const other = wired();
    other.wire.takeOver().close();
    assert.equal(other.session.acts.at(-1), 'close');
  });

  it('is given back with what came meanwhile, and reads lines again', () => {
    const { wire, session, heard } = wired();
    wire.takeOver().attach(new RecordingHandler());
    wire.takeBack(bytesOf('work list\nsta'));
    assert.equal(isReading(session), false);
    wire.readLine();
    wire.readLine();
    session.hear('tus\n');
    assert.deepEqual(heard, ['line work list', 'line status']);
  });

  it('does not wait for room that there was while it was given away', () => {
    const { wire, session, heard } = wired();
    session.hasRoom = false;
    wire.send('Connecting\n');
    wire.takeOver().attach(new RecordingHandler());
    session.drain();
    wire.takeBack(bytesOf('status\n'));
    wire.readLine();
    assert.deepEqual(heard, ['line status']);
  });

  it('is closed by its wire', () => {
    const { wire, session } = wired();
    wire.close();
    assert.equal(session.acts.at(-1), 'close');
  });
});
