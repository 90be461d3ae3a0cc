// The command line of the daemon: `--entity [param=value …] [bare value] --entity …` (mesh-protocol 9.1).
import { ConfigError } from './config-error.js';
import { didYouMean, parametersOf, shown } from './cures.js';
import type { RawItem, RawParameter } from './raw-item.js';
import { entityNamed, entityNames, parameterNamed } from './schema.js';
import { nearest } from './spelling.js';

/** Arguments that are no entities: they are dealt with by whoever calls the parser, or belong to the reference only. */
const NOT_BUILT_SWITCHES = new Map([
  ['bash-completion', 'completion scripts'],
  ['config-v2', 'the second configuration format'],
]);

const CONFIG_SWITCHES = new Set(['--config', '-c', '-config']);
const HELP_SWITCHES = new Set(['--help', '-h', '-help']);

/** Reads the items of a file; throws `ConfigError`. */
export type FileReader = (path: string, at: string) => readonly RawItem[];

/** True when help is asked for, wherever it stands. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || args.some((argument) => HELP_SWITCHES.has(argument));
}

/** All items in their order; those of a `--config` stand in its place. */
export function readArguments(args: readonly string[], readFile: FileReader): readonly RawItem[] {
  const items: RawItem[] = [];
  let open: { readonly item: RawItem; readonly parameters: RawParameter[] } | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const at = `argument ${index + 1}`;
    if (argument === '') {
      throw new ConfigError('an argument is empty', { place: at, cure: 'is a variable of the shell not set?' });
    }
    if (CONFIG_SWITCHES.has(argument)) {
      index += 1;
      open = undefined;
      items.push(...readFile(fileNameOf(args[index], at), at));
    } else if (argument.startsWith('-')) {
      const parameters: RawParameter[] = [];
      const item: RawItem = { ...entityOf(argument, at), source: 'arguments', at, parameters };
      open = { item, parameters };
      items.push(item);
    } else if (open === undefined) {
      throw new ConfigError('parameter specified before command', {
        place: at,
        cure: `${shown(argument)} must follow the --entity that it belongs to`,
      });
    } else {
      open.parameters.push(parameterOf(argument, at, open.item));
    }
  }
  return items;
}

function fileNameOf(argument: string | undefined, at: string): string {
  if (argument === undefined || argument === '') {
    throw new ConfigError('--config without a file name', { place: at, cure: 'write it as --config mesh.yml' });
  }
  return argument;
}

function entityOf(argument: string, at: string): Pick<RawItem, 'entity' | 'label'> {
  const typed = argument.slice(argument.startsWith('--') ? 2 : 1);
  const name = typed.toLowerCase();
  const notBuilt = NOT_BUILT_SWITCHES.get(name);
  if (notBuilt !== undefined) {
    throw new ConfigError(
      `--${name}: ${notBuilt} are not built into this version yet`.replace('format are', 'format is'),
      {
        place: at,
        cure: 'leave it out',
      },
    );
  }
  const entity = entityNamed(name);
  if (entity === undefined) {
    throw new ConfigError(`command error: unknown config type ${shown(typed)}`, { place: at, cure: cureFor(name) });
  }
  return { entity, label: `--${entity.name}` };
}

function cureFor(name: string): string {
  const [before = '', value] = name.split('=', 2);
  if (value !== undefined && (entityNamed(before) !== undefined || before === 'config')) {
    return `the value is an argument of its own: --${before} ${shown(value)}`;
  }
  if (/^[0-9]/.test(name)) {
    return `a value that begins with a dash needs a name in front: port=-${name}`;
  }
  return didYouMean(nearest(name, entityNames()), '--');
}

function parameterOf(argument: string, at: string, { entity, label }: RawItem): RawParameter {
  const cut = argument.indexOf('=');
  if (cut < 0) {
    return bareValue(argument, at, { entity, label });
  }
  const name = argument.slice(0, cut);
  const spec = parameterNamed(entity, name);
  if (spec === undefined) {
    throw new ConfigError(`config error: unknown field name ${shown(name)}`, {
      place: `${at}, ${label}`,
      cure: name === '' ? 'write it as name=value, without blanks around =' : parametersOf(entity, name),
    });
  }
  return { spec, label: name, at, raw: { form: 'text', text: argument.slice(cut + 1) } };
}

/** The reference calls the field of a bare value by the name in its own program. */
function bareValue(text: string, at: string, { entity, label }: Pick<RawItem, 'entity' | 'label'>): RawParameter {
  const spec = entity.parameters.find(({ isBare }) => isBare === true);
  if (spec === undefined) {
    throw new ConfigError('config error: command does not allow bare values', {
      place: `${at}, ${label}`,
      cure: `${shown(text)} needs a name in front: ${entity.parameters.length === 0 ? `${label} has no parameters` : `for example ${entity.example}`}`,
    });
  }
  const goName = spec.name === 'id' ? 'ID' : `${spec.name.charAt(0).toUpperCase()}${spec.name.slice(1)}`;
  return { spec, label: goName, at, raw: { form: 'text', text } };
}
