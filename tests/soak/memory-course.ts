/** Bytes in use in one process after a full collection, as `process.memoryUsage()` of that process tells them. */
export interface MemorySample {
  readonly atMs: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

/** What is alive: the heap, and the bytes outside that the heap holds on to. */
export function liveBytes({ heapUsed, external }: MemorySample): number {
  return heapUsed + external;
}

/** The slope of the line that lies closest to all samples (least squares), in bytes a minute. Needs two samples. */
export function bytesPerMinute(samples: readonly MemorySample[], bytesOf: (sample: MemorySample) => number): number {
  const count = samples.length;
  const meanMs = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const meanBytes = samples.reduce((sum, sample) => sum + bytesOf(sample), 0) / count;
  let together = 0;
  let spread = 0;
  for (const sample of samples) {
    together += (sample.atMs - meanMs) * (bytesOf(sample) - meanBytes);
    spread += (sample.atMs - meanMs) ** 2;
  }
  return (together / spread) * 60_000;
}
