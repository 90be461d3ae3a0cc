import { systemSessions } from '../../../../runtime/io/sessions.js';
import type { DialOptions, ListenOptions, SessionAddress } from '../../../../runtime/ports.js';
import type { SessionsStage } from '../../../contract/sessions.js';
import {
  authority,
  certificate,
  clientProfile,
  credentialsOf,
  serverNames,
  serverProfile,
} from '../../../support/certificate-maker.js';
import { realStage } from './real-stage.js';

export interface StageOptions {
  readonly listening?: ListenOptions;
  readonly dialling?: DialOptions;
}

/** Sessions of this machine at port numbers that the system chooses; `free` is an address with the port number 0. */
export async function portStage(free: SessionAddress, options: StageOptions = {}): Promise<SessionsStage> {
  const stage = await realStage();
  const known = new Map<string, SessionAddress>();
  const nowhere = await freePlace(free);
  return {
    until: stage.until,
    dispose: stage.dispose,
    dial: (place, handler) => systemSessions.dial(known.get(place) ?? nowhere, handler, options.dialling),
    listen: (place, handler) =>
      systemSessions.listen(known.get(place) ?? free, options.listening ?? {}, {
        ...handler,
        opened: ({ address }) => {
          known.set(place, address);
          handler.opened();
        },
      }),
  };
}

/** An address at which somebody has listened a moment ago. */
export function freePlace(free: SessionAddress): Promise<SessionAddress> {
  return new Promise((resolve, reject) => {
    systemSessions.listen(
      free,
      {},
      {
        opened: ({ address, close }) => close(() => resolve(address)),
        accepted: (session) => session.abort(),
        failed: ({ text }) => reject(new Error(text)),
      },
    );
  });
}

/** A server at 127.0.0.1 and `localhost`, a client, and the authority that has signed both. */
export function securedParties() {
  const root = certificate({ name: 'root', extensions: [authority()] });
  const server = certificate({ name: 's', by: root, extensions: [serverNames('localhost', [127, 0, 0, 1])] });
  const client = certificate({ name: 'c', by: root });
  return { root, server, client };
}

/** Both ends show a certificate of one authority. */
export function mutualTls(): StageOptions {
  const { root, server, client } = securedParties();
  const authorities = [root.certificate];
  const serving = serverProfile(credentialsOf(server), { clients: 'certified', authorities });
  const secure = clientProfile(authorities, { credentials: credentialsOf(client) });
  return { listening: { secure: () => serving }, dialling: { secure } };
}
