import { commandLine } from '../../protocol/control/reply-reader.js';
import type { UnitId } from '../../protocol/names.js';
import type { RemoteExtraData } from '../../protocol/work/extra-data.js';
import type { UnitOrder } from './unit-vocabulary.js';

/** The lines that a submitting node sends to an executing one (control-and-work 3.5, reference 1.6.9). */

/** All parameters are for the far worker. The id is ours: nodes of 1.6 and later, and our own, take it over. */
export function submitRequest(unitId: UnitId, extra: RemoteExtraData): string {
  return commandLine(
    new Map([
      ...extra.remoteParams,
      ['command', 'work'],
      ['subcommand', 'submit'],
      ['node', extra.remoteNode],
      ['worktype', extra.remoteWorkType],
      ['tlsclient', extra.tlsClient],
      ['workUnitID', unitId],
    ]),
  );
}

export function statusRequest(farUnitId: string): string {
  return `work status ${farUnitId}\n`;
}

/** Ours alone: status and output in one stream, pushed. */
export function followRequest(farUnitId: string, offset: number): string {
  return `work follow ${farUnitId} ${offset}\n`;
}

export function resultsRequest(farUnitId: string, offset: number): string {
  return commandLine(
    new Map<string, string | number>([
      ['command', 'work'],
      ['subcommand', 'results'],
      ['unitid', farUnitId],
      ['startpos', offset],
    ]),
  );
}

export function orderRequest(farUnitId: string, order: UnitOrder): string {
  return commandLine(
    new Map([
      ['command', 'work'],
      ['subcommand', order],
      ['unitid', farUnitId],
    ]),
  );
}
