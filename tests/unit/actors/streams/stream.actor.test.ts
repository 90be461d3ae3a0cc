import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { streamActor } from '../../../../actors/streams/stream.actor.js';
import type { StreamInput } from '../../../../actors/streams/stream-vocabulary.js';
import type { Message } from '../../../../runtime/message.js';
import { assertFaultsAreFailures, type FaultMatrix } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { NodeParts } from '../node-parts.js';

const driver = new MachineDriver(streamActor);
const dialler: StreamInput = { role: 'dialler', key: 3 };
const acceptor: StreamInput = { role: 'acceptor', key: 4 };
const FAULT = { code: 'timeout', text: 'no answer' };

const kin = { type: 'handshake.done', refusal: undefined, peerKind: 'kin' };
const foreign = { ...kin, peerKind: 'foreign' };
const opened = { type: 'stream.opened' };
const bothEnded = { type: 'stream.both-ended' };
const flushed = { type: 'stream.flushed' };
const close = { type: 'close.wanted' };
const abort = { type: 'abort.wanted' };
const lost = { type: 'connection.lost', fault: FAULT };
const drained = { type: 'connection.drained' };
const unreachable = { type: 'peer.unreachable', fault: FAULT };
const stop = { type: 'stop' };

const normalClose = { type: 'close-connection', code: 0, reason: 'normal close' };
const armDrain = { type: 'arm-timer', name: 'drain', delayMs: 3_000 };

function stream(input: StreamInput, ...messages: readonly Message[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

function of(wishes: readonly PlainWish[], type: string): PlainWish | undefined {
  return wishes.find((wish) => wish.type === type);
}

function codeIn(wish: PlainWish | undefined): unknown {
  return (wish?.['fault'] as { readonly code: string } | undefined)?.code;
}

after(() => driver.atLeast(1));

describe('the machine of a stream', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(streamActor);
  });

  it('begins, opens the stream when the other end is trusted, and hands it over', () => {
    const machine = driver.start(dialler);
    assert.deepEqual(machine.wishes, [
      { type: 'arm-timer', name: 'handshake', delayMs: 15_000 },
      { type: 'begin', key: 3 },
    ]);
    assert.deepEqual(machine.send(kin), [
      { type: 'disarm-timer', name: 'handshake' },
      { type: 'arm-timer', name: 'first-byte', delayMs: 60_000 },
      { type: 'open-stream' },
    ]);
    assert.deepEqual(machine.send(opened), [{ type: 'disarm-timer', name: 'first-byte' }, { type: 'hand-over' }]);
    assert.equal(machine.state, 'open');
  });

  it('refuses who is not trusted, in the words of the reference', () => {
    const machine = driver.start(dialler);
    const wishes = machine.send({ ...kin, refusal: 'insecure connection to secure service' });
    assert.deepEqual(of(wishes, 'close-connection'), { type: 'close-connection', code: 42, reason: 'not trusted' });
    assert.deepEqual(of(wishes, 'tell-failed')?.['fault'], {
      code: 'untrusted',
      text: 'CRYPTO_ERROR 0x12a (local): insecure connection to secure service',
    });
    assert.equal(machine.state, 'draining');
  });

  it('gives up a handshake that takes too long', () => {
    const wishes = driver.start(dialler).send({ type: 'timer.handshake' });
    assert.equal(codeIn(of(wishes, 'tell-failed')), 'timeout');
    assert.deepEqual(of(wishes, 'close-connection'), normalClose);
  });

  it('takes no stream that begins with another byte, or that does not begin at all', () => {
    const malformed = stream(acceptor, kin).send({ type: 'stream.malformed' });
    assert.deepEqual(of(malformed, 'close-connection'), {
      type: 'close-connection',
      code: 500,
      reason: 'Read Data Error',
    });
    const late = stream(acceptor, kin).send({ type: 'timer.first-byte' });
    assert.deepEqual(of(late, 'close-connection'), { type: 'close-connection', code: 500, reason: 'Accept Timeout' });
  });

  it('fails the dial while it is not the user’s, whatever ends it', () => {
    for (const before of [[], [kin]]) {
      for (const [message, code] of [
        [lost, 'timeout'],
        [unreachable, 'timeout'],
        [abort, 'aborted'],
        [stop, 'stopped'],
      ] as const) {
        const machine = stream(dialler, ...before);
        const wishes = machine.send(message);
        assert.equal(codeIn(of(wishes, 'tell-failed')), code);
        assert.equal(machine.state, 'draining');
      }
    }
  });

  it('tells a dial when the other end closes in order before there is a stream', () => {
    const wishes = stream(dialler).send({ type: 'connection.lost', fault: undefined });
    assert.equal(codeIn(of(wishes, 'tell-failed')), 'closed-early');
  });
});

