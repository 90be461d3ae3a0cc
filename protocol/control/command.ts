// One line of a control session to a typed command, or to the error lines that the reference answers (1.6.9;
// control-and-work 1.2 to 1.7). A line is words or, if it starts with `{`, a JSON object; both forms mean the same.
import { isObject, type ParsedObject, parseJson } from '../json/parsed.js';
import { decodeText } from '../text.js';
import { requiredText } from './command-fields.js';
import { accepted, type CommandLine, type ParsedCommand, refused, splitWords } from './command-line.js';
import { unknownCommandText } from './reply.js';
import { parseWorkObject, parseWorkWords } from './work-command.js';

const OPEN_OBJECT = 0x7b;

/** Reads a line without its newline. Never fails: what is no command becomes what to answer. */
export function parseCommandLine(line: Uint8Array): CommandLine {
  if (line.length === 0) return { type: 'nothing' };
  return line[0] === OPEN_OBJECT ? parseObjectLine(line) : parseWordLine(decodeText(line));
}

/** The first word, in any case, is the command; the rest behind the first blank is its parameters, blanks and all. */
function parseWordLine(text: string): CommandLine {
  const blank = text.indexOf(' ');
  const name = (blank < 0 ? text : text.slice(0, blank)).toLowerCase();
  const rest = blank < 0 ? '' : text.slice(blank + 1);
  const parse = WORD_COMMANDS.get(name);
  return parse === undefined
    ? { type: 'unknown', name, parameters: { form: 'words', text: rest } }
    : toLine(parse(rest));
}

/**
 * The name must be spelled exactly. Where there is none the reference answers twice: what is wrong, and that the
 * command is unknown.
 */
function parseObjectLine(line: Uint8Array): CommandLine {
  const parsed = parseJson(line);
  if (!parsed.ok) return refusedTwice(parsed.fault.detail);
  const fields = isObject(parsed.value) ? parsed.value : {};
  if (!Object.hasOwn(fields, 'command')) return refusedTwice('JSON did not contain a command');
  const name = fields['command'];
  if (typeof name !== 'string') return refusedTwice('command must be a string');
  const parse = OBJECT_COMMANDS.get(name);
  return parse === undefined
    ? { type: 'unknown', name, parameters: { form: 'object', fields } }
    : toLine(parse(fields));
}

function refusedTwice(text: string): CommandLine {
  return { type: 'refused', errors: [text, unknownCommandText('')] };
}

function toLine(parsed: ParsedCommand): CommandLine {
  return parsed.ok ? { type: 'command', command: parsed.value } : { type: 'refused', errors: [parsed.refusal] };
}

const WORD_COMMANDS: ReadonlyMap<string, (text: string) => ParsedCommand> = new Map([
  ['ping', (target) => (target === '' ? refused('no ping target') : accepted({ type: 'ping', target }))],
  [
    'traceroute',
    (target) => (target === '' ? refused('no traceroute target') : accepted({ type: 'traceroute', target })),
  ],
  ['status', parseStatusWords],
  ['connect', parseConnectWords],
  ['reload', () => accepted({ type: 'reload', mode: 'reference' })],
  ['work', parseWorkWords],
]);

const OBJECT_COMMANDS: ReadonlyMap<string, (fields: ParsedObject) => ParsedCommand> = new Map([
  ['ping', (fields) => parseTarget(fields, 'ping')],
  ['traceroute', (fields) => parseTarget(fields, 'traceroute')],
  ['status', parseStatusObject],
  ['connect', parseConnectObject],
  ['reload', parseReloadObject],
  ['work', parseWorkObject],
]);

function parseTarget(fields: ParsedObject, type: 'ping' | 'traceroute'): ParsedCommand {
  const target = requiredText(fields, 'target', {
    missing: `no ${type} target`,
    notText: `${type} target must be string`,
  });
  return target.ok ? accepted({ type, target: target.value }) : target;
}

function parseStatusWords(text: string): ParsedCommand {
  if (text !== '') return refused('status command does not take parameters');
  return accepted({ type: 'status', requestedFields: undefined });
}

/** A list that is none kills the reference's process; here it is an error like any other. */
function parseStatusObject(fields: ParsedObject): ParsedCommand {
  if (!Object.hasOwn(fields, 'requested_fields')) return accepted({ type: 'status', requestedFields: undefined });
  const list = fields['requested_fields'];
  if (!Array.isArray(list)) return refused('requested_fields must be a list of strings');
  const names = list.filter((name) => typeof name === 'string');
  if (names.length < list.length) return refused('each element of requested_fields must be a string');
  return accepted({ type: 'status', requestedFields: names });
}

/** receptorctl ends the line with a blank and no third word, which means no TLS. */
function parseConnectWords(text: string): ParsedCommand {
  const words = splitWords(text, 4);
  const [node, service, tls = ''] = words;
  if (node === undefined || service === undefined) return refused('no connect target');
  if (words.length > 3) return refused('too many parameters');
  return accepted({ type: 'connect', node, service, tls });
}

function parseConnectObject(fields: ParsedObject): ParsedCommand {
  const node = requiredText(fields, 'node', {
    missing: 'no connect target node',
    notText: 'connect target node must be string',
  });
  if (!node.ok) return node;
  const service = requiredText(fields, 'service', {
    missing: 'no connect target service',
    notText: 'connect target service must be string',
  });
  if (!service.ok) return service;
  const tls = Object.hasOwn(fields, 'tls') ? fields['tls'] : '';
  if (typeof tls !== 'string') return refused('connect tls name must be string');
  return accepted({ type: 'connect', node: node.value, service: service.value, tls });
}

/** `mode` is ours: `difference` applies every change at once, where the reference refuses most (decision 18). */
function parseReloadObject(fields: ParsedObject): ParsedCommand {
  const mode = Object.hasOwn(fields, 'mode') ? fields['mode'] : 'reference';
  if (mode !== 'difference' && mode !== 'reference') return refused('reload mode must be reference or difference');
  return accepted({ type: 'reload', mode });
}
