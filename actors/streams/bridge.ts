import type { Session, SessionFault } from '../../runtime/ports.js';

/**
 * Joins two sessions: what comes from one goes to the other, with back-pressure in both directions. The end of one
 * direction ends that direction only, so that an answer after the question's end still arrives (the reference loses
 * it). `over` is called once, when either session is over; the other one is closed then.
 */
export function bridge(left: Session, right: Session, over: (fault: SessionFault | undefined) => void): void {
  let isOver = false;
  const end = (other: Session, fault: SessionFault | undefined): void => {
    if (isOver) {
      return;
    }
    isOver = true;
    if (fault === undefined) {
      other.close();
    } else {
      other.abort();
    }
    over(fault);
  };
  join(left, right, end);
  join(right, left, end);
}

function join(from: Session, to: Session, end: (other: Session, fault: SessionFault | undefined) => void): void {
  from.attach({
    bytes: (chunk) => {
      if (!to.send([chunk])) {
        from.pause();
      }
    },
    drained: () => to.resume(),
    ended: () => to.end(),
    closed: (fault) => end(to, fault),
  });
}
