import type { ServiceName } from '../../protocol/names.js';
import type { Owned } from '../../runtime/scope.js';
import type { Self } from '../../runtime/self.js';
import { MeshError } from '../errors.js';
import type { Forwarder } from '../mesh/forwarder.js';
import type { ServiceHandler } from '../mesh/service-table.js';

/** Binds a service name for as long as this life lasts. Throws `service-in-use`. */
export function bindService(
  forwarder: Forwarder,
  self: Pick<Self<never>, 'own'>,
  service: ServiceName,
  handler: ServiceHandler,
): Owned {
  const unbind = forwarder.services.bind(service, handler);
  if (unbind === undefined) {
    throw new MeshError('service-in-use', `service ${service} is already listening`, { service });
  }
  return self.own(`service ${service}`, unbind);
}
