/** Packets by what became of them here. */
export interface ForwarderCounters {
  forwarded: number;
  delivered: number;
  expired: number;
  noRoute: number;
  serviceUnknown: number;
  nameUnknown: number;
  malformed: number;
  laneFull: number;
  /** Rejected or dropped by the firewall. */
  blocked: number;
}

/** Nothing has passed yet. */
export function noCounts(): ForwarderCounters {
  return {
    forwarded: 0,
    delivered: 0,
    expired: 0,
    noRoute: 0,
    serviceUnknown: 0,
    nameUnknown: 0,
    malformed: 0,
    laneFull: 0,
    blocked: 0,
  };
}
