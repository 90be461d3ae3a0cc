import type { ServiceName } from '../../protocol/names.js';
import { CONN_TYPE, CONTROL_SERVICE_TAG } from '../../protocol/netceptor/service-advert.js';
import type { Session, SessionAddress, SessionFault } from '../../runtime/ports.js';
import type { MeshPorts } from '../ports.js';
import type { WorkOrigin } from './work-desk.js';

/** Where a control service is reached. */
export interface ControlServerInput {
  /** The name on the mesh; missing where the mesh does not reach it. */
  readonly service: ServiceName | undefined;
  /** The `tls-server` of the service on the mesh. */
  readonly tls?: string;
  /** Sockets of this machine, with the mode of a socket file and the `tls-server` of a TCP port. */
  readonly sockets: readonly { readonly address: SessionAddress; readonly mode?: number; readonly tls?: string }[];
}

/** Who takes the clients of a place. */
export interface PlaceHandler {
  opened(): void;
  accepted(session: Session): void;
  failed(fault: SessionFault): void;
  /** Somebody came to the socket at `address` and was not let in. */
  refused(address: SessionAddress, remote: string, fault: SessionFault): void;
}

/** One place where clients of the control service arrive. */
export interface ControlPlace {
  readonly label: string;
  /** `undefined` for a service of the mesh. */
  readonly address: SessionAddress | undefined;
  readonly origin: WorkOrigin;
  /** Returns what closes it; `done` is called when it is free. */
  open(ports: Pick<MeshPorts, 'sessions' | 'streams' | 'security'>, handler: PlaceHandler): (done: () => void) => void;
}

/** The places of a control service: its sockets, then its service on the mesh. */
export function placesOf({ service, tls: meshTls, sockets }: ControlServerInput): readonly ControlPlace[] {
  const places: ControlPlace[] = sockets.map(({ address, tls, ...options }) => ({
    label: address.transport,
    address,
    origin: address.transport === 'unix' ? 'unix' : 'network',
    open: ({ sessions, security }, handler) => {
      const secure = tls === undefined ? {} : { secure: () => security.server(tls) };
      let bound = address;
      return sessions.listen(
        address,
        { ...options, ...secure },
        {
          opened: (listener) => {
            bound = listener.address;
            handler.opened();
          },
          accepted: (session) => handler.accepted(session),
          failed: (fault) => handler.failed(fault),
          refused: (remote, fault) => handler.refused(bound, remote, fault),
        },
      );
    },
  }));
  if (service !== undefined) {
    const [tag, value] = CONTROL_SERVICE_TAG;
    const isSecure = meshTls !== undefined;
    const place = {
      service,
      connType: isSecure ? CONN_TYPE.streamTls : CONN_TYPE.stream,
      tags: { [tag]: value },
      advertise: true,
      ...(isSecure ? { tls: meshTls } : {}),
    };
    places.push({
      label: service,
      address: undefined,
      origin: 'network',
      open: ({ streams }, handler) => streams.listen(place, handler),
    });
  }
  return places;
}
