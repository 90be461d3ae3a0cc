// The golden bytes of fixtures/wire: what real nodes of the Go generation sent, wrote and answered.
import { readFileSync } from 'node:fs';

// Compiled, this file lies in dist/tests/support.
const WIRE_FOLDER = new URL('../../../fixtures/wire/', import.meta.url);

/** Reads a fixture file; `T` says what the file is known to hold. */
export function wireFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, WIRE_FOLDER), 'utf8')) as T;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A message as one of the JSON kinds: the kind byte and a text. */
export function jsonMessage(kind: number, text: string): Uint8Array {
  return new Uint8Array([kind, ...utf8(text)]);
}

export interface CapturedFrame {
  readonly note: string;
  /** The frame as on TCP, its two length bytes included. */
  readonly frame_hex: string;
  readonly decoded: Readonly<Record<string, unknown>> & { readonly json_text?: string };
}

/** The frames of one capture file. */
export function capturedFrames(file: string): readonly CapturedFrame[] {
  return wireFixture<{ items: CapturedFrame[] }>(file).items;
}

/** The message in a captured frame, without its length. */
export function messageOf(frame: CapturedFrame): Uint8Array {
  return fromHex(frame.frame_hex.slice(4));
}

/** Every message that was captured, whatever its kind: the seed of mutation tests. */
export function allCapturedMessages(): readonly Uint8Array[] {
  const files = [
    'routing_update.json',
    'ping.json',
    'unreachable.json',
    'service_advertisement.json',
    'quic_stream.json',
  ];
  const websocket = wireFixture<{ items: { message_hex?: string }[] }>('websocket.json').items;
  return [
    ...files.flatMap((file) => capturedFrames(file).map(messageOf)),
    ...websocket.flatMap(({ message_hex }) => (message_hex === undefined ? [] : [fromHex(message_hex)])),
    fromHex(wireFixture<{ udp_datagram_hex: string }>('reject.json').udp_datagram_hex),
  ];
}

interface GoDocument {
  readonly hex: string;
  readonly error: string | null;
  readonly reencoded?: string;
  readonly unix_seconds?: number;
  readonly nanoseconds?: number;
}

/** What Go itself reads and writes; made by fixtures/wire/tools/go-texts. */
export interface GoTexts {
  readonly json_syntax: readonly { hex: string; error: string | null }[];
  readonly routing_updates: readonly GoDocument[];
  readonly service_adverts: readonly GoDocument[];
  readonly floats: readonly { literal: string; json: string; v: string }[];
  readonly durations: readonly { ns: number; text: string }[];
  readonly duration_texts: readonly { hex: string; error: string | null; ns?: string; text?: string }[];
  readonly strings: readonly { hex: string; json_hex: string; quoted_hex: string }[];
  readonly sorted_map_hex: string;
  readonly times: readonly { unix_seconds: number; nanoseconds: number; rfc3339nano: string; ansic: string }[];
  readonly percent_s: readonly { json: string; text: string }[];
  readonly equal_fold: readonly { text: string; localhost: boolean }[];
  readonly integers: readonly { text: string; error: string | null; value?: string }[];
  readonly shell_words: readonly { text: string; error: string | null; words: string[] }[];
}

export function goTexts(): GoTexts {
  return wireFixture<GoTexts>('go-texts.json');
}

interface Exchange {
  readonly line: string;
  readonly reply: string;
}

/** What Receptor 1.6.9 answered on its control socket. */
export interface ControlTranscript {
  readonly greeting: string;
  readonly static: readonly Exchange[];
  readonly live: readonly Exchange[];
  readonly submits: readonly { line: string; prompt: string; result: string }[];
  readonly in_use: Exchange;
  readonly units: readonly { unit: string; file: string; reply: string }[];
  readonly results_of_first_from_1: string;
  readonly actions: readonly Exchange[];
  readonly list: Exchange;
}

export function controlTranscript(): ControlTranscript {
  return wireFixture<ControlTranscript>('control-transcript.json');
}
