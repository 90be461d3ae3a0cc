// Which packets a node lets through: rules in order, the first that fits decides, none that fits means accept
// (mesh-protocol 8). Compiled once; what fits is asked for each new flow.

export type FirewallAction = 'accept' | 'reject' | 'drop';

/** What a rule looks at. Node ids and service names as packets carry them. */
export interface FirewallFlow {
  readonly fromNode: string;
  readonly toNode: string;
  readonly fromService: string;
  readonly toService: string;
}

/** What one field has to be. `source` is as it was written: a plain text, or a pattern between slashes. */
export interface FirewallField {
  readonly source: string;
  matches(text: string): boolean;
}

export interface FirewallRule {
  readonly action: FirewallAction;
  readonly fields: Readonly<Partial<Record<keyof FirewallFlow, FirewallField>>>;
}

/** What is wrong with a list of rules, in the words of the reference, and in which rule, counted from 0. */
export interface FirewallFault {
  readonly rule: number;
  readonly text: string;
}

export type CompiledFirewall =
  | {
      readonly ok: true;
      readonly rules: readonly FirewallRule[];
      /** Where the reference would decide otherwise, although the rules are right. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly fault: FirewallFault };

/** Compiles the body of a pattern (RE2 syntax) so that it has to fit the whole text; or says why it is none. */
export type PatternCompiler = (
  body: string,
) => { readonly ok: true; readonly matches: (text: string) => boolean } | { readonly ok: false; readonly text: string };

/** Rules of one node: more are a mistake, and each new flow is held against all of them. */
const RULES_MAX = 10_000;

const ACTIONS: ReadonlySet<string> = new Set<FirewallAction>(['accept', 'reject', 'drop']);

const FIELD_NAMES: ReadonlyMap<string, keyof FirewallFlow> = new Map([
  ['fromnode', 'fromNode'],
  ['tonode', 'toNode'],
  ['fromservice', 'fromService'],
  ['toservice', 'toService'],
]);

/** Compiles a list of maps with texts, as a configuration has them. An invalid rule is a fault, never a wider rule. */
export function compileFirewall(list: unknown, compile: PatternCompiler): CompiledFirewall {
  if (!Array.isArray(list)) {
    return { ok: false, fault: { rule: 0, text: 'a list of firewall rules is expected' } };
  }
  if (list.length > RULES_MAX) {
    return { ok: false, fault: { rule: RULES_MAX, text: `there are more than ${RULES_MAX} firewall rules` } };
  }
  const rules: FirewallRule[] = [];
  const warnings: string[] = [];
  for (const [at, item] of list.entries()) {
    const rule = compileRule(item, { at, compile, warnings });
    if (!rule.ok) {
      return { ok: false, fault: { rule: at, text: rule.text } };
    }
    rules.push(rule.value);
  }
  return { ok: true, rules, warnings };
}

/** The first rule that fits, by its number from 0; `undefined` when none does, and everything is accepted. */
export function decidingRule(rules: readonly FirewallRule[], flow: FirewallFlow): number | undefined {
  const at = rules.findIndex(({ fields }) => fits(fields, flow));
  return at < 0 ? undefined : at;
}

function fits(fields: FirewallRule['fields'], flow: FirewallFlow): boolean {
  for (const name of FIELD_NAMES.values()) {
    if (fields[name]?.matches(flow[name]) === false) {
      return false;
    }
  }
  return true;
}

interface RuleWork {
  readonly at: number;
  readonly compile: PatternCompiler;
  readonly warnings: string[];
}

type Compiled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly text: string };

function compileRule(item: unknown, work: RuleWork): Compiled<FirewallRule> {
  const refused = (why: string): Compiled<never> => ({ ok: false, text: `error in rule ${work.at}: ${why}` });
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return refused('a rule is a map of texts');
  }
  const seen = new Set<string>();
  let action = '';
  const fields: Partial<Record<keyof FirewallFlow, FirewallField>> = {};
  for (const [key, value] of Object.entries(item)) {
    const lowered = key.toLowerCase();
    const name = FIELD_NAMES.get(lowered);
    if (typeof value !== 'string') {
      return refused(`invalid firewall rule. ${key} must be a string`);
    }
    if (seen.has(lowered)) {
      return refused(`${lowered} is given twice`); // keys differ by case: whichever counted, the rule would be wider
    }
    seen.add(lowered);
    if (name !== undefined && value !== '') {
      const field = compileField(key, value, work);
      if (!field.ok) {
        return field;
      }
      fields[name] = field.value;
    } else if (lowered === 'action') {
      action = value;
    } else if (name === undefined) {
      return refused(`invalid filewall rule. unknown key: ${key}`); // spelt so by the reference
    }
  }
  const known = action.toLowerCase();
  return isAction(known) ? { ok: true, value: { action: known, fields } } : refused(`unknown action: ${action}`);
}

/** A text that begins with a slash is a pattern; it must end with one, too. */
function compileField(key: string, source: string, { at, compile, warnings }: RuleWork): Compiled<FirewallField> {
  if (!source.startsWith('/')) {
    return { ok: true, value: { source, matches: (text) => text === source } };
  }
  if (source.length < 2 || !source.endsWith('/')) {
    return { ok: false, text: `error in rule ${at}: ${key} begins a pattern and does not end it: ${source}` };
  }
  const body = source.slice(1, -1);
  const compiled = compile(body);
  if (!compiled.ok) {
    return { ok: false, text: `error in rule ${at}: ${key} is no pattern: ${compiled.text}` };
  }
  if (hasOuterAlternatives(body)) {
    warnings.push(
      `rule ${at}, ${key}: ${source} fits one of its alternatives whole; Go Receptor ties only the first one to the ` +
        `beginning and the last one to the end: write /(${body})/ to mean the same everywhere`,
    );
  }
  return { ok: true, value: { source, matches: compiled.matches } };
}

/** What can hide a `|` of its own: an escape, a literal text, a class with its first bracket and its named parts. */
const OPAQUE = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/gs;

/** A `|` outside of groups and classes: the reference does not group the body (mesh-protocol 8). */
function hasOuterAlternatives(body: string): boolean {
  let depth = 0;
  for (const char of body.replace(OPAQUE, '')) {
    if (char === '(' || char === ')') {
      depth += char === '(' ? 1 : -1;
    } else if (char === '|' && depth === 0) {
      return true;
    }
  }
  return false;
}

function isAction(text: string): text is FirewallAction {
  return ACTIONS.has(text);
}
