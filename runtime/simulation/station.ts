/** One life of a host, as the network knows it. */
export interface Station {
  readonly host: string;
  /** False once this life is over: nothing that it asks for is done any more. */
  readonly isAlive: boolean;
  /** Runs a callback of this life, soon; never after its death. */
  readonly deliver: (task: () => void) => void;
}

/** What the end of a life does to its sessions: the kernel closes them, unless the whole machine vanishes. */
export interface DeathOptions {
  readonly isSilent: boolean;
}
