import { type FSWatcher, watch } from 'node:fs';
import type { FolderWatch } from '../file-port.js';

/** The safety poll beside the system's events: they are lost on some file systems, and when their queue is full. */
const POLL_MS = 2_000;
/** Where the system has no events left to give (`fs.inotify.max_user_watches`): as often as the reference looks. */
const POLL_WITHOUT_EVENTS_MS = 250;

/** A program that writes without end causes an event for each write, 5 µs each: beyond so many nobody hears more. */
const FLOOD_EVENTS = 100;
/** Then we do not listen for so long, and look after it. */
const FLOOD_PAUSE_MS = 50;

/** Calls `changed` at each change in the folder, at most once in a turn of the event loop, and now and then in any case. */
export function watchFolder(folder: string, changed: () => void): FolderWatch {
  return new SystemFolderWatch(folder, changed);
}

class SystemFolderWatch implements FolderWatch {
  readonly #folder: string;
  readonly #changed: () => void;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #events = 0;
  #state: 'calm' | 'told' | 'closed' = 'calm';

  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.#changed = changed;
    this.#listen();
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#pause);
    this.#deafen();
  }

  #listen(): void {
    this.#events = 0;
    this.#watcher = this.#open();
    this.#pollEvery(this.#watcher === undefined ? POLL_WITHOUT_EVENTS_MS : POLL_MS);
  }

  #deafen(): void {
    clearInterval(this.#poll);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** `undefined` when the system has no watch left, or cannot watch this folder. */
  #open(): FSWatcher | undefined {
    let watcher: FSWatcher;
    try {
      watcher = watch(this.#folder, { persistent: false });
    } catch (error) {
      return this.#withoutEvents(error);
    }
    watcher.on('change', () => this.#heard());
    watcher.on('error', () => this.#broken());
    return watcher;
  }

  #pollEvery(ms: number): void {
    this.#poll = setInterval(() => this.#note(), ms).unref();
  }

  #heard(): void {
    this.#events += 1;
    this.#note();
    if (this.#events > FLOOD_EVENTS && this.#state !== 'closed') {
      this.#events = 0;
      this.#deafen();
      this.#pause = setTimeout(() => {
        this.#listen();
        this.#note();
      }, FLOOD_PAUSE_MS).unref();
    }
  }

  /** One call in a turn, however much has changed. */
  #note(): void {
    if (this.#state === 'calm') {
      this.#state = 'told';
      setImmediate(() => {
        if (this.#state === 'told') {
          this.#state = 'calm';
          this.#changed();
        }
      });
    }
  }

  #broken(): void {
    if (this.#state !== 'closed') {
      this.#deafen();
      this.#pollEvery(POLL_WITHOUT_EVENTS_MS);
    }
  }

  /** Whatever the reason, the cure is the same: look more often. */
  #withoutEvents(_error: unknown): undefined {
    return undefined;
  }
}
