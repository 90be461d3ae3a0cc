// The configuration as a page of the documentation, made from the same table as the parser and the help.
import type { EntitySpec, ParameterSpec, ValueType } from './entity-spec.js';
import { SECTIONS } from './schema.js';

/** How the types of parameters are called. */
const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  text: 'text',
  whole: 'whole number',
  number: 'number',
  truth: 'true or false',
  texts: 'list of texts',
  numbers: 'number for each name',
  data: 'structure',
};

/** All entities in Markdown; those that are only known by name in one line. */
export function entityReference(): string {
  return SECTIONS.map(({ title, entities }) => {
    const shown = entities.filter(({ isHidden }) => isHidden !== true);
    const built = shown.filter(({ isLater }) => isLater !== true).map(entityText);
    const later = shown.filter(({ isLater }) => isLater === true).map(({ name }) => `\`${name}\``);
    const rest =
      later.length === 0 ? [] : [`Known by name, and not built into this version yet: ${later.join(', ')}.\n`];
    return [`### ${title}\n`, ...built, ...rest].join('\n');
  }).join('\n');
}

function entityText({ name, about, occurs, parameters, example }: EntitySpec): string {
  const often = { many: 'as often as needed', once: 'once', alone: 'alone on the command line' }[occurs];
  const head = [`#### \`${name}\`\n`, `${about} May be given ${often}. For example \`${example}\`.\n`];
  const table = ['| parameter | type | default | meaning |', '|---|---|---|---|', ...parameters.map(parameterRow), ''];
  return [...head, ...(parameters.length === 0 ? [] : table)].join('\n');
}

function parameterRow({ name, type, about, isBare, isRequired, isLater, defaultText }: ParameterSpec): string {
  const notes = [
    ...(isRequired === true ? ['Required.'] : []),
    ...(isBare === true ? ['The value without a name is this one.'] : []),
    ...(isLater === true ? ['Not built into this version yet.'] : []),
  ];
  const shown = defaultText === undefined ? '' : `\`${defaultText}\``;
  return `| \`${name}\` | ${TYPE_NAMES[type]} | ${shown} | ${[about, ...notes].join(' ')} |`;
}
