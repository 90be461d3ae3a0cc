import type { WorkDesk } from '../../actors/control/work-desk.js';
import type { MeshNode } from '../../actors/mesh-node.js';
import { parseCommandLine } from '../../protocol/control/command.js';
import type { WorkCommand } from '../../protocol/control/command-line.js';
import { LineCutter } from '../../protocol/control/lines.js';
import { errorLine, greetingLine } from '../../protocol/control/reply.js';
import {
  resultsLine,
  submitPromptLine,
  submittedLine,
  unitOutcomeLine,
  unitStatusLine,
} from '../../protocol/control/work-reply.js';
import { encodeText } from '../../protocol/text.js';
import type { Session } from '../../runtime/ports.js';
import { CONTROL } from './work-world.js';

/** How a node of the reference behaves towards a submitter (reference 1.6.9). */
export interface GoHabits {
  /** Before 1.6 the executor gave the unit a name of its own. */
  readonly names: 'own' | 'given';
}

/** What was asked of the pretended node, by its first two words. */
export type GoLog = string[];

/**
 * The control service of a node of the reference, as far as a submitter sees it: it knows no `follow`, and never ends a
 * stream of results. Behind it is our own desk.
 */
export function serveLikeGo(node: MeshNode, habits: GoHabits, log: GoLog): void {
  const place = { service: CONTROL, connType: 1, tags: { type: 'Control Service' }, advertise: true };
  node.ports.streams.listen(place, {
    opened: () => undefined,
    accepted: (session) => new GoSession(node, habits, log, session).begin(),
    failed: () => undefined,
  });
}

class GoSession {
  readonly #desk: WorkDesk;
  readonly #node: MeshNode;
  readonly #habits: GoHabits;
  readonly #log: GoLog;
  readonly #session: Session;
  readonly #cutter = new LineCutter();
  /** Takes what is no line. */
  #input: { bytes(chunk: Uint8Array): void; ended(): void; lost(text: string): void } | undefined;

  constructor(node: MeshNode, habits: GoHabits, log: GoLog, session: Session) {
    this.#node = node;
    this.#desk = node.ports.work;
    this.#habits = habits;
    this.#log = log;
    this.#session = session;
  }

  begin(): void {
    this.#say(greetingLine(this.#node.id));
    this.#session.attach({
      bytes: (chunk) => this.#take(chunk),
      drained: () => undefined,
      ended: () => this.#input?.ended(),
      closed: (fault) => this.#input?.lost(fault?.text ?? 'closed'),
    });
  }

  #take(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#input !== undefined) {
        this.#input.bytes(chunk.subarray(at));
        return;
      }
      const step = this.#cutter.take(chunk, at);
      if (step.type !== 'line') {
        return;
      }
      at = step.next;
      this.#run(step.line);
    }
  }

  #run(line: Uint8Array): void {
    const parsed = parseCommandLine(line);
    if (parsed.type !== 'command' || !parsed.command.type.startsWith('work.')) {
      this.#say(errorLine('Unknown command'));
      return;
    }
    const command = parsed.command as WorkCommand; // just checked
    this.#log.push(command.type);
    if (command.type === 'work.submit') {
      this.#receive(command);
      return;
    }
    this.#answer(command).then(
      (text) => this.#say(text),
      (thrown: unknown) => this.#say(errorLine(`${thrown}`)),
    );
  }

  /** Bytes that come while the unit is made belong to its input. */
  #receive(command: Extract<WorkCommand, { readonly type: 'work.submit' }>): void {
    const submit = this.#habits.names === 'own' ? { ...command, unitId: undefined } : command;
    const made = this.#desk.submit(submit, 'network');
    let tail: Promise<void> = made.then((unit) => {
      this.#say(unit.ok ? submitPromptLine(unit.value.unitId) : errorLine(unit.refusal));
      if (!unit.ok) {
        this.#input = undefined;
      }
    });
    const next = (act: (unit: Awaited<typeof made>) => Promise<void> | void): void => {
      tail = tail.then(async () => act(await made));
    };
    this.#input = {
      bytes: (chunk) => next((unit) => (unit.ok ? unit.value.input.write(chunk) : undefined)),
      ended: () =>
        next(async (unit) => {
          if (unit.ok) {
            this.#input = undefined;
            const started = await unit.value.input.end();
            this.#say(started.ok ? submittedLine(unit.value.unitId, started.value) : errorLine(started.refusal));
            this.#session.end();
          }
        }),
      lost: (text) =>
        next((unit) => (unit.ok ? unit.value.input.fail(`Error reading input data: ${text}`) : undefined)),
    };
  }

  async #answer(command: Exclude<WorkCommand, { readonly type: 'work.submit' }>): Promise<string> {
    switch (command.type) {
      case 'work.status': {
        const status = await this.#desk.status(command.unitId);
        return status.ok ? unitStatusLine(status.value) : errorLine(status.refusal);
      }
      case 'work.cancel':
      case 'work.release':
      case 'work.force-release': {
        const request = { unitId: command.unitId, signature: '', origin: 'network' } as const;
        const done =
          command.type === 'work.cancel'
            ? await this.#desk.cancel(request)
            : await this.#desk.release(request, { force: false });
        return done.ok ? unitOutcomeLine(command.unitId, done.value) : errorLine(done.refusal);
      }
      case 'work.results':
        return this.#stream(command);
      default:
        return errorLine('bad command');
    }
  }

  async #stream(command: Extract<WorkCommand, { readonly type: 'work.results' | 'work.follow' }>): Promise<string> {
    const { unitId, startPosition } = command;
    const request = { unitId, startPosition, signature: '', origin: 'network' } as const;
    let begun: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const followed = await this.#desk.follow(request, {
      bytes: async (_offset, chunk) => {
        await ready;
        this.#session.send([chunk]);
      },
      status: () => undefined,
      end: () => undefined, // and the session stays open, as with 1.6.9
      failed: () => undefined,
    });
    queueMicrotask(begun);
    return followed.ok ? resultsLine(unitId) : errorLine(followed.refusal);
  }

  #say(text: string): void {
    this.#session.send([encodeText(text)]);
  }
}
