// What error lines say beside what is wrong: what was probably meant, and what there is.
import type { EntitySpec } from './entity-spec.js';
import { nearest } from './spelling.js';

export function didYouMean(name: string | undefined, prefix = ''): string {
  return name === undefined ? 'receptor --help lists all' : `did you mean ${prefix}${name}?`;
}

export function parametersOf(entity: EntitySpec, wrong: string): string {
  const names = entity.parameters.filter(({ isLater }) => isLater !== true).map(({ name }) => name);
  const guess = nearest(wrong, names);
  if (guess !== undefined) {
    return `did you mean ${guess}?`;
  }
  return names.length === 0 ? `${entity.name} has no parameters` : `${entity.name} knows ${names.join(', ')}`;
}

/** Arguments may be long, and hold what a terminal would obey. */
export function shown(text: string): string {
  const clean = text.replace(/\p{Control}/gu, '\ufffd');
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean;
}
