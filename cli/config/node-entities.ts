import type { EntitySpec } from './entity-spec.js';

/** The node itself, its log, and what is asked of the program as a whole. */
export const NODE_ENTITIES: readonly EntitySpec[] = [
  {
    name: 'node',
    about: 'Who this node is and where it keeps its state.',
    occurs: 'once',
    example: '--node id=alpha datadir=/var/lib/receptor',
    parameters: [
      {
        name: 'id',
        type: 'text',
        about: 'Name of the node in the mesh, unique there: letters, digits and . - _ @ : (default: the host name).',
        isBare: true,
      },
      {
        name: 'datadir',
        type: 'text',
        about: 'Directory for units of work; each node uses a directory of its own id inside it.',
        defaultText: '/tmp/receptor',
      },
      {
        name: 'maxidleconnectiontimeout',
        type: 'text',
        about: 'A neighbour that is silent for longer is given up, such as 30s or 1m30s; at least 21s (default: 21s).',
      },
      {
        name: 'firewallrules',
        type: 'data',
        about:
          'Which packets this node lets through: a list of maps with action, fromnode, tonode, fromservice, toservice.',
      },
      ...['receptorkubesupportreconnect', 'receptorkubeclientsetqps'].map(kubernetesSetting),
      ...['receptorkubeclientsetburst', 'receptorkubeclientsetratelimiter'].map(kubernetesSetting),
    ],
  },
  {
    name: 'log-level',
    about: 'How much is written to standard output. Without this entity: info.',
    occurs: 'once',
    example: '--log-level debug',
    parameters: [
      {
        name: 'level',
        type: 'text',
        about: 'One of error, warning, info, debug.',
        isBare: true,
        defaultText: 'error',
      },
    ],
  },
  {
    name: 'local-only',
    about: 'Run without any link to other nodes.',
    occurs: 'once',
    example: '--local-only',
    parameters: [{ name: 'local', type: 'truth', about: 'Accepted for compatibility; it changes nothing.' }],
  },
  {
    name: 'trace',
    about: 'Accepted for compatibility; it changes nothing.',
    occurs: 'once',
    example: '--trace',
    parameters: [],
  },
  {
    name: 'version',
    about: 'Print the version and end.',
    occurs: 'alone',
    example: '--version',
    parameters: [],
  },
];

function kubernetesSetting(name: string): EntitySpec['parameters'][number] {
  return { name, type: 'text', about: 'How the node talks to Kubernetes.', isLater: true };
}
