/** Chance, as a port. The same seed gives the same numbers on every machine. */
export interface Random {
  /** A number in [0, 1). */
  unit(): number;
  /** A whole number in [0, limit). `limit` is at most 2^32. */
  below(limit: number): number;
  /** Fills `target` with random bytes. */
  fill(target: Uint8Array): Uint8Array;
  /** A generator of its own for one concern, so that one more draw here does not shift another concern. */
  split(label: string): Random;
}

/** How many bytes the operating system hands out at a time. */
const SYSTEM_BYTES_MAX = 65_536;

/** The operating system's randomness: fit for keys. */
export const systemRandom: Random = {
  unit: () => systemWord() / 2 ** 32,
  below: (limit) => Math.floor((systemWord() / 2 ** 32) * limit),
  fill: (target) => {
    for (let at = 0; at < target.length; at += SYSTEM_BYTES_MAX) {
      crypto.getRandomValues(target.subarray(at, at + SYSTEM_BYTES_MAX));
    }
    return target;
  },
  split: () => systemRandom,
};

function systemWord(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** A repeatable generator (sfc32, Chris Doty-Humphrey's small fast counter). Not fit for real keys. */
export function seededRandom(seed: string | number): Random {
  const next = sfc32(`${seed}`);
  return {
    unit: () => next() / 2 ** 32,
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
    fill: (target) => {
      for (let at = 0; at < target.length; at += 1) {
        target[at] = next() & 0xff;
      }
      return target;
    },
    split: (label) => seededRandom(`${seed}/${label}`),
  };
}

function sfc32(seed: string): () => number {
  let [a, b, c, counter] = mix(seed);
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 15; warm += 1) {
    next();
  }
  return next;
}

/** Four words from a text: FNV-1a with four offsets, each finished by an avalanche step. */
function mix(text: string): [number, number, number, number] {
  const word = (offset: number): number => {
    let hash = offset;
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x7f4a7c15), word(1)];
}
