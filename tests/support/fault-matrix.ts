import assert from 'node:assert/strict';
import { type AnyStateMachine, assign, createMachine, emit } from 'xstate';
import { type Address, childAddress } from '../../runtime/address.js';
import { type ActorDefinition, actorsOver } from '../../runtime/define-actor.js';
import type { Message } from '../../runtime/message.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import type { System } from '../../runtime/system.js';
import { pathOf, restingPlaces } from './machine-nodes.js';
import { ManualHost, RecordLog } from './manual-host.js';
import { message } from './sample-actors.js';

/** The outside of one run: what the actor gets, and what it has left open there. */
export interface FaultOutside {
  readonly ports: object;
  leftOpen(): readonly string[];
}

/** What a script may do to bring the actor into a state. */
export interface FaultStage<Outside extends FaultOutside> {
  readonly host: ManualHost;
  readonly system: System;
  readonly outside: Outside;
  readonly actor: Address;
  /** Sends it a message and lets everything run that this causes. */
  send<M extends Message>(sent: M): void;
  /** Asks it to stop: the way to states in which it takes its leave. */
  stop(): void;
}

export interface FaultMatrix<Input, Outside extends FaultOutside> {
  readonly definition: ActorDefinition<Input>;
  /** A fresh outside for each run. */
  outside(host: ManualHost): Outside;
  input(outside: Outside): Input;
  /** For each state in which the actor can stay: what brings a new actor there. */
  readonly scripts: Readonly<Record<string, (stage: FaultStage<Outside>) => void | Promise<void>>>;
  /** States that need no script, each for a reason that the test says beside it. */
  readonly waived?: readonly string[];
}

const FAULTS = ['guard', 'assign', 'effect'] as const;

type Fault = (typeof FAULTS)[number];

/** How long the closing of what was open may take, in steps between which promises settle: the runtime's own limit. */
const CLOSING_STEPS = 6;
const CLOSING_STEP_MS = 1_000;

/**
 * In every state of an actor, a throw in a guard, in an assign and in an effect must become a failure that reaches the
 * supervisor, and must leave nothing open. Fails with a list of all that did not hold.
 */
export async function assertFaultsAreFailures<Input, Outside extends FaultOutside>(
  matrix: FaultMatrix<Input, Outside>,
): Promise<void> {
  const { definition, scripts, waived = [] } = matrix;
  const states = restingPlaces(definition.machine).map(pathOf);
  const problems = [
    ...states.filter((state) => !(state in scripts) && !waived.includes(state)).map((state) => `${state}: no script`),
    ...[...Object.keys(scripts), ...waived]
      .filter((state) => !states.includes(state))
      .map((state) => `${state}: no such state`),
  ];
  for (const [state, script] of Object.entries(scripts)) {
    for (const fault of FAULTS) {
      const found = await tryFault(matrix, { state, script, fault });
      problems.push(...found.map((problem) => `${state}, a throw in ${fault}: ${problem}`));
    }
  }
  assert.ok(problems.length === 0, `${definition.kind}:\n  ${problems.join('\n  ')}`);
}

interface Trial<Outside extends FaultOutside> {
  readonly state: string;
  readonly script: (stage: FaultStage<Outside>) => void | Promise<void>;
  readonly fault: Fault;
}

async function tryFault<Input, Outside extends FaultOutside>(
  matrix: FaultMatrix<Input, Outside>,
  { state, script, fault }: Trial<Outside>,
): Promise<readonly string[]> {
  const host = new ManualHost();
  const system = host.system('parent');
  const log = new RecordLog(system);
  const outside = matrix.outside(host);
  const heard: string[] = [];
  const subject = faulty(matrix.definition);
  const parent = system.start(parentOf(subject, heard), matrix.input(outside), outside.ports);
  const actor = childAddress(parent, 'subject');
  await host.settle();
  await script({
    host,
    system,
    outside,
    actor,
    send: (sent) => {
      system.send(actor, sent);
      host.run();
    },
    stop: () => {
      system.cellAt(actor)?.stop(() => undefined);
      host.run();
    },
  });
  await host.settle();
  const before = log.of('failure').map((record) => `it failed before: ${record.subject} ${record.detail['text']}`);
  const reached = system.cellAt(actor)?.life?.state ?? 'its end';
  if (before.length > 0 || !reached.split('+').includes(state)) {
    return [...before, `the script led to ${reached}`];
  }
  system.send(actor, message(`fault.${fault}`));
  await host.settle();
  for (let step = 0; step < CLOSING_STEPS && system.cellAt(actor) !== undefined; step += 1) {
    host.advance(CLOSING_STEP_MS);
    await host.settle();
  }
  return [...unheard(log, actor, heard), ...leftBehind(host, system, outside)];
}

