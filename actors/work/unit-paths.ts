import type { NodeId, UnitId } from '../../protocol/names.js';
import { joinPath } from '../../runtime/file-port.js';

/** The files of a unit (control-and-work 3.1), and the records of its runner. */
export interface UnitPaths {
  readonly folder: string;
  readonly status: string;
  readonly stdin: string;
  readonly stdout: string;
  readonly runner: string;
  readonly child: string;
  readonly exit: string;
}

/** What a name of a file must not hold, or be. */
const UNFIT = /[/\\]|^\.{1,2}$/;

/** The folder of a node's units. A node id may be `..`; its folder must not. */
export function unitsFolder(dataDir: string, nodeId: NodeId): string {
  const name = UNFIT.test(nodeId) ? nodeId.replace(/[/\\.]/g, '~') : nodeId;
  return joinPath(dataDir, name);
}

export function unitPaths(unitsFolder: string, unitId: UnitId): UnitPaths {
  const folder = joinPath(unitsFolder, unitId);
  return {
    folder,
    status: joinPath(folder, 'status'),
    stdin: joinPath(folder, 'stdin'),
    stdout: joinPath(folder, 'stdout'),
    runner: joinPath(folder, 'runner'),
    child: joinPath(folder, 'child'),
    exit: joinPath(folder, 'exit'),
  };
}
