/** The reference's levels; each one writes itself and those before it (mesh-protocol 9.6). */
export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

export const LOG_LEVELS: readonly LogLevel[] = ['error', 'warning', 'info', 'debug'];

/** What is written without a `log-level` entity. */
export const LOG_LEVEL_DEFAULT: LogLevel = 'info';

/** The level of this name, in any case; `undefined` for a name that is none. */
export function levelNamed(name: string): LogLevel | undefined {
  const wanted = name.toLowerCase();
  return LOG_LEVELS.find((level) => level === wanted);
}

/** Is a line of this level written at that threshold? */
export function isWritten(level: LogLevel, threshold: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(threshold);
}
