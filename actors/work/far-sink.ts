import type { UnitId } from '../../protocol/names.js';
import { MeshError } from '../errors.js';
import type { OutputSink, SinkEvents } from './output-store.js';
import type { WorkKit } from './work-kit.js';

/** A sink for the output of a unit that is being watched. */
export async function beginSink(
  { workKit }: { readonly workKit: WorkKit },
  unitId: UnitId,
  events: SinkEvents,
): Promise<OutputSink> {
  const store = workKit.outputs.get(unitId);
  if (store === undefined) {
    throw new MeshError('unit-gone', 'nobody watches the unit any more');
  }
  return store.begin(events);
}
