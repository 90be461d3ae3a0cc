// The `work` command and its subcommands (control-and-work 2), in words and as JSON, and our own `work follow`, to
// which the reference answers `bad command`: so a client finds out whether it is there.
import type { ParsedObject } from '../json/parsed.js';
import { parseUnitId, UNIT_ID_LENGTH_MAX, type UnitId } from '../names.js';
import { checkedPosition, optionalText, positionField, workText } from './command-fields.js';
import { accepted, type Parsed, type ParsedCommand, refused, splitWords } from './command-line.js';
import { parseGoDuration } from './go-duration.js';
import { parseGoInt } from './go-format.js';
import { badCommandText, unknownUnitText } from './work-reply.js';

/** Fields of a submit that are not for the worker. */
const SUBMIT_FIELDS = new Set([
  ...['command', 'subcommand', 'node', 'worktype', 'tlsclient', 'ttl', 'signwork', 'signature'],
  'workUnitID',
]);

/** Words that the longest form has, the subcommand included: `submit NODE TYPE REST…`. */
const WORDS_MAX = 4;

export function parseWorkWords(text: string): ParsedCommand {
  const [first = '', ...words] = splitWords(text, WORDS_MAX);
  const subcommand = first.toLowerCase();
  switch (subcommand) {
    case 'submit':
      return submitWords(words);
    case 'list':
      return listCommand(words[0]);
    case 'status':
    case 'cancel':
    case 'release':
    case 'force-release':
      return unitWords(subcommand, words);
    case 'results':
    case 'follow':
      return outputWords(subcommand, words);
    default:
      return refused(badCommandText());
  }
}

export function parseWorkObject(fields: ParsedObject): ParsedCommand {
  const given = workText(fields, 'subcommand');
  if (!given.ok) return given;
  const subcommand = given.value.toLowerCase();
  switch (subcommand) {
    case 'submit':
      return submitObject(fields);
    case 'list':
      return listCommand(optionalText(fields, 'unitid'));
    case 'status':
    case 'cancel':
    case 'release':
    case 'force-release': {
      const unitId = workText(fields, 'unitid');
      return unitId.ok ? unitCommand(subcommand, unitId.value, optionalText(fields, 'signature') ?? '') : unitId;
    }
    case 'results':
    case 'follow':
      return outputObject(subcommand, fields);
    default:
      return refused(badCommandText());
  }
}

function submitWords(words: readonly string[]): ParsedCommand {
  const [node, workType, params] = words;
  if (node === undefined || workType === undefined) return refused('work submit requires a target node and work type');
  return accepted({
    type: 'work.submit',
    node,
    workType,
    params: new Map(params === undefined ? [] : [['params', params]]),
    tlsClient: '',
    ttl: undefined,
    signWork: false,
    signature: '',
    unitId: undefined,
  });
}

function submitObject(fields: ParsedObject): ParsedCommand {
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string') return refused(`submit parameters must all be strings and ${name} is not`);
    if (!SUBMIT_FIELDS.has(name)) params.set(name, value);
  }
  const node = workText(fields, 'node');
  if (!node.ok) return node;
  const workType = workText(fields, 'worktype');
  if (!workType.ok) return workType;
  const unitId = givenUnitId(optionalText(fields, 'workUnitID') ?? '');
  if (!unitId.ok) return unitId;
  const ttl = optionalText(fields, 'ttl') ?? '';
  return accepted({
    type: 'work.submit',
    node: node.value,
    workType: workType.value,
    params,
    tlsClient: optionalText(fields, 'tlsclient') ?? '',
    ttl: ttl === '' ? undefined : parseGoDuration(ttl),
    signWork: optionalText(fields, 'signwork') === 'true',
    signature: optionalText(fields, 'signature') ?? '',
    unitId: unitId.value,
  });
}

/**
 * The reference does not check this id and makes a folder of whatever it says, even outside its own (1.6.9). Empty
 * means none.
 */
function givenUnitId(text: string): Parsed<UnitId | undefined> {
  if (text === '') return accepted(undefined);
  const unitId = parseUnitId(text);
  if (unitId.ok) return accepted(unitId.value);
  return refused(`workunit ID must be letters and digits, at most ${UNIT_ID_LENGTH_MAX} of them`);
}

/** An empty id is one that nobody knows, as in the reference. */
function listCommand(text: string | undefined): ParsedCommand {
  if (text === undefined) return accepted({ type: 'work.list', unitId: undefined });
  const unitId = knownUnitId(text);
  return unitId.ok ? accepted({ type: 'work.list', unitId: unitId.value }) : unitId;
}

type UnitVerb = 'status' | 'cancel' | 'release' | 'force-release';

function unitWords(verb: UnitVerb, words: readonly string[]): ParsedCommand {
  const [unitId] = words;
  if (unitId === undefined) return refused(`work ${verb} requires a unit ID`);
  if (words.length > 1) return refused(`work ${verb} does not take parameters after the unit ID`);
  return unitCommand(verb, unitId, '');
}

function unitCommand(verb: UnitVerb, text: string, signature: string): ParsedCommand {
  const unitId = knownUnitId(text);
  if (!unitId.ok) return unitId;
  if (verb === 'status') return accepted({ type: 'work.status', unitId: unitId.value });
  return accepted({ type: `work.${verb}`, unitId: unitId.value, signature });
}

type OutputVerb = 'results' | 'follow';

function outputWords(verb: OutputVerb, words: readonly string[]): ParsedCommand {
  const [unitText, positionText] = words;
  if (unitText === undefined) return refused(`work ${verb} requires a unit ID`);
  if (words.length > 2) return refused(`work ${verb} only takes a unit ID and optional start position`);
  const parsed = positionText === undefined ? { ok: true as const, value: 0 } : parseGoInt(positionText);
  if (!parsed.ok) return refused(`error converting start position to integer: ${parsed.fault.detail}`);
  return outputCommand(verb, unitText, { position: checkedPosition(parsed.value), signature: '' });
}

/** `results` must name a position; for our own `follow` it may be left out. */
function outputObject(verb: OutputVerb, fields: ParsedObject): ParsedCommand {
  const unitId = workText(fields, 'unitid');
  if (!unitId.ok) return unitId;
  const fromStart = verb === 'follow' && !Object.hasOwn(fields, 'startpos');
  return outputCommand(verb, unitId.value, {
    position: fromStart ? accepted(0) : positionField(fields, 'startpos'),
    signature: optionalText(fields, 'signature') ?? '',
  });
}

interface OutputRequest {
  readonly position: Parsed<number>;
  readonly signature: string;
}

function outputCommand(verb: OutputVerb, unitText: string, request: OutputRequest): ParsedCommand {
  if (!request.position.ok) return request.position;
  const unitId = knownUnitId(unitText);
  if (!unitId.ok) return unitId;
  const { position, signature } = request;
  return accepted({ type: `work.${verb}`, unitId: unitId.value, startPosition: position.value, signature });
}

/** A text that can't be the id of any unit is answered as an unknown one, and never gets near a folder. */
function knownUnitId(text: string): Parsed<UnitId> {
  const unitId = parseUnitId(text);
  return unitId.ok ? accepted(unitId.value) : refused(unknownUnitText(text));
}
