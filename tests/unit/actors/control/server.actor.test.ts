import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { ControlServerInput } from '../../../../actors/control/places.js';
import { controlServerActor } from '../../../../actors/control/server.actor.js';
import { sessionRefused } from '../../../../actors/topics.js';
import { type Address, childAddress, rootAddress } from '../../../../runtime/address.js';
import type { Message } from '../../../../runtime/message.js';
import type { SessionAddress } from '../../../../runtime/ports.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { serviceName } from '../node-parts.js';
import { ControlParts, ScriptedDesk, ScriptedStreams } from './control-parts.js';

const driver = new MachineDriver(controlServerActor);
after(() => driver.atLeast(1));

const UNIX: SessionAddress = { transport: 'unix', path: '/run/control.sock' };
const service = serviceName('control');
const input: ControlServerInput = { service, sockets: [{ address: UNIX, mode: 0o600 }] };
const opened = { type: 'place.opened' };
const fault = { code: 'EADDRINUSE', text: 'in use' };
const failed = { type: 'place.failed', address: UNIX, fault };
const retry = { type: 'arm-timer', name: 'retry', delayMs: 5_000, jitter: 0.3 };
const ended = {
  type: 'child.ended',
  child: childAddress(rootAddress('node'), 'session-1'),
  kind: 'control-session',
  outcome: { type: 'stopped' },
};

function accepted(session: number): Message & { readonly input: object } {
  return { type: 'session.accepted', input: { session, origin: 'unix' } };
}

function server(...messages: readonly Message[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

describe('the machine of a control server', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(controlServerActor);
  });

  it('is ready when all its places are open', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'open-places', input }]);
    assert.deepEqual(machine.send(opened), []);
    assert.equal(machine.state, 'opening');
    assert.deepEqual(machine.send(opened), [{ type: 'tell-ready', input }]);
    assert.equal(machine.state, 'open');
  });

  it('closes all of them when one fails, or is lost, and opens all again', () => {
    for (const before of [[], [opened], [opened, opened]]) {
      const machine = server(...before);
      const told: object = { type: 'tell-failed', address: UNIX, fault };
      assert.deepEqual(machine.send(failed), [told, { type: 'close-places' }, retry]);
      assert.deepEqual(machine.send(opened), [], 'one of the others was just being opened');
      assert.deepEqual(machine.send(failed), [told, { type: 'close-places' }, retry]);
      assert.deepEqual(machine.send({ type: 'timer.retry' }), [{ type: 'open-places', input }]);
      assert.deepEqual(machine.sendAll([opened, opened]), [{ type: 'tell-ready', input }]);
    }
  });

  it('raises a session for each client, whatever its places are at', () => {
    for (const before of [[], [opened, opened], [failed]]) {
      const client = accepted(7);
      assert.deepEqual(server(...before).send(client), [{ type: 'raise-session', input: client.input }]);
    }
  });

  it('turns away who comes when there is no room, until a session ends', () => {
    const machine = server(opened, opened);
    for (let session = 1; session <= 1_024; session += 1) {
      machine.send(accepted(session));
    }
    assert.deepEqual(machine.send(accepted(9_999)), [{ type: 'turn-away', session: 9_999 }]);
    machine.send(ended);
    assert.equal(machine.send(accepted(10_000))[0]?.type, 'raise-session');
    assert.equal(machine.send(accepted(10_001))[0]?.type, 'turn-away');
  });

  it('keeps count of its sessions while its places are lost', () => {
    const machine = server(opened, opened, accepted(1));
    machine.sendAll([failed, { type: 'timer.retry' }, ended, opened, opened]);
    for (let session = 1; session <= 1_024; session += 1) {
      assert.equal(machine.send(accepted(session))[0]?.type, 'raise-session');
    }
    assert.equal(machine.send(accepted(1_025))[0]?.type, 'turn-away');
  });

  it('stops in every state', () => {
    for (const before of [[], [opened, opened], [failed]]) {
      const machine = server(...before);
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });
});

/** A control server over a Unix socket and the mesh, both held by the test. */
class ServerStage extends ActorStage {
  readonly streams: ScriptedStreams;
  readonly server: Address;

  constructor() {
    const streams = new ScriptedStreams();
    super({ streams, work: new ScriptedDesk() });
    this.streams = streams;
    this.server = this.raise(controlServerActor, input, 'control-1');
  }

  open(): this {
    this.parts.sessions.opened();
    this.streams.outside.opened();
    this.host.run();
    return this;
  }

