import assert from 'node:assert/strict';
import { streamsActor } from '../../../../actors/streams/streams.actor.js';
import type { ServiceName } from '../../../../protocol/names.js';
import type { Session, SessionFault } from '../../../../runtime/ports.js';
import { RecordingHandler } from '../../../support/recording-session.js';
import { ActorStage } from '../actor-stage.js';
import { HERE, serviceName } from '../node-parts.js';

/** One end of a stream of the node to itself. */
export class OwnEnd extends RecordingHandler {
  readonly session: Session;

  constructor(session: Session) {
    super();
    this.session = session;
    session.attach(this);
  }

  say(text: string): void {
    this.session.send([new TextEncoder().encode(text)]);
  }
}

/** Real streams of one node to itself: the whole engine, without any network. */
export class OwnStreams extends ActorStage {
  readonly directory = this.listener('directory', ['service.opened', 'service.closed']);
  readonly actor = this.raise(streamsActor, undefined);
  readonly accepted: OwnEnd[] = [];
  readonly opened: OwnEnd[] = [];
  readonly news: string[] = [];

  listen(service = 'svc', advertise = false): (done: () => void) => void {
    const place = { service: serviceName(service), connType: 1, tags: { type: 'x' }, advertise };
    const close = this.parts.streams.listen(place, {
      opened: () => void this.news.push('listening'),
      accepted: (session) => void this.accepted.push(new OwnEnd(session)),
      failed: ({ code }) => void this.news.push(`listen failed ${code}`),
    });
    this.host.run();
    return close;
  }

  /** Dials, and lets what needs no time happen. */
  dial(service = 'svc', node = HERE): () => void {
    const giveUp = this.parts.streams.dial(
      { node, service: serviceName(service) as ServiceName },
      {
        opened: (session) => void this.opened.push(new OwnEnd(session)),
        failed: ({ code }: SessionFault) => void this.news.push(`dial failed ${code}`),
      },
    );
    this.host.run();
    return giveUp;
  }

  /** Both ends of a stream that has just been opened. */
  joined(): { readonly here: OwnEnd; readonly there: OwnEnd } {
    this.dial();
    this.host.advance(10);
    const [here, there] = [this.opened.at(-1), this.accepted.at(-1)];
    assert.ok(here !== undefined && there !== undefined, `they are not joined: ${this.news.join(', ')}`);
    return { here, there };
  }
}
