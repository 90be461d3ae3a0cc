import { wideNumber } from './abi.js';
import type { ConnectionStatistics } from './engine.js';
import type { EngineInstance } from './instance.js';

/** The certificates that the last call of the engine put into the output area: `count` of them, side by side. */
export function readChain({ output, numbers }: EngineInstance, count: number): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const length = numbers[index] ?? 0;
    chain.push(output.slice(at, at + length));
    at += length;
  }
  return chain;
}

/** The figures that the last call of the engine put into the table of numbers; all zero where it failed. */
export function readStatistics({ numbers }: EngineInstance, status: number): ConnectionStatistics {
  const figure = (index: number): number => (status < 0 ? 0 : wideNumber(numbers, index));
  return {
    datagramsSent: figure(0),
    datagramsReceived: figure(1),
    packetsLost: figure(2),
    congestionWindow: figure(3),
    roundTripMicros: figure(4),
    datagramSize: figure(5),
  };
}

/** A text that the last call of the engine put into the output area. Bytes that are no UTF-8 are replaced. */
export function readText({ output }: EngineInstance, length: number): string {
  // A copy: TextDecoder does not take views of every kind of memory.
  return new TextDecoder().decode(output.slice(0, Math.max(0, length)));
}
