import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectoryBook } from '../../../../actors/mesh/directory-book.js';
import type { OwnService } from '../../../../actors/mesh/directory-vocabulary.js';
import { goTime } from '../../../../protocol/go-time.js';
import { decodeServiceAdvert, type ReceivedAdvert } from '../../../../protocol/netceptor/service-advert.js';
import { ManualHost } from '../../../support/manual-host.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { advertOf } from './adverts.js';

const CONTROL: OwnService = { service: serviceName('control'), connType: 1, tags: { type: 'Control Service' } };
const PLAIN: OwnService = { service: serviceName('plain'), connType: 0, tags: { type: 'x' } };

class Desk {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly self = new RecordingSelf();
  readonly book = new DirectoryBook(this.parts, this.self.face);
  readonly near = this.parts.neighbour(NEAR);
  readonly far = this.parts.neighbour(FAR);

  /** What a neighbour was told since the last look. */
  told(session: RecordingSession): readonly ReceivedAdvert[] {
    this.host.run();
    const bytes = session.sends
      .splice(0)
      .flat()
      .flatMap((part) => Array.from(part));
    const adverts: ReceivedAdvert[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
      const advert = decodeServiceAdvert(new Uint8Array(bytes.slice(at + 2, end)));
      assert.ok(advert.ok);
      adverts.push(advert.value);
      at = end;
    }
    return adverts;
  }

  services(session: RecordingSession): readonly string[] {
    return this.told(session).map(({ nodeId, service, cancel }) => `${nodeId}:${service}${cancel ? ' gone' : ''}`);
  }
}

describe('foreign adverts in a directory', () => {
  it('are passed on byte for byte to everybody but who sent them, and told of', () => {
    const desk = new Desk();
    const advert = advertOf(FAR, 'x', 1);
    desk.book.accept(advert, NEAR);

    assert.deepEqual(
      desk.told(desk.far).map(({ raw }) => raw),
      [advert.raw],
    );
    assert.deepEqual(desk.told(desk.near), []);
    assert.deepEqual(desk.self.topics, [{ name: 'advert.changed', payload: { node: FAR, service: 'x', gone: false } }]);
  });

  it('are not passed on when they are no news', () => {
    const desk = new Desk();
    desk.book.accept(advertOf(FAR, 'x', 1, { cancel: true }), NEAR);
    desk.told(desk.far);
    desk.book.accept(advertOf(FAR, 'x', 1, { cancel: true }), NEAR);
    desk.book.accept(advertOf(FAR, 'x', 0), NEAR);

    assert.deepEqual(desk.told(desk.far), []);
    assert.equal(desk.self.topics.length, 1);
  });

  it('are listed behind our own until they are cancelled', () => {
    const desk = new Desk();
    desk.book.accept(advertOf(FAR, 'x', 1), NEAR);
    desk.book.accept(advertOf(NEAR, 'y', 1), NEAR);
    desk.book.addService(PLAIN);
    desk.book.accept(advertOf(NEAR, 'y', 2, { cancel: true }), NEAR);

    assert.deepEqual(
      desk.book.adverts().map(({ nodeId, service }) => `${nodeId}:${service}`),
      ['here:plain', 'far:x'],
    );
  });
});

describe('our own services in a directory', () => {
  it('are told to the mesh as of now, with the kinds of work where they are control services', () => {
    const desk = new Desk();
    const work = [{ workType: 'echo', secure: false }];
    desk.book.addService(CONTROL);
    desk.book.addService(PLAIN);
    desk.book.setWorkTypes(work);
    desk.book.tellMesh();

    const [control, plain] = desk.told(desk.near);
    assert.deepEqual(control?.workCommands, work);
    assert.equal(plain?.workCommands, null);
    assert.deepEqual(Array.from(control?.tags ?? []), [['type', 'Control Service']]);
    assert.equal(control?.time.seconds, Math.floor(desk.parts.clock.wallMs() / 1_000));
    assert.deepEqual(desk.services(desk.far), ['here:control', 'here:plain']);
  });

  it('have no kinds of work where there are none', () => {
    const desk = new Desk();
    desk.book.addService(CONTROL);
    assert.equal(desk.book.adverts()[0]?.workCommands, null);
  });

  it('are taken back in the mesh, each once', () => {
    const desk = new Desk();
    desk.book.addService(PLAIN);
    desk.book.dropService(PLAIN.service);
    desk.book.dropService(PLAIN.service);

    const [cancel, ...more] = desk.told(desk.near);
    assert.deepEqual([cancel?.cancel, cancel?.tags, cancel?.workCommands, cancel?.connType], [true, null, null, 0]);
    assert.deepEqual(more, []);
    assert.deepEqual(desk.book.adverts(), []);
  });

  it('are each time told later than before, even in the same moment', () => {
    const desk = new Desk();
    desk.book.addService(PLAIN);
    const times = [0, 1, 2].map(() => desk.book.adverts()[0]?.time);

    const nanoseconds = times.map((time) => time?.nanoseconds ?? 0);
    assert.equal(new Set(nanoseconds).size, 3);
    assert.deepEqual(nanoseconds, Array.from(nanoseconds).sort());
    assert.equal(new Set(times.map((time) => time?.seconds)).size, 1);
  });

  it('are told later than what an earlier life has told by a clock that went ahead', () => {
    const desk = new Desk();
    desk.book.addService(PLAIN);
    const time = goTime({ seconds: 1_900_000_000, nanoseconds: 999_999_999 });
    const ahead = advertOf(HERE, 'plain', 1, { time });
    desk.book.accept(ahead, NEAR);

    const [own] = desk.book.adverts();
    assert.equal(own?.time.seconds, ahead.time.seconds + 1);
    assert.equal(own?.time.nanoseconds, 0);
    assert.deepEqual(desk.told(desk.far), [], 'what comes back to us ends here');
    desk.book.accept(advertOf(HERE, 'plain', 1), NEAR);
    assert.equal(desk.book.adverts()[0]?.time.seconds, ahead.time.seconds + 1, 'an old one changes nothing');
  });

  it('that no frame can hold are told to nobody', () => {
    const desk = new Desk();
    desk.book.addService({ ...PLAIN, tags: { much: '.'.repeat(70_000) } });
    desk.book.addService(CONTROL);
    desk.book.tellMesh();
    desk.book.tellNeighbour(NEAR);

    assert.deepEqual(desk.services(desk.near), ['here:control', 'here:control']);
  });
});

describe('a new neighbour', () => {
  it('is told everything that is offered, and nobody else is', () => {
    const desk = new Desk();
    desk.book.accept(advertOf(FAR, 'x', 1), FAR);
    desk.book.accept(advertOf(FAR, 'y', 1, { cancel: true }), FAR);
    desk.book.addService(PLAIN);
    desk.told(desk.near);
    desk.book.tellNeighbour(NEAR);

    assert.deepEqual(desk.services(desk.near), ['here:plain', 'far:x']);
    assert.deepEqual(desk.services(desk.far), []);
  });

  it('that is gone already is told nothing', () => {
    const desk = new Desk();
    desk.book.addService(PLAIN);
    desk.parts.forwarder.lanes.get(NEAR)?.shut();

    assert.doesNotThrow(() => desk.book.tellNeighbour(NEAR));
    assert.doesNotThrow(() => desk.book.tellNeighbour(HERE));
    assert.deepEqual(desk.services(desk.near), []);
  });
});