/** What should have been told of the failure and was not. */
function unheard(log: RecordLog, actor: Address, heard: readonly string[]): readonly string[] {
  // XState puts its own words before what a guard throws.
  const isFailure = log.of('failure').some((record) => {
    return record.address === actor && `${record.detail['text']}`.includes(FAULT_TEXT);
  });
  return [
    ...(isFailure ? [] : ['no failure was recorded']),
    ...(heard.includes('failed') ? [] : ['it did not reach the supervisor: the parent was not told']),
  ];
}

function leftBehind(host: ManualHost, system: System, outside: FaultOutside): readonly string[] {
  const { actors, asks, hearers } = system.counts();
  return [
    ...outside.leftOpen(),
    ...(actors === 1 ? [] : [`${actors - 1} actors`]),
    ...(asks === 0 ? [] : [`${asks} questions`]),
    ...(hearers === 0 ? [] : [`${hearers} hearers of topics`]),
    ...(host.clock.armed === 0 ? [] : [`${host.clock.armed} armed timers`]),
  ].map((left) => `left open: ${left}`);
}

const FAULT_TEXT = 'a fault on purpose';

function fault(): never {
  throw new Error(FAULT_TEXT);
}

/** The same actor, with three more messages that every state takes, each of which throws at another place. */
function faulty<Input>(definition: ActorDefinition<Input>): ActorDefinition<Input> {
  const { machine, messages, effects } = definition;
  const config = machine.config;
  const on = {
    ...config.on,
    'fault.guard': { guard: fault, actions: [] },
    'fault.assign': { actions: assign(fault) },
    'fault.effect': { actions: emit({ type: 'fault.effect' }) },
  };
  // Rebuilt from its own configuration, whose types XState does not give back.
  const rebuilt = createMachine({ ...config, on } as never, machine.implementations as never) as AnyStateMachine;
  const classes = FAULTS.map((where) => [`fault.${where}`, 'request'] as const);
  return {
    ...definition,
    machine: rebuilt,
    messages: new Map([...messages, ...classes]),
    effects: (ports, self) => ({ ...effects(ports, self), 'fault.effect': fault }),
  };
}

/** Somebody to be told of the end. */
function parentOf<Input>(subject: ActorDefinition<Input>, heard: string[]): ActorDefinition<Input> {
  const machine = createMachine({
    context: ({ input }) => ({ input }),
    initial: 'watching',
    states: {
      watching: {
        entry: emit(({ context }) => ({ type: 'raise', input: context.input })),
        on: {
          'child.ended': {
            actions: emit(({ event }) => ({
              type: 'hear',
              outcome: (event as { readonly outcome?: unknown }).outcome,
            })),
          },
        },
      },
    },
  });
  const parent = actorsOver<Record<string, unknown>>()({
    kind: 'parent',
    machine,
    messages: { 'child.ended': 'system' },
    needs: [],
    effects: (_ports, self) => ({
      raise: (wish: unknown) => {
        const { input } = wish as { readonly input: Input };
        self.raise(subject, 'subject', input, { supervision: TELL_PARENT });
      },
      hear: (wish: unknown) => {
        heard.push((wish as { readonly outcome: { readonly type: string } }).outcome.type);
      },
    }),
  });
  return parent as ActorDefinition<Input>;
}
