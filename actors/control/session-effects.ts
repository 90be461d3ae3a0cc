import { connectingLine, errorLine, greetingLine } from '../../protocol/control/reply.js';
import { submitPromptLine } from '../../protocol/control/work-reply.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe, RuntimeError } from '../../runtime/errors.js';
import type { Owned } from '../../runtime/scope.js';
import type { Self } from '../../runtime/self.js';
import { guardedHandler } from '../mesh/guarded-handler.js';
import type { MeshPorts } from '../ports.js';
import { bridge } from '../streams/bridge.js';
import type { CommandContext, CommandResult } from './commands.js';
import { ControlWire, type WireReader } from './control-wire.js';
import { receivePayload } from './payload.js';
import { runCommand } from './run-command.js';
import type { SessionMessage, SessionWish } from './session-vocabulary.js';
import { type OutputEnd, type OutputTask, streamOutput } from './unit-output.js';

export type ControlPorts = Pick<
  MeshPorts,
  'node' | 'facts' | 'version' | 'handover' | 'lineBudget' | 'security' | 'streams' | 'work'
>;

/** Why a unit gets no more input when its session ends before the client has. */
const CUT_OFF = 'Error reading input data: the session was ended';

/** What a control session does for its machine. */
export function sessionEffects(ports: ControlPorts, self: Self<SessionMessage>): EffectTable<SessionWish> {
  const desk = new SessionDesk(ports, self);
  return {
    attach: ({ session, origin }) => desk.attach(session, origin),
    'read-line': () => desk.wire.readLine(),
    'run-command': () => desk.run(),
    'send-text': ({ text }) => desk.wire.send(text),
    join: () => desk.join(),
    receive: () => desk.receive(),
    stream: () => desk.stream(),
    'hang-up': () => desk.hangUp(),
  };
}

/** One client: its wire, the line it has sent, and what its command came to. */
class SessionDesk {
  readonly #ports: ControlPorts;
  readonly #self: Self<SessionMessage>;
  #wire: ControlWire | undefined;
  #line: Uint8Array = new Uint8Array(0);
  #result: CommandResult | undefined;
  #input: Owned | undefined;
  #origin: CommandContext['origin'] = 'network';

  constructor(ports: ControlPorts, self: Self<SessionMessage>) {
    this.#ports = ports;
    this.#self = self;
  }

  get wire(): ControlWire {
    if (this.#wire === undefined) {
      throw new RuntimeError('invalid-use', 'a control session has no wire before it is attached');
    }
    return this.#wire;
  }

  attach(key: number, origin: CommandContext['origin']): void {
    const session = this.#ports.handover.take(key);
    if (session === undefined) {
      this.#self.answer({ type: 'session.missing' });
      return;
    }
    this.#origin = origin;
    const reader: WireReader = {
      line: (line) => {
        this.#line = line;
        this.#self.answer({ type: 'line.read' });
      },
      lineTooLong: () => this.#self.answer({ type: 'line.too-long' }),
      ended: () => this.#self.answer({ type: 'input.ended' }),
      closed: () => this.#self.answer({ type: 'session.closed' }),
    };
    const wire = new ControlWire(session, reader, this.#ports.lineBudget);
    this.#wire = wire;
    this.#self.own('session', () => wire.close());
    wire.attach(guardedHandler(this.#self, wire));
    wire.send(greetingLine(this.#ports.node.id));
    this.#self.answer({ type: 'session.attached' });
  }

  run(): void {
    const context: CommandContext = {
      ports: this.#ports,
      origin: this.#origin,
      ask: (to, message, withinMs) => this.#self.ask(to, message, withinMs),
      own: (label, closer) => this.#self.own(label, closer),
    };
    this.#self.attempt(
      runCommand(this.#line, context),
      (result) => this.#settled(result),
      (error) => ({ type: 'command.replied', text: errorLine(describe(error)) }),
    );
  }

  join(): void {
    const result = this.#result;
    if (result?.type !== 'bridge') {
      return;
    }
    this.wire.send(connectingLine());
    bridge(this.wire.takeOver(), result.session, () => this.#self.answer({ type: 'bridge.ended' }));
  }

  receive(): void {
    const result = this.#result;
    if (result?.type !== 'receive') {
      return;
    }
    const { unit } = result;
    this.wire.send(submitPromptLine(unit.unitId));
    const payload = receivePayload(this.wire.takeOver(), unit);
    this.#input?.release();
    const owned = this.#self.own('unit input', () => payload.cut(CUT_OFF));
    this.#self.attempt(
      payload.settled,
      (text) => {
        owned.release();
        return { type: 'payload.settled', text };
      },
      (error) => ({ type: 'payload.settled', text: errorLine(describe(error)) }),
    );
  }

  stream(): void {
    const result = this.#result;
    if (result?.type !== 'results' && result?.type !== 'follow') {
      return;
    }
    const { wire } = this;
    const output = streamOutput(wire.takeOver(), this.#ports.work, result.type, result.request);
    const owned = this.#self.own('unit output', () => output.stop());
    this.#self.attempt(
      output.end,
      (end) => {
        owned.release();
        return this.#streamed(end, output, result.type === 'results' ? 'close' : 'read');
      },
      (error) => ({ type: 'stream.refused', text: errorLine(describe(error)) }),
    );
  }

  #streamed(end: OutputEnd, output: OutputTask, next: 'close' | 'read'): SessionMessage {
    switch (end.type) {
      case 'refused':
        return { type: 'stream.refused', text: end.text };
      case 'gone':
        return { type: 'session.closed' };
      case 'ended':
        this.wire.takeBack(output.rest);
        return { type: 'stream.ended', next };
      default:
        return end satisfies never;
    }
  }

  /** Says no more, and drops whatever still comes until the client closes. */
  hangUp(): void {
    const session = this.wire.takeOver();
    session.end();
    session.attach({
      bytes: () => undefined,
      drained: () => undefined,
      ended: () => undefined,
      closed: () => undefined,
    });
  }

  /** What a command has opened is owned at once: the client may be gone before anything is done with it. */
  #settled(result: CommandResult): SessionMessage {
    this.#result = result;
    switch (result.type) {
      case 'reply':
        return { type: 'command.replied', text: result.text };
      case 'bridge': {
        const far = result.session;
        this.#self.own('bridged stream', () => far.close());
        return { type: 'command.bridges' };
      }
      case 'receive': {
        const { input } = result.unit;
        this.#input = this.#self.own('unit input', () => input.fail(CUT_OFF));
        return { type: 'command.receives' };
      }
      case 'results':
      case 'follow':
        return { type: 'command.streams' };
      default:
        return result satisfies never;
    }
  }
}
