import { readObjectReply } from '../../protocol/control/reply-reader.js';
import type { ParsedObject } from '../../protocol/json/parsed.js';
import { decodeText } from '../../protocol/text.js';
import { ControlClient } from '../control.js';
import { parseControlAddress } from '../control-address.js';
import { usageError } from './client-error.js';
import { type Complaint, complaintText, noteText, type OutputForm } from './complaint.js';
import type { ClientHost } from './host.js';
import { explained } from './refusal.js';

/** What stands on every command line of a client. */
export interface GlobalOptions {
  readonly socket?: string | undefined;
  readonly output: OutputForm;
  /** Seconds. */
  readonly timeout: number;
}

/** The variable that receptorctl reads. */
export const SOCKET_VARIABLE = 'RECEPTORCTL_SOCKET';

const MS_PER_SECOND = 1_000;

/** One run of the client: what its commands have to work with. */
export class ClientContext {
  readonly host: ClientHost;
  readonly options: GlobalOptions;

  constructor(host: ClientHost, options: GlobalOptions) {
    this.host = host;
    this.options = options;
  }

  get wantsJson(): boolean {
    return this.options.output === 'json';
  }

  /** How long an answer may take, in milliseconds. */
  get withinMs(): number {
    return this.options.timeout * MS_PER_SECOND;
  }

  /** As it was given, for lines that a user can copy. */
  get socketText(): string | undefined {
    const given = this.options.socket ?? this.host.environment[SOCKET_VARIABLE];
    return given === '' ? undefined : given;
  }

  /** A session with the node of `--socket`, or through it with another one. */
  async connect(
    remote: { readonly node?: string | undefined; readonly tlsClient?: string } = {},
  ): Promise<ControlClient> {
    const { outside, environment } = this.host;
    if (this.socketText === undefined) {
      throw usageError(
        'which node? No socket was given',
        `give --socket PATH, or set ${SOCKET_VARIABLE}; the path is that of the node's control-service, "filename"`,
      );
    }
    const parsed = parseControlAddress(this.socketText, environment['HOME']);
    if (!parsed.ok) {
      throw usageError(parsed.text, 'forms: PATH, unix:PATH, tcp:HOST:PORT');
    }
    const { sessions, clock } = outside;
    const client = await ControlClient.open(parsed.address, { sessions, clock, withinMs: this.withinMs });
    if (remote.node !== undefined) {
      try {
        await client.connectTo(remote.node, remote.tlsClient);
      } catch (thrown) {
        client.close();
        throw explained(thrown, { ...remote, service: 'control' });
      }
    }
    return client;
  }

  /** Works with a session and closes it, whatever comes of it. */
  async withClient<T>(
    work: (client: ControlClient) => Promise<T>,
    remote: { readonly node?: string | undefined; readonly tlsClient?: string } = {},
  ): Promise<T> {
    const client = await this.connect(remote);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }

  /** One command, one answer that is an object: as the node wrote it, and read. */
  async askObject(
    client: ControlClient,
    command: string,
  ): Promise<{ readonly json: string; readonly value: ParsedObject }> {
    let json = '';
    const value = await client.askFor(command, (line) => {
      json = decodeText(line);
      return readObjectReply(line);
    });
    return { json, value };
  }

  /** Writes to standard output. */
  async print(text: string): Promise<void> {
    await this.host.stdout.write(text);
  }

  /** Writes a word on the way to standard error. */
  async note(text: string): Promise<void> {
    await this.host.stderr.write(noteText(text, this.options.output));
  }

  /** Writes what went wrong to standard error. */
  async complain(complaint: Complaint): Promise<void> {
    await this.host.stderr.write(complaintText(complaint, this.options.output));
  }

  /** Waits; `undefined` is never. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.host.outside.clock.setTimer(delayMs, resolve);
    });
  }
}
