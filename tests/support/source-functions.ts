import { codeOf, lineAt } from './source-text.js';

/** A function as the rules of length and nesting see it. */
export interface FunctionShape {
  readonly name: string;
  /** The line of its opening brace. */
  readonly line: number;
  /** Lines from the opening brace to the closing one. Those of a machine's configuration are data and not counted. */
  readonly lines: number;
  /** How deep its own control blocks lie in each other; functions inside it count for themselves. */
  readonly nesting: number;
}

type BraceKind = 'function' | 'control' | 'data' | 'other';

interface OpenBrace {
  readonly kind: BraceKind;
  readonly name: string;
  readonly line: number;
  readonly parens: number;
  nesting: number;
  deepest: number;
  dataLines: number;
}

/** Calls whose argument is a description and no code: a machine's. */
const DATA_CALLS = /\b(setup|createMachine)\s*\(\s*$/;

const CONTROL = /(\belse|\btry|\bdo|\bfinally)\s*$|\b(if|for|while|switch|catch)\b[^;{}]*\)\s*$/;

const FUNCTION_HEAD = /(=>|\))\s*$|\)\s*:\s*[^=;{}()]*(\([^()]*\))?[^=;{}()]*$/;

/** Every function of a file that has a body in braces. */
export function functionsOf(text: string): readonly FunctionShape[] {
  const code = codeOf(text);
  const open: OpenBrace[] = [];
  const found: FunctionShape[] = [];
  let parens = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === '(' || char === ')') {
      parens += char === '(' ? 1 : -1;
    } else if (char === '{') {
      open.push(openBrace(code, at, open, parens));
    } else if (char === '}') {
      closeBrace(lineAt(code, at), open, found);
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

function openBrace(code: string, at: number, open: readonly OpenBrace[], parens: number): OpenBrace {
  const head = headOf(code, at);
  const kind = kindOf(head);
  const outer = open.at(-1);
  const inherited = kind === 'function' ? 0 : (outer?.nesting ?? 0);
  const nesting = inherited + (kind === 'control' ? 1 : 0);
  return { kind, name: nameIn(head), line: lineAt(code, at), parens, nesting, deepest: nesting, dataLines: 0 };
}

function closeBrace(line: number, open: OpenBrace[], found: FunctionShape[]): void {
  const closed = open.pop();
  const outer = open.at(-1);
  if (closed === undefined) {
    return;
  }
  const lines = line - closed.line + 1;
  if (closed.kind === 'function') {
    found.push({ name: closed.name, line: closed.line, lines: lines - closed.dataLines, nesting: closed.deepest });
  } else if (outer !== undefined) {
    outer.deepest = Math.max(outer.deepest, closed.deepest);
  }
  if (outer !== undefined) {
    outer.dataLines += closed.kind === 'data' ? lines : closed.dataLines;
  }
}

/** What stands before a brace, back to where the statement or the argument began. */
function headOf(code: string, at: number): string {
  let depth = 0;
  let from = at;
  while (from > 0) {
    const char = code.charAt(from - 1);
    depth += char === ')' ? 1 : char === '(' ? -1 : 0;
    if (depth < 0 || (depth === 0 && (char === ';' || char === '{' || char === '}'))) {
      break;
    }
    from -= 1;
  }
  // An argument that is data is told by the call before its parenthesis.
  return depth < 0 ? code.slice(Math.max(0, from - 40), at) : code.slice(from, at);
}

function kindOf(head: string): BraceKind {
  if (DATA_CALLS.test(head)) {
    return 'data';
  }
  if (CONTROL.test(head)) {
    return 'control';
  }
  const isType = /\b(class|interface|enum|type)\b[^()]*$/.test(head);
  return !isType && FUNCTION_HEAD.test(head) ? 'function' : 'other';
}

function nameIn(head: string): string {
  const declared = /\bfunction\s*\*?\s*([\w$]+)/.exec(head) ?? /\b(?:const|let)\s+([\w$]+)\s*[=:]/.exec(head);
  const member = /([#\w$'-]+)\s*(?:<[^()]*>)?\s*\(/.exec(head) ?? /([\w$'-]+)\s*:/.exec(head);
  return declared?.[1] ?? member?.[1] ?? 'a function';
}
