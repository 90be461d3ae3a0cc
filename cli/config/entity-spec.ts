// The shape of what a configuration may say: entities with parameters (mesh-protocol 9.3).

/**
 * What the text of a parameter is turned into.
 * - `text`: as it is. `whole`: a whole number in Go's notations (`2222`, `0600`, `0xff`, `1_000`). `number`: with a
 *   fraction. `truth`: true or false. `texts`: a list, by repeating the parameter or as one JSON list.
 *   `numbers`: a number for each name, as a JSON object. `data`: a structure that only a file can hold.
 */
export type ValueType = 'text' | 'whole' | 'number' | 'truth' | 'texts' | 'numbers' | 'data';

export interface ParameterSpec {
  /** As it is written in files; on the command line its case does not matter. */
  readonly name: string;
  readonly type: ValueType;
  /** One line for help and documentation. */
  readonly about: string;
  /** Takes the value that stands without a name: `--log-level debug`. At most one of an entity. */
  readonly isBare?: true;
  readonly isRequired?: true;
  /** The value where none is given, as one would write it. */
  readonly defaultText?: string;
  /** Known, and not built yet: giving it is an error that says so. */
  readonly isLater?: true;
}

export interface EntitySpec {
  readonly name: string;
  readonly about: string;
  /** How often it may be given; `alone` means that nothing else may be on the command line. */
  readonly occurs: 'many' | 'once' | 'alone';
  readonly parameters: readonly ParameterSpec[];
  /** One way to write it, for help and error lines. */
  readonly example: string;
  /** Known, and not built yet: giving it is an error that says so. */
  readonly isLater?: true;
  /** Left out of help: for programs, not for people. */
  readonly isHidden?: true;
}

export interface EntitySection {
  readonly title: string;
  readonly entities: readonly EntitySpec[];
}
