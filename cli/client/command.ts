import { writeJson } from '../../protocol/json/writer.js';

/**
 * A command as a line without its newline, in the JSON form: there a name may hold blanks or line breaks without
 * becoming another command. Empty fields are left out, as receptorctl does it.
 */
export function jsonCommand(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
  return writeJson(new Map(given));
}
