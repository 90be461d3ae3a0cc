// From arguments and files to a list of checked items. Everything that concerns more than one item is judged here.
import type { PatternCompiler } from '../../protocol/firewall.js';
import { readArguments } from './arguments.js';
import { ConfigError } from './config-error.js';
import { type ConfigItem, settleItem } from './config-item.js';
import type { RawItem } from './raw-item.js';

export interface LoadedConfig {
  readonly items: readonly ConfigItem[];
  /** What is odd without being wrong; for the log. */
  readonly warnings: readonly string[];
  /** For the patterns of firewall rules; there when something is to be compiled. */
  readonly compilePattern?: PatternCompiler;
}

/** Throws `ConfigError` at the first fault. Nothing is opened or changed, apart from reading the files. */
export async function loadConfig(args: readonly string[]): Promise<LoadedConfig> {
  const raw = readArguments(args, await fileReader(args));
  const settled = raw.map(settleItem);
  demandOnce(raw);
  demandAlone(raw);
  const items = settled.map(({ item }) => item);
  return {
    items,
    warnings: settled.flatMap(({ warnings }) => warnings),
    ...(items.some(hasFirewall) ? { compilePattern: await patternCompiler() } : {}),
  };
}

const hasFirewall = (item: ConfigItem): boolean =>
  item.entity.name === 'node' && item.data('firewallrules') !== undefined;

/** The library of patterns costs start-up time; without rules it is not loaded. */
async function patternCompiler(): Promise<PatternCompiler> {
  return (await import('../../actors/pattern.js')).compilePattern;
}

/** The YAML library costs start-up time; without a file it is not loaded. */
async function fileReader(args: readonly string[]): Promise<Parameters<typeof readArguments>[1]> {
  if (args.some((argument) => argument.startsWith('-c') || argument.startsWith('--config'))) {
    const { readConfigFile } = await import('./config-file.js');
    return readConfigFile;
  }
  return (path, at) => {
    throw new ConfigError(`error loading config file: ${path} was not expected`, { place: at, cure: '' });
  };
}

/** The reference lets a second `node` in another file win silently; here both places are named. */
function demandOnce(items: readonly RawItem[]): void {
  const first = new Map<string, RawItem>();
  for (const item of items) {
    const { entity, source, at } = item;
    const earlier = entity.occurs === 'many' ? undefined : first.get(entity.name);
    if (earlier !== undefined) {
      const text =
        source === 'arguments'
          ? `directive "${entity.name}" is only allowed once`
          : `error loading config file: only one ${entity.name} directive is allowed`;
      throw new ConfigError(text, { place: `${at}, ${item.label}`, cure: `the other one is at ${earlier.at}` });
    }
    first.set(entity.name, item);
  }
}

function demandAlone(items: readonly RawItem[]): void {
  const alone = items.find(({ entity }) => entity.occurs === 'alone');
  if (alone !== undefined && items.length > 1) {
    const text = `cannot specify any other options with ${alone.entity.name}`;
    throw new ConfigError(text, { place: `${alone.at}, ${alone.label}`, cure: `give ${alone.label} alone` });
  }
}
