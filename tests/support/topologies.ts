import type { Random } from '../../runtime/random.js';

/** Who dials whom, by numbers: each pair is one link. */
export type Links = readonly (readonly [dialler: number, listener: number])[];

export type TopologyKind = 'line' | 'ring' | 'star' | 'tree' | 'random';

export const TOPOLOGY_KINDS: readonly TopologyKind[] = ['line', 'ring', 'star', 'tree', 'random'];

/** The links of a mesh of `size` nodes. Random meshes are connected and have about three links a node. */
export function linksOf(kind: TopologyKind, size: number, random: Random): Links {
  const numbers = Array.from({ length: size - 1 }, (_, at) => at + 1);
  switch (kind) {
    case 'line':
      return numbers.map((at) => [at, at - 1]);
    case 'ring':
      return size < 3
        ? numbers.map((at) => [at, at - 1])
        : [...numbers.map((at) => [at, at - 1] as const), [0, size - 1]];
    case 'star':
      return numbers.map((at) => [at, 0]);
    case 'tree':
      return numbers.map((at) => [at, random.below(at)]);
    case 'random':
      return randomLinks(size, random);
    default:
      return kind satisfies never;
  }
}

function randomLinks(size: number, random: Random): Links {
  const links = new Map<string, readonly [number, number]>();
  const add = (a: number, b: number): void => {
    if (a !== b) {
      links.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [Math.max(a, b), Math.min(a, b)]);
    }
  };
  for (let at = 1; at < size; at += 1) {
    add(at, random.below(at));
  }
  for (let extra = 0; extra < size / 2; extra += 1) {
    add(random.below(size), random.below(size));
  }
  return [...links.values()];
}
