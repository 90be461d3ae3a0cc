import type { EntitySpec, ParameterSpec } from './entity-spec.js';
import type { RawValue } from './value.js';

/** One entity as a user gave it: known names, values as they stood, and where each stood. */
export interface RawItem {
  readonly entity: EntitySpec;
  /** In the words of whoever wrote it: `--node` on the command line, `node` in a file. */
  readonly label: string;
  readonly source: 'arguments' | 'file';
  /** `argument 3`, or `mesh.yml:7`. */
  readonly at: string;
  readonly parameters: readonly RawParameter[];
}

export interface RawParameter {
  readonly spec: ParameterSpec;
  /** As it is named in complaints; the bare value bears the reference's own name for it. */
  readonly label: string;
  readonly at: string;
  readonly raw: RawValue;
}
