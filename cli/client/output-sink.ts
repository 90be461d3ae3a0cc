import { FileError } from '../../runtime/file-port.js';
import { usageError } from './client-error.js';
import type { ClientContext } from './context.js';
import type { ByteOutput } from './host.js';
import { Progress } from './progress.js';

/** Where the output of a unit goes. */
export interface OutputSink {
  write(bytes: Uint8Array): Promise<void>;
  /** How many bytes the unit has put out so far. */
  expect(bytes: number): void;
  close(): Promise<void>;
}

/**
 * Standard output, or a file. A file is made anew, unless the output is asked for from a later byte on: then it must
 * hold exactly what comes before, and is continued.
 */
export async function openSink(context: ClientContext, file: string | undefined, start: number): Promise<OutputSink> {
  if (file === undefined || file === '-') {
    return sinkOver(context, context.host.stdout, { start, close: () => Promise.resolve() });
  }
  try {
    const output = await context.host.openOutput(file, { append: start > 0 });
    if (start > 0 && output.sizeBefore !== start) {
      await output.close();
      throw usageError(
        `${file} has ${output.sizeBefore} bytes and cannot be continued at byte ${start}`,
        `go on with --start ${output.sizeBefore}, or from the beginning without --start`,
      );
    }
    return sinkOver(context, output, { start, close: () => output.close() });
  } catch (thrown) {
    throw thrown instanceof FileError
      ? usageError(`${file} cannot be written: ${thrown.message}`, 'check the name after --output-file')
      : thrown;
  }
}

interface SinkOptions {
  readonly start: number;
  readonly close: () => Promise<void>;
}

/** A picture of the progress would tear the output apart where both go to the same terminal. */
function sinkOver(context: ClientContext, output: ByteOutput, { start, close }: SinkOptions): OutputSink {
  const { clock } = context.host.outside;
  const progress = new Progress({ clock, output: context.host.stderr, verb: 'Receiving' });
  return {
    write: async (bytes) => {
      await output.write(bytes);
      if (!output.isTerminal) {
        await progress.add(bytes.length);
      }
    },
    expect: (bytes) => progress.expect(bytes - start),
    close: async () => {
      await progress.end();
      await close();
    },
  };
}
