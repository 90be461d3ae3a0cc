/** As a peer would write it: IPv6 in brackets. */
export function hostAndPort(host: string | undefined, portNumber: number | undefined): string {
  const shown = host === undefined ? '?' : host.includes(':') ? `[${host}]` : host;
  return `${shown}:${portNumber ?? '?'}`;
}
