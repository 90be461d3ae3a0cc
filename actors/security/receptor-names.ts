import { extensionsOf } from '../../runtime/security/extensions.js';

/** The kind of alternative name that holds a node id (mesh-protocol 7). */
const RECEPTOR_NAME = '1.3.6.1.4.1.2312.19.1';

/** The node ids that a certificate (DER) may speak for; none for what is no certificate. */
export function receptorNamesOf(certificate: Uint8Array): readonly string[] {
  const names = extensionsOf(certificate)?.otherNames ?? [];
  return names.flatMap(({ kind, text }) => (kind === RECEPTOR_NAME && text !== undefined ? [text] : []));
}
