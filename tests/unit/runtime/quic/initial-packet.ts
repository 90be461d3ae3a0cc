import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/**
 * Initial packets of a QUIC v1 client, opened and sealed: their keys follow from the packet itself (RFC 9001, 5.2), so
 * that a test can rewrite what a client sent, and an attacker too.
 */
export interface InitialPacket {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly number: number;
  /** Frames, as they stand in the packet. */
  readonly payload: Uint8Array;
}

const SALT = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
const VERSION_1 = Buffer.from('00000001', 'hex');
const TAG_BYTES = 16;
const NUMBER_BYTES = 4;
const SAMPLE_BYTES = 16;

interface Keys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly header: Buffer;
}

/** Opens the first packet of a client's datagram. Throws where it is none. */
export function openInitial(datagram: Uint8Array): InitialPacket {
  const bytes = Buffer.from(datagram);
  let at = 5;
  const field = (): Buffer => {
    const length = bytes.readUInt8(at);
    const value = bytes.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    return value;
  };
  const destination = field();
  const source = field();
  at += 1; // An empty token.
  const length = bytes.readUInt16BE(at) & 0x3fff;
  at += 2;
  const keys = clientKeys(destination);
  const mask = headerMask(keys, bytes.subarray(at + NUMBER_BYTES, at + NUMBER_BYTES + SAMPLE_BYTES));
  bytes.writeUInt8(bytes.readUInt8(0) ^ ((mask[0] ?? 0) & 0x0f), 0);
  const numberBytes = (bytes.readUInt8(0) & 0x03) + 1;
  for (let index = 0; index < numberBytes; index += 1) {
    bytes.writeUInt8(bytes.readUInt8(at + index) ^ (mask[1 + index] ?? 0), at + index);
  }
  const number = bytes.readUIntBE(at, numberBytes);
  const header = bytes.subarray(0, at + numberBytes);
  const sealed = bytes.subarray(at + numberBytes, at + length);
  const decipher = createDecipheriv('aes-128-gcm', keys.key, nonce(keys, number));
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const payload = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  return { destination, source, number, payload };
}

/** Seals a packet as a datagram, padded with PADDING frames to `size` bytes. */
export function sealInitial(packet: InitialPacket, size = 1_200): Uint8Array {
  const { destination, source, number } = packet;
  const keys = clientKeys(destination);
  const lengthBytes = 2;
  const headerBytes = 1 + 4 + 1 + destination.length + 1 + source.length + 1 + lengthBytes + NUMBER_BYTES;
  const payload = Buffer.alloc(Math.max(packet.payload.length, size - headerBytes - TAG_BYTES));
  payload.set(packet.payload);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt16BE(0x4000 | (NUMBER_BYTES + payload.length + TAG_BYTES));
  const numberField = Buffer.alloc(NUMBER_BYTES);
  numberField.writeUInt32BE(number);
  const header = Buffer.concat([
    Buffer.of(0xc0 | (NUMBER_BYTES - 1)),
    VERSION_1,
    Buffer.of(destination.length),
    destination,
    Buffer.of(source.length),
    source,
    Buffer.of(0),
    length,
    numberField,
  ]);
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce(keys, number));
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const mask = headerMask(keys, sealed.subarray(0, SAMPLE_BYTES));
  header.writeUInt8(header.readUInt8(0) ^ ((mask[0] ?? 0) & 0x0f), 0);
  for (let index = 0; index < NUMBER_BYTES; index += 1) {
    const at = header.length - NUMBER_BYTES + index;
    header.writeUInt8(header.readUInt8(at) ^ (mask[1 + index] ?? 0), at);
  }
  return new Uint8Array(Buffer.concat([header, sealed]));
}

/** The bytes of the handshake that the CRYPTO frames of a payload carry, if they follow each other from the start. */
export function cryptoBytes(payload: Uint8Array): Uint8Array {
  const bytes = Buffer.from(payload);
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const type = bytes.readUInt8(at);
    at += 1;
    if (type === 0x06) {
      const offset = variable(bytes, at);
      const length = variable(bytes, offset.next);
      parts.push(bytes.subarray(length.next, length.next + length.value));
      at = length.next + length.value;
    } else if (type > 0x01) {
      throw new Error(`a frame of type ${type} in an Initial of a client`);
    }
  }
  return Buffer.concat(parts);
}

/** A CRYPTO frame. */
export function cryptoFrame(offset: number, bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt8(0x06);
  head.writeUInt16BE(0x4000 | offset, 1);
  head.writeUInt16BE(0x4000 | bytes.length, 3);
  return Buffer.concat([head, bytes]);
}

function variable(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  const length = 1 << (bytes.readUInt8(at) >> 6);
  let value = bytes.readUInt8(at) & 0x3f;
  for (let index = 1; index < length; index += 1) {
    value = value * 256 + bytes.readUInt8(at + index);
  }
  return { value, next: at + length };
}

function clientKeys(destination: Uint8Array): Keys {
  const initial = createHmac('sha256', SALT).update(destination).digest();
  const secret = expand(initial, 'client in', 32);
  return {
    key: expand(secret, 'quic key', 16),
    iv: expand(secret, 'quic iv', 12),
    header: expand(secret, 'quic hp', 16),
  };
}

/** HKDF-Expand-Label of TLS 1.3 for results of one block. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

function nonce(keys: Keys, number: number): Buffer {
  const bytes = Buffer.from(keys.iv);
  bytes.writeUInt32BE((bytes.readUInt32BE(8) ^ number) >>> 0, 8);
  return bytes;
}

function headerMask(keys: Keys, sample: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', keys.header, null).update(sample);
}
