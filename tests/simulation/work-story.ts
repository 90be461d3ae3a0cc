import type { UnitId } from '../../protocol/names.js';
import type { Random } from '../../runtime/random.js';
import { seededRandom } from '../../runtime/random.js';
import { CollectingReader, cat, echo, patterned, requestFor, steadily, WorkWorld } from '../property/work-world.js';

const IDS = ['a', 'b', 'c', 'd'] as const;
const PIECES = 20;
const PIECE_BYTES = 10_000;
const INPUT = patterned(200_000);
const UNITS = 4;
const BLOWS = 6;
/** A node that starts reads the folders of its units first. */
const RAISED_WITHIN_MS = 30_000;
/** The longest pause between two attempts to reach an executor is a minute; some follow each other. */
const ENDED_WITHIN_MS = 600_000;

interface Order {
  /** Its parameter, by which its run is known. */
  readonly tag: string;
  readonly workType: string;
  readonly to: string;
  unitId: UnitId | undefined;
  /** What the client was told; undefined when its node died first. */
  answer: string | undefined;
}

export interface WorkEnd {
  readonly faults: readonly string[];
  /** Units that the client was told of before its node died. */
  readonly confirmed: number;
}

/**
 * Units of work on a line of four nodes while nodes crash, vanish and return, and ways are cut. What `a` has confirmed
 * comes to an end: a success has its whole output, a failure a prefix of it; no command ever runs twice for one unit.
 */
export async function workStory(seed: string): Promise<WorkEnd> {
  const made = new WorkWorld({
    seed: `work ${seed}`,
    ids: IDS,
    commands: { cat, echo, stream: steadily(PIECES, PIECE_BYTES, 200) },
  });
  const random = seededRandom(`work story ${seed}`);
  await made.ready();
  const orders = Array.from({ length: UNITS }, (_, at) => order(made, random, `unit-${at}`));
  const away = new Set<string>();
  for (let blow = 0; blow < BLOWS; blow += 1) {
    await made.world.advance(100 + random.below(4_000));
    strike(made, random, away);
  }
  made.world.network.healAll();
  for (const id of away) {
    made.start(id);
  }
  await made.world.wait(made.node('a').started, RAISED_WITHIN_MS);
  const confirmed = orders.filter(({ answer, unitId }) => answer === 'confirmed' && unitId !== undefined);
  const faults: string[] = [];
  for (const one of confirmed) {
    faults.push(...(await endFaults(made, one)));
  }
  return { faults: [...faults, ...runFaults(made, orders), ...made.alarms], confirmed: confirmed.length };
}

function order(made: WorkWorld, random: Random, tag: string): Order {
  const workType = ['stream', 'cat', 'echo'][random.below(3)] ?? 'echo';
  const to = ['b', 'c', 'd', 'localhost'][random.below(4)] ?? 'd';
  const one: Order = { tag, workType, to, unitId: undefined, answer: undefined };
  const options = {
    params: tag,
    ...(workType === 'cat' ? { input: INPUT } : {}),
    onCreated: (unitId: UnitId) => {
      one.unitId = unitId;
    },
  };
  made.submit('a', to, workType, options).then(
    ({ outcome }) => {
      one.answer = outcome.ok ? 'confirmed' : outcome.refusal;
    },
    (thrown: unknown) => {
      one.answer = `${thrown}`;
    },
  );
  return one;
}

function strike(made: WorkWorld, random: Random, away: Set<string>): void {
  const at = random.below(IDS.length);
  const id = IDS[at] ?? 'a';
  const next = IDS[at + 1] ?? 'c';
  if (away.delete(id)) {
    made.start(id);
  } else if (random.unit() < 0.3) {
    made.world.network.partition([id], [next]);
  } else {
    made.crash(id, { isSilent: random.unit() < 0.4 });
    away.add(id);
  }
}

async function endFaults(made: WorkWorld, { tag, workType, to, unitId }: Order): Promise<readonly string[]> {
  const name = `${workType} on ${to} (${unitId})`;
  if (unitId === undefined) {
    return [`${name} has no id`];
  }
  const reader = new CollectingReader();
  const followed = await made.world.wait(
    made.node('a').ports.work.follow({ ...requestFor(unitId), startPosition: 0 }, reader),
    10_000,
  );
  if (!followed.ok) {
    return [`${name} cannot be followed: ${followed.refusal}`];
  }
  await made.world.until(() => reader.ending !== undefined, ENDED_WITHIN_MS);
  const whole = wholeOutput(workType, tag);
  const [, state] = /^end (\d) /.exec(reader.ending ?? '') ?? [];
  const isRight =
    state === '2'
      ? reader.output.equals(whole)
      : state === '3' && reader.output.equals(whole.subarray(0, reader.output.length));
  return [
    ...(isRight
      ? []
      : [`${name}: ${reader.ending ?? 'never ended'}, ${reader.output.length} of ${whole.length} bytes`]),
    ...(reader.gaps.length === 0 ? [] : [`${name}: gaps at ${reader.gaps.join(', ')}`]),
  ];
}

/** What a kind of work puts out when it is done. */
function wholeOutput(workType: string, tag: string): Buffer {
  switch (workType) {
    case 'stream':
      return Buffer.from(patterned(PIECES * PIECE_BYTES));
    case 'cat':
      return Buffer.from(INPUT);
    default:
      return Buffer.from(`${tag}\n`);
  }
}

/** No unit's command may run more often than once, wherever it ran. */
function runFaults(made: WorkWorld, orders: readonly Order[]): readonly string[] {
  const runs = IDS.flatMap((id) => made.world.host(id).processes.runs);
  return orders.flatMap(({ tag, workType, to }) => {
    const own = runs.filter(({ args }) => args.includes(tag)).length;
    return own > 1 ? [`${workType} on ${to} (${tag}) ran ${own} times`] : [];
  });
}
