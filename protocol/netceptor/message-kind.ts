// The first byte of every message between neighbours (mesh-protocol 2).

/** The kinds that the Go dialect knows: their byte, and the same as the character that starts an encoded text. */
export const MESSAGE_KIND = {
  data: { byte: 0, prefix: '\u0000' },
  routeUpdate: { byte: 1, prefix: '\u0001' },
  serviceAdvert: { byte: 2, prefix: '\u0002' },
  reject: { byte: 3, prefix: '\u0003' },
} as const;

export type MessageKind = keyof typeof MESSAGE_KIND;

/** The kind that a byte stands for; undefined for the bytes 4 to 255, which Go tolerates and we keep for extensions. */
export function kindOf(byte: number): MessageKind | undefined {
  return KINDS[byte];
}

const KINDS: readonly MessageKind[] = ['data', 'routeUpdate', 'serviceAdvert', 'reject'];
