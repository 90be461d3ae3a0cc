/** A number from the environment, for how long or how much a soak runs. Throws at anything that is none. */
export function setting(name: string, otherwise: number): number {
  const text = process.env[name];
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) {
    throw new Error(`${name} must be a number above 0, not ${text}`);
  }
  return value;
}
