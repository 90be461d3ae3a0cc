import type { Clock } from '../clock.js';
import { FileError, type FilePort, type FolderWatch } from '../file-port.js';
import { DiskContent } from './disk-content.js';
import type { DiskAct, DiskFault } from './disk-fault.js';
import { OpenFiles } from './open-files.js';
import type { Station } from './station.js';

/** Milliseconds of virtual time that an act takes: so a crash can come between two acts. */
const ACT_MS = 0.05;
const SYNC_MS = 0.5;
/** How late the news of a change comes, and how often it comes in any case. */
const NEWS_MS = 0.1;
const POLL_MS = 2_000;

interface Watcher {
  readonly station: Station;
  readonly folder: string;
  readonly changed: () => void;
  state: 'calm' | 'told' | 'closed';
}

/**
 * The disk of a pretended computer. It outlives every program. When the power is cut, what was not synced is lost;
 * when only a program dies, nothing is. Names are made, replaced and removed at once and for good.
 */
export class SimulatedDisk {
  readonly content = new DiskContent();
  /** Makes acts fail, as the test wishes. */
  fault: DiskFault = () => undefined;
  /** True: no news of changes, as on some network file systems; only the slow poll is left. */
  losesNews = false;
  readonly #clock: Clock;
  readonly #open: OpenFiles;
  readonly #watchers = new Set<Watcher>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#open = new OpenFiles(this.content, (station, act) => this.#perform(station, ACT_MS, act));
    this.content.onChange = (path) => this.#tell(path);
  }

  /** Files and watches that programs have not closed. */
  get leftOpen(): readonly string[] {
    return [...this.#open.paths(), ...Array.from(this.#watchers, ({ folder }) => `watch ${folder}`)];
  }

  /** A program is gone: the kernel closes what it had open. */
  programDied(): void {
    this.#open.clear();
    for (const watcher of this.#watchers) {
      watcher.state = 'closed';
    }
    this.#watchers.clear();
  }

  /** What was not synced is lost. */
  powerLost(): void {
    this.content.losePower();
  }

  /** The disk as one program sees it. */
  portFor(station: Station): FilePort {
    const { content } = this;
    return {
      makeFolder: (path) => this.#act(station, 'make', path, () => content.makeFolders(path)),
      makeNewFolder: (path) => this.#act(station, 'make', path, () => content.makeFolder(path)),
      folders: (path) => this.#act(station, 'list', path, () => content.folders(path)),
      read: (path, bytesMax) => this.#act(station, 'read', path, () => readWhole(content, path, bytesMax)),
      openRead: (path) => this.#act(station, 'open', path, () => this.#open.reader(station, path)),
      openAppend: (path) =>
        this.#act(station, 'open', path, () => this.#open.appender(station, path, (act, at) => this.fault(act, at))),
      create: (path, bytes) => this.#sync(station, 'create', path, () => content.create(path, bytes).sync()),
      replace: (path, bytes) => this.#sync(station, 'replace', path, () => content.replace(path, bytes)),
      sizeOf: (path) => this.#act(station, 'read', path, () => content.find(path)?.size),
      watch: (folder, changed) => this.#watch({ station, folder, changed, state: 'calm' }),
      remove: (path) => this.#act(station, 'remove', path, () => content.remove(path)),
    };
  }

  #act<T>(station: Station, name: DiskAct, path: string, act: () => T): Promise<T> {
    return this.#perform(station, ACT_MS, () => this.#unlessFaulty(name, path, act));
  }

  #sync<T>(station: Station, name: DiskAct, path: string, act: () => T): Promise<T> {
    return this.#perform(station, SYNC_MS, () => this.#unlessFaulty(name, path, act));
  }

  #unlessFaulty<T>(name: DiskAct, path: string, act: () => T): T {
    const code = this.fault(name, path);
    if (code !== undefined) {
      throw new FileError(code, path, `${code}: ${name} '${path}'`);
    }
    return act();
  }

  /** Nothing is done for a program that has died meanwhile, and its promise never settles. */
  #perform<T>(station: Station, ms: number, act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#clock.setTimer(ms, () =>
        station.deliver(() => {
          try {
            resolve(act());
          } catch (thrown) {
            reject(thrown);
          }
        }),
      );
    });
  }

  #watch(watcher: Watcher): FolderWatch {
    this.#watchers.add(watcher);
    this.#pollLater(watcher);
    return {
      close: () => {
        watcher.state = 'closed';
        this.#watchers.delete(watcher);
      },
    };
  }

  #pollLater(watcher: Watcher): void {
    this.#clock.setTimer(POLL_MS, () => {
      if (watcher.state !== 'closed') {
        this.#note(watcher);
        this.#pollLater(watcher);
      }
    });
  }

  #tell(path: string): void {
    if (this.losesNews) {
      return;
    }
    const folder = path.slice(0, path.lastIndexOf('/'));
    for (const watcher of this.#watchers) {
      if (watcher.folder === folder) {
        this.#note(watcher);
      }
    }
  }

  #note(watcher: Watcher): void {
    if (watcher.state === 'calm') {
      watcher.state = 'told';
      this.#clock.setTimer(NEWS_MS, () =>
        watcher.station.deliver(() => {
          if (watcher.state === 'told') {
            watcher.state = 'calm';
            watcher.changed();
          }
        }),
      );
    }
  }
}

function readWhole(content: DiskContent, path: string, bytesMax: number): Uint8Array {
  const file = content.get(path);
  if (file.size > bytesMax) {
    throw new FileError('too-large', path, `${path} has more than ${bytesMax} bytes`);
  }
  return file.bytes().slice();
}
