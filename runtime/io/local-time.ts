/** A moment as a clock on the wall of this machine shows it. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** The local time of a moment, by the time zone of the process. `wallMs` is what `Clock.wallMs` gives. */
export function localTime(wallMs: number): LocalTime {
  const date = new Date(wallMs);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hours: date.getHours(),
    minutes: date.getMinutes(),
    seconds: date.getSeconds(),
  };
}
