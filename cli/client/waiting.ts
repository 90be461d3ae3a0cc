// A unit for another node waits, without a word, until there is a way to that node. Whoever stands before the terminal
// is told so.
import { isObject, type ParsedObject } from '../../protocol/json/parsed.js';
import { WORK_STATE } from '../../protocol/work/state.js';
import { describe } from '../../runtime/errors.js';
import type { ClientContext } from './context.js';
import { statusOf } from './unit-stream.js';
import type { Remote } from './work-actions.js';

/** A node that is there takes a unit within less. */
const QUIET_MS = 2_000;

/** A unit, and the node that it was submitted at. */
export interface WaitingUnit extends Remote {
  readonly unitId: string;
}

/** Looks once, when nothing has come for a while. Returns what calls it off; `failed` hears when nobody reads the note. */
export function watchForWay(context: ClientContext, unit: WaitingUnit, failed: (thrown: unknown) => void): () => void {
  let isOver = false;
  const timer = context.host.outside.clock.setTimer(QUIET_MS, () => {
    reasonToWait(context, unit)
      .catch((thrown: unknown) => `nothing has come yet; asked why, the node says: ${describe(thrown)}`)
      .then(async (text) => {
        if (text !== undefined && !isOver) {
          await context.note(text);
        }
      })
      .catch(failed);
  });
  return () => {
    isOver = true;
    timer.cancel();
  };
}

async function reasonToWait(context: ClientContext, unit: WaitingUnit): Promise<string | undefined> {
  const { state, extraData } = await statusOf(await context.connect(unit), unit.unitId);
  if (state !== WORK_STATE.pending || extraData.type !== 'remote') {
    return undefined;
  }
  const node = extraData.remoteNode;
  const isKnown = await context.withClient(async (client) => {
    const command = '{"command":"status","requested_fields":["NodeID","RoutingTable"]}';
    const { value } = await context.askObject(client, command);
    return value['NodeID'] === node || routesOf(value).includes(node);
  }, unit);
  return isKnown
    ? undefined
    : `waiting: there is no way to "${node}" yet (unit ${unit.unitId}; Ctrl-C leaves it there, --ttl limits how long it waits)`;
}

function routesOf(status: ParsedObject): readonly string[] {
  const routes = status['RoutingTable'];
  return isObject(routes) ? Object.keys(routes) : [];
}
