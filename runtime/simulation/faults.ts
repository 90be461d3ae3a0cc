/** What the pretended network does to traffic. Times in milliseconds, chances from 0 to 1. */
export interface NetworkFaults {
  readonly delayMs: number;
  /** Added to the delay, drawn evenly from 0 to this. Stream sessions keep their order all the same. */
  readonly jitterMs: number;
  /** A message is lost. In a stream session the bytes come later instead (`retransmitMs`), as TCP would have it. */
  readonly loss: number;
  readonly retransmitMs: number;
  /** A message comes twice (message sessions only). */
  readonly repeat: number;
  /** A message is held back by up to `reorderMs` and so may be overtaken (message sessions only). */
  readonly reorder: number;
  readonly reorderMs: number;
  /** Bytes that were sent together come in two pieces, cut anywhere (stream sessions only). */
  readonly fragment?: number;
}

/** A quiet local network. */
export const CALM: NetworkFaults = {
  delayMs: 1,
  jitterMs: 0,
  loss: 0,
  retransmitMs: 200,
  repeat: 0,
  reorder: 0,
  reorderMs: 0,
  fragment: 0,
};

/** A bad one. */
export const STORMY: NetworkFaults = {
  delayMs: 20,
  jitterMs: 30,
  loss: 0.05,
  retransmitMs: 200,
  repeat: 0.02,
  reorder: 0.05,
  reorderMs: 50,
  fragment: 0.1,
};

/** Within one host: nothing is lost, but nothing is instant either. */
export const LOOPBACK: NetworkFaults = { ...CALM, delayMs: 0.05 };
