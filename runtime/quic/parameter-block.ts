import { RuntimeError } from '../errors.js';
import type { KeyKind } from './engine.js';
import { type ConnectionSettings, DEFAULTS, type DialSettings, type ListenSettings } from './settings.js';

const KEY_KINDS: Readonly<Record<KeyKind, number>> = {
  ed25519: 1,
  'ecdsa-p256': 2,
  'ecdsa-p384': 3,
  'ecdsa-p521': 4,
  rsa: 5,
};

const CLIENT_AUTHENTICATION = { none: 0, requested: 1, required: 2 } as const;

const NUMBER_BYTES = 4;

/** A name's length is one byte. */
const PROTOCOL_BYTES_MAX = 255;

/** One dialled connection is one endpoint, so it has neither handshakes nor connections beside it. */
const SINGLE = 1;

/** The block that creates a dialling endpoint, as `native/src/parameters.rs` reads it. `key` is its id in the instance. */
export function dialBlock(settings: DialSettings, key: number): Uint8Array {
  const { identity } = settings;
  const fields = [0, 0, key, identity === undefined ? 0 : KEY_KINDS[identity.key.kind]];
  fields.push(...intervals(settings, settings.keepAliveMs ?? DEFAULTS.keepAliveMs), ...sizes(settings));
  fields.push(SINGLE, SINGLE);
  return block(fields, [protocolBytes(settings), ...(identity?.chain ?? [])]);
}

/** The block that creates a listening endpoint. */
export function listenBlock(settings: ListenSettings, key: number): Uint8Array {
  const { identity } = settings;
  const authentication = CLIENT_AUTHENTICATION[settings.clientAuthentication ?? 'none'];
  const fields = [1, authentication, key, KEY_KINDS[identity.key.kind]];
  fields.push(...intervals(settings, 0), ...sizes(settings));
  fields.push(settings.halfOpenLimit ?? DEFAULTS.halfOpenLimit, settings.connectionLimit ?? DEFAULTS.connectionLimit);
  return block(fields, [protocolBytes(settings), ...identity.chain]);
}

function intervals(settings: ConnectionSettings, keepAliveMs: number): readonly number[] {
  return [
    settings.idleTimeoutMs ?? DEFAULTS.idleTimeoutMs,
    keepAliveMs,
    settings.handshakeTimeoutMs ?? DEFAULTS.handshakeTimeoutMs,
  ];
}

function sizes(settings: ConnectionSettings): readonly number[] {
  return [
    settings.peerStreams ?? DEFAULTS.peerStreams,
    settings.streamWindow ?? DEFAULTS.streamWindow,
    settings.connectionWindow ?? DEFAULTS.connectionWindow,
    settings.sendWindow ?? DEFAULTS.sendWindow,
    settings.initialDatagram ?? DEFAULTS.initialDatagram,
    settings.announcedDatagram ?? DEFAULTS.announcedDatagram,
    settings.discoveryLimit ?? DEFAULTS.discoveryLimit,
  ];
}

/** Each name behind a byte with its length (RFC 7301, 3.1); the engine refuses what does not fit. */
function protocolBytes(settings: ConnectionSettings): Uint8Array {
  const names = settings.protocols.map((name) => new TextEncoder().encode(name));
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + 1 + name.length, 0));
  let at = 0;
  for (const name of names) {
    if (name.length > PROTOCOL_BYTES_MAX) {
      throw new RuntimeError('invalid-use', 'The name of a protocol is too long', { data: { bytes: name.length } });
    }
    bytes[at] = name.length;
    bytes.set(name, at + 1);
    at += 1 + name.length;
  }
  return bytes;
}

function block(fields: readonly number[], parts: readonly Uint8Array[]): Uint8Array {
  const partBytes = parts.reduce((sum, part) => sum + NUMBER_BYTES + part.length, 0);
  const bytes = new Uint8Array(fields.length * NUMBER_BYTES + partBytes);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    if (!Number.isInteger(field) || field < 0 || field > 0xffff_ffff) {
      throw new RuntimeError('invalid-use', 'A setting of a stream endpoint is not a whole number in its range', {
        data: { value: field },
      });
    }
    view.setUint32(at, field, true);
    at += NUMBER_BYTES;
  }
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + NUMBER_BYTES);
    at += NUMBER_BYTES + part.length;
  }
  return bytes;
}
