import { MeshError } from '../actors/errors.js';
import type { SecurityProfiles } from '../actors/security/security-profiles.js';
import type { FilePort } from '../runtime/file-port.js';
import { ConfigError } from './config/config-error.js';
import type { Plan } from './config/plan.js';

/** Reads the files of the TLS configurations. Throws `ConfigError`, which names the parameter. */
export async function securityOf({ node, tlsItems }: Plan, files: FilePort): Promise<SecurityProfiles | undefined> {
  if (tlsItems.length === 0) {
    return undefined;
  }
  const [{ profilesOf }, { SecurityProfiles: Profiles }] = await Promise.all([
    import('../actors/node-profiles.js'),
    import('../actors/security/security-profiles.js'),
  ]);
  try {
    return new Profiles(await profilesOf(node, files));
  } catch (thrown) {
    throw thrown instanceof MeshError ? configFault(thrown, tlsItems) : thrown;
  }
}

function configFault({ message, data }: MeshError, items: Plan['tlsItems']): ConfigError {
  const parameter = String(data['parameter']);
  const item = items.filter(({ entity }) => entity.name === data['section'])[Number(data['at'])];
  return new ConfigError(message, { place: item?.place(parameter) ?? '', cure: CURES.get(parameter) ?? '' });
}

const CURES: ReadonlyMap<string, string> = new Map([
  ['cert', 'receptor cert show FILE tells what is in a certificate'],
  ['key', 'give the private key that the certificate was made for, in PEM and without a password'],
  ['rootcas', 'give a file with the certificates of the authorities, in PEM'],
  ['clientcas', 'give a file with the certificates of the authorities, in PEM'],
]);
