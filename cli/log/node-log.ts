import type { MeshNode } from '../../actors/mesh-node.js';
import { nodeStarted, partFailed, routesChanged } from '../../actors/topics.js';
import type { InspectionRecord } from '../../runtime/inspection.js';
import { type LogFacts, linesFor } from './catalogue.js';
import type { LogLine } from './line.js';
import type { LogWriter } from './log-writer.js';
import { Repetition } from './repetition.js';
import { RoutesReport } from './routes-report.js';

/** Writes what happens in a node to a log; returns what ends that. */
export function logNode(node: MeshNode, writer: LogWriter): () => void {
  const log = new NodeLog(node, writer);
  const detach = node.hub.read('news', (record) => log.take(record));
  return () => {
    detach();
    log.end();
  };
}

class NodeLog {
  readonly #writer: LogWriter;
  readonly #facts: LogFacts;
  readonly #routes: RoutesReport;
  readonly #repetition = new Repetition();
  #phase: 'starting' | 'started' = 'starting';

  constructor(node: MeshNode, writer: LogWriter) {
    this.#writer = writer;
    this.#facts = { nodeId: node.id, epoch: node.ports.ownUpdates.epoch };
    this.#routes = new RoutesReport({
      clock: node.ports.clock,
      read: () => node.view(),
      write: (line) => writer.write(line),
    });
  }

  take(record: InspectionRecord): void {
    if (isAbout(record, nodeStarted)) {
      this.#phase = 'started';
    }
    if (isAbout(record, routesChanged)) {
      if (this.#writer.writes('info')) {
        this.#routes.changed();
      }
      return;
    }
    // A part that fails at the start ends it, and the program says so in one line.
    if (this.#phase === 'started' || !isAbout(record, partFailed)) {
      for (const line of linesFor(record, this.#facts)) {
        this.#write(record, line);
      }
    }
  }

  end(): void {
    this.#routes.end();
  }

  /** What one part of the node says again and again is still there at debug. */
  #write({ address, atMs }: InspectionRecord, line: LogLine): void {
    const part = address.split('/').slice(0, 2).join('/');
    const isNews = line.level === 'debug' || !this.#repetition.isRepeated(`${part} ${line.text}`, atMs);
    this.#writer.write(isNews ? line : { ...line, level: 'debug' });
  }
}

function isAbout({ kind, subject }: InspectionRecord, topic: { readonly name: string }): boolean {
  return kind === 'topic' && subject === topic.name;
}