  get leftOpen(): readonly string[] {
    return [...this.parts.leftOpen(), ...this.streams.outside.leftOpen()];
  }
}

describe('a control server', () => {
  it('tells of who came and was not let in', () => {
    const stage = new ServerStage().open();
    const refused: unknown[] = [];
    stage.system.hear(sessionRefused, (told) => void refused.push(told));
    const untrusted = { code: 'untrusted', text: 'no certificate' };

    stage.parts.sessions.listens[0]?.handler.refused?.('1.2.3.4:5', untrusted);
    stage.host.run();

    assert.deepEqual(refused, [{ address: UNIX, remote: '1.2.3.4:5', fault: untrusted }]);
  });

  it('opens its socket and its service, and then says that it is ready', () => {
    const stage = new ServerStage();
    const [socket] = stage.parts.sessions.listens;
    assert.deepEqual([socket?.address, socket?.options], [UNIX, { mode: 0o600 }]);
    const [place] = stage.streams.outside.listens;
    const tags = { type: 'Control Service' };
    assert.deepEqual(place?.address as unknown, { service, connType: 1, tags, advertise: true });
    assert.deepEqual(stage.heard('part.ready'), []);

    stage.open();
    assert.deepEqual(stage.heard('control.ready'), [{ service, sockets: [UNIX] }]);
    assert.deepEqual(stage.heard('part.ready'), [{ part: stage.server }]);
  });

  it('greets each client, wherever it comes from', () => {
    const stage = new ServerStage().open();
    const clients = [stage.parts.sessions.arrive(), stage.streams.outside.arrive(), stage.parts.sessions.arrive()];
    stage.host.run();
    for (const client of clients) {
      assert.equal(client.text, 'Receptor Control, node here\n');
    }
    stage.stop(stage.server);
    assert.deepEqual(stage.leftOpen, []);
    assert.deepEqual(stage.alarms, []);
  });

  it('tells of a place that is lost, closes the others, keeps its clients, and opens all again', () => {
    const stage = new ServerStage().open();
    const client = stage.parts.sessions.arrive();
    stage.host.run();
    stage.streams.outside.broken(fault);
    stage.host.run();
    assert.deepEqual(stage.heard('part.failed'), [{ part: stage.server, address: undefined, fault }]);
    assert.deepEqual([client.isOver, stage.leftOpen.length], [false, 1]);

    stage.host.advance(5_000);
    assert.equal(stage.state(stage.server), 'opening');
    stage.open();
    assert.equal(stage.heard('part.ready').length, 2);
    assert.deepEqual(stage.alarms, []);
  });

  it('tells the address of a socket that cannot be opened', () => {
    const stage = new ServerStage();
    stage.parts.sessions.broken(fault);
    stage.host.run();
    assert.deepEqual(stage.heard('part.failed'), [{ part: stage.server, address: UNIX, fault }]);
  });

  it('turns away who comes when its mailbox is full, and who is one too many', () => {
    const stage = new ServerStage().open();
    const crowd = Array.from({ length: 1_100 }, () => stage.parts.sessions.arrive());
    stage.host.run();
    assert.equal(crowd.filter(({ isOver }) => isOver).length, 1_100 - 1_024);
    const late = stage.parts.sessions.arrive();
    stage.host.run();
    assert.equal(late.acts.at(-1), 'abort');
    assert.equal(stage.parts.handover.size, 0);

    crowd[0]?.break();
    stage.host.run();
    const next = stage.parts.sessions.arrive();
    stage.host.run();
    assert.equal(next.isOver, false);
    assert.deepEqual(stage.alarms, []);
  });

  it('keeps nobody waiting who comes behind its end', () => {
    const stage = new ServerStage().open();
    stage.stop(stage.server);
    const late = stage.parts.sessions.arrive();
    stage.host.run();
    assert.deepEqual([late.isOver, stage.leftOpen], [true, []]);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: controlServerActor,
      outside: (host) => {
        const ports = new ControlParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => input,
      scripts: {
        opening: ({ outside }) => outside.ports.sessions.opened(),
        open: ({ outside, host }) => {
          outside.ports.sessions.opened();
          outside.ports.streams.outside.opened();
          host.run();
          outside.ports.sessions.arrive();
          outside.ports.streams.outside.arrive();
        },
        waiting: ({ outside }) => outside.ports.streams.outside.broken(),
      },
    });
  });
});
