// The name of who a certificate is for, or was made by (RFC 5280, 4.1.2.4).
import { type DerElement, derChildren, dotted } from '../../runtime/security/der-reader.js';
import { der, derObject, derSequence, derText, WRITE_TAG } from './der-writer.js';

const COMMON_NAME = '2.5.4.3';

/** What the reference calls them. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [COMMON_NAME, 'CN'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.17', 'POSTALCODE'],
]);

/** The characters of a PrintableString; the reference writes any other text as UTF-8. */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** A name that has nothing but a common name. */
export function commonNameDer(text: string): Uint8Array {
  const tag = PRINTABLE.test(text) ? WRITE_TAG.printableString : WRITE_TAG.utf8String;
  const attribute = derSequence(derObject(COMMON_NAME), derText(tag, text));
  return derSequence(der(WRITE_TAG.set, attribute));
}

/** `CN=alpha,O=Example`: the last part first (RFC 4514), as the reference shows it. */
export function nameText(name: DerElement | undefined): string {
  return derChildren(name)
    .map((part) => derChildren(part).map(attributeText).join('+'))
    .reverse()
    .join(',');
}

function attributeText(attribute: DerElement): string {
  const [kind, value] = derChildren(attribute);
  const id = kind === undefined ? '' : dotted(kind.content);
  const short = SHORT_NAMES.get(id);
  if (short === undefined || value === undefined) {
    return `${id}=#${Buffer.from(value?.whole ?? []).toString('hex')}`;
  }
  return `${short}=${escaped(new TextDecoder().decode(value.content))}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[,+"\\<>;]|^[ #]| $/g, (sign) => `\\${sign}`);
}
