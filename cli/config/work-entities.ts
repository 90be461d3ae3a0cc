import type { EntitySpec, ParameterSpec } from './entity-spec.js';

const WORK_TYPE: ParameterSpec = {
  name: 'worktype',
  type: 'text',
  about: 'Name under which this kind of work is asked for.',
  isRequired: true,
};

const VERIFY: ParameterSpec = {
  name: 'verifysignature',
  type: 'truth',
  about: 'Take only signed work; needs the public key of a work-verification, which this version does not have yet.',
  defaultText: 'false',
};

function allow(name: string, about: string): ParameterSpec {
  return { name, type: 'truth', about, defaultText: 'false' };
}

function text(name: string, about: string): ParameterSpec {
  return { name, type: 'text', about };
}

/** Kinds of work that the node does, and the keys of signed work. */
export const WORK_ENTITIES: readonly EntitySpec[] = [
  {
    name: 'work-command',
    about: 'Run a program for each unit of work.',
    occurs: 'many',
    example: '--work-command worktype=upper command=tr params="a-z A-Z"',
    parameters: [
      WORK_TYPE,
      {
        name: 'command',
        type: 'text',
        about: 'Program to run; the payload of the unit is its standard input.',
        isRequired: true,
      },
      text('params', 'Its arguments, as in a shell: blanks separate, quotes keep together.'),
      allow('allowruntimeparams', 'Let whoever submits work add arguments of their own.'),
      VERIFY,
    ],
  },
  {
    name: 'work-kubernetes',
    about: 'Run a pod for each unit of work.',
    occurs: 'many',
    isLater: true,
    example: '--work-kubernetes worktype=echo namespace=default image=alpine command=cat',
    parameters: [
      WORK_TYPE,
      text('namespace', 'Namespace of the pods.'),
      text('image', 'Image of the container.'),
      text('command', 'Program to run in it.'),
      text('params', 'Its arguments.'),
      { name: 'authmethod', type: 'text', about: 'kubeconfig or incluster.', defaultText: 'incluster' },
      text('kubeconfig', 'File with the access to the cluster.'),
      text('pod', 'File with the definition of the pod.'),
      allow('allowruntimeauth', 'Let whoever submits work bring access to a cluster.'),
      allow('allowruntimecommand', 'Let whoever submits work choose image and command.'),
      allow('allowruntimeparams', 'Let whoever submits work add arguments.'),
      allow('allowruntimepod', 'Let whoever submits work bring a pod.'),
      { name: 'deletepodonrestart', type: 'truth', about: 'Delete pods that wait at a restart.', defaultText: 'true' },
      { name: 'streammethod', type: 'text', about: 'logger or tcp.', defaultText: 'logger' },
      VERIFY,
    ],
  },
  {
    name: 'work-python',
    about: 'Outdated in the reference, which refuses it.',
    occurs: 'many',
    isLater: true,
    example: '--work-python worktype=w plugin=p function=f',
    parameters: [
      WORK_TYPE,
      { ...text('plugin', 'Python module.'), isRequired: true },
      { ...text('function', 'Function of the module.'), isRequired: true },
      { name: 'config', type: 'data', about: 'Configuration of the plugin.' },
    ],
  },
  {
    name: 'work-signing',
    about: 'The key that signs work for other nodes.',
    occurs: 'once',
    isLater: true,
    example: '--work-signing privatekey=/etc/receptor/sign.pem tokenexpiration=5m',
    parameters: [
      { ...text('privatekey', 'File of the private key.'), isBare: true },
      text('tokenexpiration', 'How long a signature is good.'),
    ],
  },
  {
    name: 'work-verification',
    about: 'The key that verifies signed work.',
    occurs: 'once',
    isLater: true,
    example: '--work-verification publickey=/etc/receptor/verify.pem',
    parameters: [{ ...text('publickey', 'File of the public key.'), isBare: true }],
  },
  {
    name: 'command-runner',
    about: 'Used by nodes of the reference for themselves.',
    occurs: 'once',
    isLater: true,
    isHidden: true,
    example: '--command-runner command=true unitdir=/tmp/unit',
    parameters: [text('command', 'Program.'), text('params', 'Arguments.'), text('unitdir', 'Directory of the unit.')],
  },
];
