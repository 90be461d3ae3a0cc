import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import type { WorkCommand } from '../../protocol/netceptor/service-advert.js';
import type { WorkOutcome } from '../control/work-desk.js';
import type { WorkCommandOptions } from '../node-options.js';

/** The parameter of a submit that a command takes. */
const PARAMS = 'params';

/** A command line, before it is split into words. */
export interface CommandJob {
  readonly command: string;
  readonly params: string;
}

/** The kinds of work that this node does: each is a command of its configuration. */
export class WorkTypes {
  readonly #commands: ReadonlyMap<string, WorkCommandOptions>;

  constructor(commands: readonly WorkCommandOptions[]) {
    this.#commands = new Map(commands.map((command) => [command.workType, command]));
  }

  get size(): number {
    return this.#commands.size;
  }

  has(workType: string): boolean {
    return this.#commands.has(workType);
  }

  /** What the mesh is told. */
  adverts(): readonly WorkCommand[] {
    return Array.from(this.#commands.keys(), (workType) => ({ workType, secure: false }));
  }

  /** The command for a submit, or why there is none (control-and-work 3.3). */
  jobFor(workType: string, params: ReadonlyMap<string, string>): WorkOutcome<CommandJob> {
    const configured = this.#commands.get(workType);
    if (configured === undefined) {
      return { ok: false, refusal: WORK_REFUSAL.unknownWorkType(workType) };
    }
    const given = params.get(PARAMS) ?? '';
    if (given !== '' && configured.allowRuntimeParams !== true) {
      return { ok: false, refusal: WORK_REFUSAL.paramsNotAllowed };
    }
    const all = [configured.params ?? '', given].filter((text) => text !== '').join(' ');
    return { ok: true, value: { command: configured.command, params: all } };
  }
}
