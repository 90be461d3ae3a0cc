import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf, RecordingHandler, RecordingSession, recordingPair, textOf } from '../../support/recording-session.js';

describe('a recording session', () => {
  it('remembers what its owner sent and did', () => {
    const session = new RecordingSession();
    session.attach(new RecordingHandler());
    assert.equal(session.send([bytesOf('ab'), bytesOf('c')]), true);
    session.hasRoom = false;
    assert.equal(session.send([bytesOf('d')]), false);
    session.pause();
    session.resume();
    session.end();
    session.close();
    session.close();
    assert.equal(session.send([bytesOf('late')]), true);

    assert.equal(session.text, 'abcd');
    assert.deepEqual(session.parts, ['ab', 'c', 'd']);
    assert.deepEqual(session.acts, ['attach', 'pause', 'resume', 'end', 'close']);
  });

  it('says what the test wants said, and nothing after its end', () => {
    const session = new RecordingSession();
    const handler = new RecordingHandler();
    session.attach(handler);

    session.hear('abc');
    session.drain();
    session.hearEnd();
    session.break({ code: 'ECONNRESET', text: 'x' });
    session.hear('late');
    session.break();

    assert.deepEqual(handler.heard, ['bytes abc', 'drained', 'ended', 'closed ECONNRESET']);
    assert.equal(handler.text, 'abc');
    assert.deepEqual(handler.news, ['drained', 'ended', 'closed ECONNRESET']);
  });

  it('says nothing to an owner who has closed it', () => {
    const session = new RecordingSession();
    const handler = new RecordingHandler();
    session.attach(handler);
    session.abort();

    session.hear('late');
    session.break();

    assert.deepEqual(handler.heard, []);
    assert.equal(session.isOver, true);
  });
});

describe('a pair of recording sessions', () => {
  it('passes on what each side sent and did since the last time', () => {
    const { here, there, pass } = recordingPair();
    const [a, b] = [new RecordingHandler(), new RecordingHandler()];
    here.attach(a);
    there.attach(b);
    here.send([bytesOf('hello')]);
    there.send([bytesOf('hi')]);
    assert.deepEqual(b.heard, []);

    pass();
    here.end();
    pass();
    there.abort();
    pass();

    assert.deepEqual(b.heard, ['bytes hello', 'ended']);
    assert.deepEqual(a.heard, ['bytes hi', 'closed ECONNRESET']);
  });
});

it('text and bytes are each other, a letter a byte', () => {
  assert.equal(textOf(bytesOf('\0\xffabc')), '\0\xffabc');
});
