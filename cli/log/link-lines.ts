import { NODE } from '../../actors/addresses.js';
import type { LinkEndCode, linkClosed } from '../../actors/topics.js';
import type { InspectionRecord } from '../../runtime/inspection.js';
import type { LogLine } from './line.js';

type Closed = NonNullable<(typeof linkClosed)['payload']>;

/** Links of a dialer live below it; whoever reads the log knows then that they are tried again. */
const DIALED = `${NODE}/dialer-`;

/** What the log says of a link that is over. */
export function closedLines(closed: Closed, { record }: { readonly record: InspectionRecord }): readonly LogLine[] {
  const isDialed = record.address.startsWith(DIALED) && closed.code !== 'stopped';
  const retry: readonly LogLine[] = isDialed
    ? [{ level: 'warning', text: 'Backend connection exited (will retry)' }]
    : [];
  return [reasonLine(closed), ...retry];
}

/** The other end of a link is named in every line: two nodes that disagree must be found by their addresses. */
function reasonLine({ code, text, remote }: Closed): LogLine {
  const peerAt = remote === '' ? '' : ` (${remote})`;
  const prefix = PREFIXES[code];
  const sentence = prefix === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
  return { level: LEVELS[code], text: `${prefix}${sentence}${peerAt}` };
}

const LEVELS: Readonly<Record<LinkEndCode, LogLine['level']>> = {
  lost: 'info',
  silent: 'warning',
  'no-greeting': 'warning',
  'refused-own-id': 'error',
  'refused-not-allowed': 'error',
  'refused-connected-already': 'error',
  'refused-id-changed': 'error',
  'refused-not-listed': 'error',
  'refused-cost': 'error',
  'rejected-by-peer': 'warning',
  stopped: 'debug',
};

const REFUSED = 'Backend error: rejected connection: ';

/** The beginnings of the reference's lines for the same things. */
const PREFIXES: Readonly<Record<LinkEndCode, string>> = {
  lost: '',
  silent: 'Timing out connection: ',
  'no-greeting': 'Giving up on connection initialization: ',
  'refused-own-id': REFUSED,
  'refused-not-allowed': REFUSED,
  'refused-connected-already': REFUSED,
  'refused-id-changed': REFUSED,
  'refused-not-listed': REFUSED,
  'refused-cost': REFUSED,
  'rejected-by-peer': 'Received a rejection message from peer. ',
  stopped: '',
};
