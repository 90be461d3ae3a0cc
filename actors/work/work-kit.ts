import type { NodeId, UnitId } from '../../protocol/names.js';
import { DATA_DIR_DEFAULT, type NodeOptions } from '../node-options.js';
import { FarNodes } from './far-nodes.js';
import type { OutputStore } from './output-store.js';
import { UnitBoard } from './unit-board.js';
import type { UnitIntake } from './unit-intake.js';
import { type UnitPaths, unitPaths, unitsFolder } from './unit-paths.js';
import { WorkTypes } from './work-types.js';

/** What all the work of a node shares. */
export class WorkKit {
  /** Where this node's units have their folders. */
  readonly unitsFolder: string;
  readonly types: WorkTypes;
  readonly board = new UnitBoard();
  readonly farNodes = new FarNodes();
  /** Units that take their input in now; each is put here and taken away by the unit's own actor. */
  readonly intakes = new Map<UnitId, UnitIntake>();
  /** Units whose output comes from another node now; the same. */
  readonly outputs = new Map<UnitId, OutputStore>();

  constructor(nodeId: NodeId, { dataDir, workCommands }: Pick<NodeOptions, 'dataDir' | 'workCommands'>) {
    this.unitsFolder = unitsFolder(dataDir ?? DATA_DIR_DEFAULT, nodeId);
    this.types = new WorkTypes(workCommands ?? []);
  }

  pathsOf(unitId: UnitId): UnitPaths {
    return unitPaths(this.unitsFolder, unitId);
  }
}
