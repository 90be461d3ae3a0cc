/** What both kinds of TLS configuration have (mesh-protocol 7). File names are those of this machine. */
interface TlsOptions {
  /** How listeners, peers and services refer to it. */
  readonly name: string;
  /** File with the certificate, and after it those that lead to an authority. */
  readonly cert: string;
  /** File with the private key. */
  readonly key: string;
  /** Do not look for node ids in certificates. Default false. */
  readonly skipReceptorNamesCheck?: boolean;
  /** TLS 1.3 or nothing. Default true. */
  readonly minTls13?: boolean;
}

/** A configuration to listen with. */
export interface TlsServerOptions extends TlsOptions {
  /** Clients must show a certificate. Default: only where `clientCas` is given. */
  readonly requireClientCert?: boolean;
  /** File with the authorities of clients; without it those of this machine. */
  readonly clientCas?: string;
  /** Fingerprints (SHA-256 or SHA-512, hex) of the only clients. */
  readonly pinnedClientCert?: readonly string[];
}

/** A configuration to dial with. */
export interface TlsClientOptions extends TlsOptions {
  /** File with the authorities of servers; without it those of this machine. */
  readonly rootCas?: string;
  /** Take any certificate. Default false. */
  readonly insecureSkipVerify?: boolean;
  /** Fingerprints (SHA-256 or SHA-512, hex) of the only servers. */
  readonly pinnedServerCert?: readonly string[];
}

/** All TLS configurations of a node. Of two with one name the last one counts. */
export interface TlsConfigurations {
  readonly servers: readonly TlsServerOptions[];
  readonly clients: readonly TlsClientOptions[];
}
