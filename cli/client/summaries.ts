/** The client's commands in one line each: for the help of the program, which does not load the client. */
export const SUMMARIES = {
  status: 'Show what a node knows of itself and of its mesh.',
  ping: 'Ask a node of the mesh for a sign of life.',
  traceroute: 'Show the nodes on the way to a node.',
  connect: 'Connect this terminal to a service of a node.',
  reload: 'Have a node of the reference read its configuration again; ours cannot yet.',
  version: 'Show the versions of this program and of the node.',
  work: 'Submit, list, watch, cancel and release units of work.',
  cert: 'Make, sign, show and check certificates for TLS; no node is asked.',
  demo: 'Show a mesh of three nodes on this machine, and work that runs two hops away.',
} as const;
