import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Two of the reference's 60 s cycles, and some: what is later than this does not come about. */
const PATIENCE_MS = 150_000;
const PAUSE_MS = 100;

/** Sends one line to a control socket and gives the answer; for waiting only, it judges nothing. */
async function controlAsk(socket: string, line: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const session = connect(socket);
    let heard = '';
    session.on('data', (chunk) => {
      heard += chunk;
      const [, answer, rest] = heard.split('\n');
      if (answer !== undefined && rest !== undefined) {
        session.destroy();
        resolve(answer);
      }
    });
    session.on('error', reject);
    session.on('close', () => reject(new Error(`closed after: ${heard}`)));
    session.write(`${line}\n`);
  });
}

export interface Status {
  readonly NodeID: string;
  readonly Connections: readonly { readonly NodeID: string; readonly Cost: number }[];
  readonly RoutingTable: Readonly<Record<string, string>>;
  readonly Advertisements: readonly Advert[];
  readonly KnownConnectionCosts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Advert {
  readonly NodeID: string;
  readonly Service: string;
  readonly ConnType: number;
  readonly Tags: Readonly<Record<string, string>> | null;
  readonly WorkCommands: readonly { readonly WorkType: string; readonly Secure: boolean }[] | null;
}

export interface UnitStatus {
  readonly Detail: string;
  readonly StateName: string;
  readonly StdoutSize: number;
  readonly ExtraData: { readonly RemoteUnitID?: string } | null;
}

/** Asks again and again until the answer is as wanted; a node that does not answer yet is asked again too. */
export async function eventually<T>(socket: string, line: string, isWanted: (answer: T) => boolean): Promise<T> {
  const startMs = performance.now();
  for (;;) {
    const answer = await controlAsk(socket, line).catch((thrown: Error) => `no answer: ${thrown.message}`);
    const value = (answer.startsWith('{') ? JSON.parse(answer) : answer) as T; // the caller knows what is answered
    if (isWanted(value)) {
      return value;
    }
    assert.ok(performance.now() - startMs < PATIENCE_MS, `it never came about: ${line}: ${answer}`);
    await setTimeout(PAUSE_MS);
  }
}
