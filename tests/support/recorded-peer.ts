import assert from 'node:assert/strict';
import { MESSAGE_KIND } from '../../protocol/netceptor/message-kind.js';
import { encodeFrame, FrameCutter } from '../../protocol/netceptor/stream-framing.js';
import { bytesOf } from './recording-session.js';
import type { PeerEnd } from './simulated-peer.js';
import { type CapturedFrame, fromHex, textOf, toHex } from './wire-vectors.js';

/** The seven fields of a routing update, as a real node writes them. */
export interface UpdateText {
  readonly NodeID: string;
  readonly Connections: Readonly<Record<string, number>>;
  readonly ForwardingNode: string;
  readonly UpdateSequence: number;
}

/** One end of a TCP session that says what a real node once said, and keeps what it is answered. */
export class RecordedPeer {
  readonly end: PeerEnd;

  constructor(end: PeerEnd) {
    this.end = end;
  }

  /** Says recorded frames, byte for byte. */
  play(...frames: readonly CapturedFrame[]): void {
    for (const { frame_hex } of frames) {
      this.say(fromHex(frame_hex));
    }
  }

  /** Says a message that was not recorded as such. */
  sayMessage(message: Uint8Array): void {
    const frame = encodeFrame(message);
    assert.ok(frame.ok);
    this.say(frame.value);
  }

  say(bytes: Uint8Array): void {
    this.end.session.send([bytes]);
  }

  /** The messages that came, without their lengths. */
  get messages(): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    new FrameCutter().push(bytesOf(this.end.text), (buffer, start, end) => found.push(buffer.slice(start, end)));
    return found;
  }

  /** The data packets that came, in hex. */
  get packets(): readonly string[] {
    return this.messages.filter(([kind]) => kind === MESSAGE_KIND.data.byte).map(toHex);
  }

  /** The routing updates that came. */
  get updates(): readonly UpdateText[] {
    return this.messages
      .filter(([kind]) => kind === MESSAGE_KIND.routeUpdate.byte)
      .map((message) => JSON.parse(textOf(message.subarray(1))));
  }
}
