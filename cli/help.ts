import { VERSION } from '../actors/version.js';
import { SUMMARIES } from './client/summaries.js';
import type { EntitySpec, ParameterSpec, ValueType } from './config/entity-spec.js';
import { SECTIONS } from './config/schema.js';
import { EXIT, EXIT_MEANINGS, type ExitName } from './exit-code.js';

/** What stands in the place of a value. */
const PLACEHOLDERS: Readonly<Record<ValueType, string>> = {
  text: 'TEXT',
  whole: 'NUMBER',
  number: 'NUMBER',
  truth: 'true|false',
  texts: 'TEXT (may be repeated)',
  numbers: '{"NAME":NUMBER}',
  data: '(only in a file)',
};

const INTRODUCTION = `receptor ${VERSION}: a node of an overlay mesh, and a client of one.

Run a node (it stays in the foreground; SIGTERM or Ctrl-C stops it in order):
  receptor --node id=alpha --tcp-listener port=2222 --control-service filename=/tmp/alpha.sock
  receptor --node id=beta --tcp-peer localhost:2222 --work-command worktype=cat command=cat
  receptor --config mesh.yml

Ask a node that runs (each command has --help with examples):
  receptor status --socket /tmp/alpha.sock
  receptor work submit --socket /tmp/alpha.sock --node beta --no-payload --follow cat
`;

const GRAMMAR = `
A node is described by entities: --ENTITY [PARAMETER=VALUE ...] [VALUE] --ENTITY ...
A value without a name belongs to the parameter that is marked with *. In a file (--config) the same is a YAML list:
  - node:
      id: alpha
  - tcp-listener:
      port: 2222
`;

const GENERAL: readonly (readonly [string, string])[] = [
  ['--help, -h', 'This help.'],
  ['--config FILE, -c FILE', 'Insert the entities of a YAML file here; may be repeated.'],
];

/** The help of the whole program, made from the tables. */
export function helpText(): string {
  const commands = Object.entries(SUMMARIES).map(([name, about]) => `  ${name.padEnd(12)}${about}\n`);
  const general = GENERAL.map(([name, about]) => `  ${name.padEnd(26)}${about}\n`);
  const sections = SECTIONS.map(({ title, entities }) => `\n${title}:\n${entities.map(entityText).join('')}`);
  return [
    INTRODUCTION,
    '\nCommands:\n',
    ...commands,
    GRAMMAR,
    '\n',
    ...general,
    ...sections,
    '\nEnds with:\n',
    ...exitLines(),
  ].join('');
}

/** The exit codes, one in a line. */
export function exitLines(): readonly string[] {
  return Object.entries(EXIT).map(([name, code]) => {
    const meaning = EXIT_MEANINGS[name as ExitName]; // a key of the same table
    return `  ${`${code}`.padEnd(5)}${meaning}\n`;
  });
}

/** What is only known by name takes one line, so that what there is can be found. */
function entityText({ name, about, parameters, isLater, isHidden }: EntitySpec): string {
  if (isHidden === true) {
    return '';
  }
  if (isLater === true) {
    return `  --${name}: not built into this version yet\n`;
  }
  const built = parameters.filter((parameter) => parameter.isLater !== true);
  return `  --${name}\n      ${about}\n${built.map(parameterText).join('')}`;
}

function parameterText({ name, type, about, isBare, isRequired, defaultText }: ParameterSpec): string {
  const mark = isBare === true ? '*' : ' ';
  const notes = [
    ...(isRequired === true ? ['required'] : []),
    ...(defaultText === undefined ? [] : [`default: ${defaultText}`]),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `     ${mark}${name}=${PLACEHOLDERS[type]}\n        ${about}${note}\n`;
}
