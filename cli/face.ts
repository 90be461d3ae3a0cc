import { asksForHelp } from './config/arguments.js';

/** Which of its faces the program shows. */
export type Face = 'node' | 'client' | 'help' | 'demo';

/** Options that clients have and nodes have not: `receptor --socket a.sock status` is meant for a client. */
const CLIENT_OPTIONS = /^--?(socket|s|output|o|timeout)(=|$)/;

/**
 * A node is described by entities, which begin with a dash (mesh-protocol 9.1); a client's command is a word. A first
 * word with an equals sign is a parameter that has lost its entity.
 */
export function faceOf(words: readonly string[]): Face {
  const [first = '--help'] = words;
  if (first === 'demo' || (first === 'help' && words[1] === 'demo')) {
    return 'demo';
  }
  if (words.length === 1 && first === 'help') {
    return 'help';
  }
  if (CLIENT_OPTIONS.test(first) || !/^-|=/.test(first)) {
    return 'client';
  }
  return asksForHelp(words) ? 'help' : 'node';
}