describe('an open stream', () => {
  const open = (peer: Message = kin, input = dialler): DrivenMachine => stream(input, peer, opened);

  it('lingers when both directions have ended: not at all, a moment, or half a minute', () => {
    const lingers = [
      [kin, dialler, 0],
      [kin, acceptor, 3_000],
      [foreign, dialler, 30_000],
      [foreign, acceptor, 30_000],
    ] as const;
    for (const [peer, input, delayMs] of lingers) {
      const machine = open(peer, input);
      assert.deepEqual(machine.send(bothEnded), [
        { type: 'tell-over', fault: undefined },
        { type: 'arm-timer', name: 'linger', delayMs },
      ]);
      assert.deepEqual(machine.send({ type: 'timer.linger' }), [
        { type: 'disarm-timer', name: 'linger' },
        normalClose,
        { type: 'tell-over', fault: undefined },
        armDrain,
      ]);
    }
  });

  it('is flushed when the user closes, for ten seconds at most', () => {
    const machine = open(foreign);
    assert.deepEqual(machine.send(close), [{ type: 'arm-timer', name: 'flush', delayMs: 10_000 }]);
    machine.send(close);
    assert.deepEqual(machine.send(flushed), [], 'a Go reader may not have read it yet');
    assert.deepEqual(of(machine.send({ type: 'timer.flush' }), 'close-connection'), normalClose);
  });

  it('is closed as soon as all has arrived at a node of our kind', () => {
    const machine = stream(dialler, kin, opened, close);
    assert.deepEqual(of(machine.send(flushed), 'close-connection'), normalClose);
    assert.equal(machine.state, 'draining');
  });

  it('tells the user why it is over', () => {
    const ends = [
      [lost, FAULT, undefined],
      [unreachable, FAULT, normalClose],
      [
        abort,
        { code: 'aborted', text: 'the stream was aborted here' },
        { ...normalClose, code: 499, reason: 'aborted' },
      ],
      [stop, { code: 'stopped', text: 'the node is being stopped' }, normalClose],
    ] as const;
    for (const [message, fault, closing] of ends) {
      const machine = open();
      const wishes = machine.send(message);
      assert.deepEqual(of(wishes, 'tell-over')?.['fault'], fault);
      assert.deepEqual(of(wishes, 'close-connection'), closing);
      assert.deepEqual(wishes.at(-1), armDrain);
    }
  });

  it('is over at once, while it is flushed or lingers, by whatever ends it', () => {
    const ends = [
      [close, [bothEnded, abort, lost, unreachable, stop]],
      [bothEnded, [close, abort, lost, unreachable, stop]],
    ] as const;
    for (const [before, messages] of ends) {
      for (const message of messages) {
        const machine = open();
        machine.sendAll([before, message]);
        assert.equal(machine.state, 'draining', `${before.type}, ${message.type}`);
      }
    }
  });
});

describe('a draining stream', () => {
  it('is over when the engine has said its last words, after three seconds, or when it is stopped', () => {
    for (const message of [drained, { type: 'timer.drain' }, stop]) {
      const machine = stream(dialler, lost);
      machine.sendAll([close, abort, lost, unreachable, bothEnded, flushed]);
      assert.equal(machine.state, 'draining');
      machine.send(message);
      assert.equal(machine.isDone, true);
    }
  });
});

interface Outside {
  readonly ports: NodeParts;
  readonly key: number;
  leftOpen(): readonly string[];
}

/** A dial to a service of the node itself that never answers. */
const matrix: Omit<FaultMatrix<StreamInput, Outside>, 'scripts'> = {
  definition: streamActor,
  outside: (host) => {
    const ports = new NodeParts(host);
    const told = { opened: 0, failed: 0 };
    const unbind = ports.forwarder.services.bind('silent' as never, { packet: () => undefined });
    ports.streams.dial(
      { node: ports.node.id, service: 'silent' as never },
      {
        opened: (session) => {
          told.opened += 1;
          session.attach({
            bytes: () => undefined,
            drained: () => undefined,
            ended: () => undefined,
            closed: () => undefined,
          });
        },
        failed: () => {
          told.failed += 1;
        },
      },
    );
    return {
      ports,
      key: 1,
      leftOpen: () => {
        unbind?.();
        const { dials } = ports.streamKit.pool.counts;
        const untold = told.opened + told.failed === 1 ? [] : ['a user who was told nothing'];
        return [...ports.leftOpen(), ...untold, ...(dials === 0 ? [] : [`${dials} connections`])];
      },
    };
  },
  input: ({ key }) => ({ role: 'dialler', key }),
};

describe('a stream', () => {
  it('fails as an actor, tells its user, and leaves nothing open, whatever throws', async () => {
    await assertFaultsAreFailures({
      ...matrix,
      scripts: {
        'opening.handshaking': () => undefined,
        draining: ({ send }) => send(abort),
      },
      waived: ['opening.awaiting', 'open', 'flushing', 'lingering'],
    });
  });

  it('fails in the same way when there is a stream to use', async () => {
    // The connection is not established: nothing is asked of it.
    const effects: typeof streamActor.effects = (ports, self) => {
      const real = streamActor.effects(ports, self);
      return { ...real, 'open-stream': () => undefined };
    };
    await assertFaultsAreFailures({
      ...matrix,
      definition: { ...streamActor, effects },
      scripts: {
        'opening.awaiting': ({ send }) => send(kin),
        open: ({ send }) => [kin, opened].forEach(send),
        flushing: ({ send }) => [kin, opened, close].forEach(send),
        lingering: ({ send }) => [{ ...foreign }, opened, bothEnded].forEach(send),
      },
      waived: ['opening.handshaking', 'draining'],
    });
  });
});
