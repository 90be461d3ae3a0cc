import type { InspectionRecord } from '../../runtime/inspection.js';
import type { LogLine } from './line.js';

/** What goes wrong inside of the node: told in words of ours, since the reference has no actors. */
export function brokenLines({ kind, subject, address, detail }: InspectionRecord): readonly LogLine[] {
  switch (kind) {
    case 'failure':
      return [
        { level: 'error', text: `${address} failed (${subject}): ${detail['text'] ?? ''}` },
        ...stackLines(detail['stack']),
      ];
    case 'unhandled':
      return [{ level: 'warning', text: `${address} has no answer to ${subject} while ${detail['state'] ?? ''}` }];
    case 'dead-letter':
      return [
        { level: 'debug', text: `Message ${subject} to ${address} was not delivered: ${detail['reason'] ?? ''}` },
      ];
    case 'supervision':
      return supervisionLines(subject, `${address}`, detail);
    default:
      return [];
  }
}

/** Births and ends in order are the normal run of things. */
function supervisionLines(subject: string, address: string, detail: InspectionRecord['detail']): readonly LogLine[] {
  switch (subject) {
    case 'restart':
      return [{ level: 'warning', text: `${address} is started again in ${Math.round(Number(detail['delayMs']))} ms` }];
    case 'stop':
      return [{ level: 'warning', text: `${address} is not started again` }];
    case 'escalate':
      return [{ level: 'error', text: `${address} is beyond repair; what contains it has to deal with that` }];
    case 'stop-overdue':
      return [{ level: 'warning', text: `${address} took too long to stop and is stopped by force` }];
    default:
      return [];
  }
}

/** For whoever has to find the mistake; the first line repeats the text. */
function stackLines(stack: unknown): readonly LogLine[] {
  if (typeof stack !== 'string') {
    return [];
  }
  const frames = stack.split('\n').slice(1);
  return frames.map((frame) => ({ level: 'debug', text: `   ${frame.trim()}` }));
}
