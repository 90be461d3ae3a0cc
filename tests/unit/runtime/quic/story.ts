import { Rig, testIdentity } from './rig.js';
import { pattern, Transfer } from './transfer.js';

const BYTES = 1_048_576;

/**
 * Two dials over a bad link: a megabyte each way on the first, with certificates on both ends, and the second one
 * beside it; then both are closed. The result is the digest of every datagram with its direction and its virtual time.
 */
export function runStory(seed: string): string {
  const rig = new Rig({ seed, loss: 0.02, duplication: 0.01, jitter: 1_000 });
  const servers: Transfer[] = [];
  rig.listen(
    (end, events) => {
      const index = rig.ends.filter((one) => one.side === 'listener').indexOf(end);
      servers[index] ??= new Transfer({ opens: false, outgoing: pattern(BYTES, index + 10) });
      servers[index].application(end, events);
    },
    { clientAuthentication: 'requested' },
  );
  const clients = [BYTES, 100_000].map(
    (length, index) => new Transfer({ opens: true, outgoing: pattern(length, index) }),
  );
  const dialled = clients.map((client) => rig.dial(client.application, { identity: testIdentity('a client') }));
  if (!rig.run(() => clients.every((client) => client.hasEnd) && servers.every((server) => server.hasEnd))) {
    throw new Error('the story did not come to its end');
  }
  for (const end of dialled) {
    end.connection.close(0, 'the end');
    rig.pump(end);
  }
  if (!rig.run(() => rig.ends.every((end) => end.connection.phase === 'gone'))) {
    throw new Error('a connection did not drain');
  }
  return rig.link.trace();
}
