// `work results`, and the end of `work submit --follow`: the output of a unit from any byte on, until the unit is done.
import { stateName, WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { ControlClient } from '../control.js';
import { ControlError } from '../control-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { ClientContext } from './context.js';
import { type OutputSink, openSink } from './output-sink.js';
import { fetchResults, followUnit, type StreamEnd } from './unit-stream.js';
import { watchForWay } from './waiting.js';
import type { Remote } from './work-actions.js';

/** A node that is restarted is back within this time; a longer absence is told. */
const BACK_WITHIN_MS = 60_000;
const RETRY_MS = 500;
/** How often a node of the reference is asked whether there is more. */
const ASK_AGAIN_MS = 1_000;

export interface OutputOptions extends Remote {
  readonly unitId: string;
  /** Byte of the output to start at. */
  readonly start: number;
  /** Where it goes, instead of standard output. */
  readonly file: string | undefined;
}

/** Prints the output until the unit is done. Ctrl-C leaves the unit as it is. */
export async function showOutput(context: ClientContext, options: OutputOptions): Promise<ExitCode> {
  const sink = await openSink(context, options.file, options.start);
  const transfer = new Transfer(context, options, sink);
  let callOff = (): void => undefined;
  let unhear = (): void => undefined;
  const interrupted = new Promise<'interrupted'>((resolve, reject) => {
    unhear = context.host.onInterrupt(() => resolve('interrupted'));
    callOff = watchForWay(context, options, reject);
  });
  try {
    const end = await Promise.race([transfer.run(), interrupted]);
    if (end !== 'interrupted') {
      return await tellEnd(context, options.unitId, end);
    }
    const socket = context.socketText ?? '';
    await context.note(`\u2026 the unit ${options.unitId} goes on. To come back:`);
    const node = options.node === undefined ? '' : ` --node ${options.node}`;
    await context.note(
      `  receptor work results ${options.unitId} --start ${transfer.position}${node} --socket ${socket}`,
    );
    return EXIT.interrupted;
  } finally {
    callOff();
    unhear();
    await sink.close();
  }
}

async function tellEnd(context: ClientContext, unitId: string, { state, detail }: UnitStatus): Promise<ExitCode> {
  switch (state) {
    case WORK_STATE.succeeded:
      return EXIT.ok;
    case WORK_STATE.canceled:
      return await toldEnd(context, `the unit ${unitId} was cancelled: ${detail}`, EXIT.unitCancelled);
    case WORK_STATE.failed:
      return await toldEnd(context, `the unit ${unitId} failed: ${detail}`, EXIT.unitFailed);
    default:
      return await toldEnd(context, `the unit ${unitId} is ${stateName(state)}: ${detail}`, EXIT.unitUnfinished);
  }
}

async function toldEnd(context: ClientContext, text: string, exitCode: ExitCode): Promise<ExitCode> {
  await context.complain({ text, exitCode });
  return exitCode;
}

/** The output over as many connections as it takes. */
class Transfer implements OutputSink {
  readonly #context: ClientContext;
  readonly #options: OutputOptions;
  readonly #sink: OutputSink;
  #position: number;
  #lostMs: number | undefined;
  #way: 'follow' | 'results' = 'follow';

  constructor(context: ClientContext, options: OutputOptions, sink: OutputSink) {
    this.#context = context;
    this.#options = options;
    this.#sink = sink;
    this.#position = options.start;
  }

  /** The byte that comes next. */
  get position(): number {
    return this.#position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#sink.write(bytes);
    this.#position += bytes.length;
    this.#lostMs = undefined;
  }

  expect(bytes: number): void {
    this.#sink.expect(bytes);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }

  async run(): Promise<UnitStatus> {
    for (;;) {
      const end = await this.#connection();
      switch (end.type) {
        case 'done':
          return end.status;
        case 'unfinished':
          this.#lostMs = undefined;
          await this.#context.pause(ASK_AGAIN_MS);
          break;
        case 'lost':
          await this.#bear(end.text);
          break;
        default:
          end satisfies never;
      }
    }
  }

  /** The first connection must come about; a later one that does not is a loss like any other. */
  async #connection(): Promise<StreamEnd> {
    let client: ControlClient | undefined;
    try {
      client = await this.#context.connect(this.#options);
      return await this.#stream(client);
    } catch (thrown) {
      const isPassing = thrown instanceof ControlError && (client === undefined || PASSING.has(thrown.code));
      if (!isPassing || this.#lostMs === undefined) {
        throw thrown;
      }
      return { type: 'lost', text: thrown.message };
    } finally {
      client?.close();
    }
  }

  async #stream(client: ControlClient): Promise<StreamEnd> {
    const request = { unitId: this.#options.unitId, start: this.#position, sink: this };
    const followed = this.#way === 'follow' ? await followUnit(client, request) : undefined;
    if (followed !== undefined) {
      return followed;
    }
    this.#way = 'results';
    return await fetchResults(client, request, () => this.#context.connect(this.#options));
  }

  /** Waits a moment, or gives up when the node is away for too long. */
  async #bear(text: string): Promise<void> {
    const nowMs = this.#context.host.outside.clock.monotonicMs();
    if (this.#lostMs === undefined) {
      this.#lostMs = nowMs;
      await this.#context.note(`The connection was lost (${text}); trying again.`);
    }
    if (nowMs - this.#lostMs >= BACK_WITHIN_MS) {
      const hint = `go on later with: receptor work results ${this.#options.unitId} --start ${this.#position}`;
      throw new ControlError('lost', `the node is away for ${BACK_WITHIN_MS / 1_000} s: ${text}`, hint);
    }
    await this.#context.pause(RETRY_MS);
  }
}

/** What may pass when a node is restarted. */
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'lost', 'late']);
