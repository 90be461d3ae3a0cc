import assert from 'node:assert/strict';
import type { SessionAddress } from '../../../../runtime/ports.js';
import { CALM, type NetworkFaults, STORMY } from '../../../../runtime/simulation/faults.js';
import { messageContract } from '../../../contract/message-sessions.js';
import { type SessionsStage, type SessionWords, sessionsContract } from '../../../contract/sessions.js';
import { portsOf, pretendedStage } from './pretended-stage.js';

const WORDS: SessionWords = {
  refused: ['ECONNREFUSED'],
  inUse: 'EADDRINUSE',
  aborted: ['ECONNRESET'],
  gone: ['closed ECONNRESET'],
  closedPlace: 'they live on',
};

/** Sessions from one pretended host to another, or within one; each place has a port number of its own. */
async function stageOf(faults: NetworkFaults, transport: 'tcp' | 'udp' | 'unix'): Promise<SessionsStage> {
  const { world, ports: here, host, until } = pretendedStage('here');
  const { network } = world;
  network.setFaults(faults);
  const there = transport === 'unix' ? here : portsOf(world.host('there'));
  const names: string[] = [];
  const addressOf = (place: string): SessionAddress => {
    if (!names.includes(place)) {
      names.push(place);
    }
    return transport === 'unix'
      ? { transport, path: place }
      : { transport, host: 'there', portNumber: 1 + names.indexOf(place) };
  };
  return {
    until,
    dial: (place, handler) => here.sessions.dial(addressOf(place), handler),
    listen: (place, handler) => there.sessions.listen(addressOf(place), {}, handler),
    dispose: async () => {
      await until(() => network.openSessions === 0 && network.openPlaces === 0);
      await host.stop();
      assert.deepEqual(host.leftAtStop, []);
    },
  };
}

sessionsContract('TCP of the pretended network', WORDS, () => stageOf(CALM, 'tcp'));
sessionsContract('TCP of the pretended network in bad weather', WORDS, () => stageOf(STORMY, 'tcp'));
sessionsContract('Unix sockets of a pretended host', { ...WORDS, refused: ['ENOENT'] }, () => stageOf(CALM, 'unix'));

messageContract(
  'UDP of the pretended network',
  {
    nobody: { when: 'sending', codes: ['ECONNREFUSED'] },
    inUse: 'EADDRINUSE',
    closed: [],
    aborted: [],
    largest: 60_000,
  },
  () => stageOf(CALM, 'udp'),
);
