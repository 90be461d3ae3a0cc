import type { Make, Name } from './line.js';

/** Who asks whom to work. */
export type Way = readonly [Name, Name];

/** Where in the line the Go node is. */
export interface Place {
  readonly name: string;
  readonly makes: readonly [Make, Make, Make];
  readonly go: Name;
  /** On the Go node for us, and on one of ours for the Go node; in the middle also across it. */
  readonly ways: readonly Way[];
}

export const PLACES: readonly Place[] = [
  {
    name: 'first',
    makes: ['go', 'ours', 'ours'],
    go: 'alpha',
    ways: [
      ['gamma', 'alpha'],
      ['alpha', 'gamma'],
    ],
  },
  {
    name: 'in the middle',
    makes: ['ours', 'go', 'ours'],
    go: 'beta',
    ways: [
      ['alpha', 'beta'],
      ['beta', 'gamma'],
      ['alpha', 'gamma'],
    ],
  },
  {
    name: 'last',
    makes: ['ours', 'ours', 'go'],
    go: 'gamma',
    ways: [
      ['alpha', 'gamma'],
      ['gamma', 'alpha'],
    ],
  },
];
