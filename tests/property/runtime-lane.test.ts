import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Lane } from '../../runtime/lane.js';
import { Turn } from '../../runtime/turn.js';
import { ManualScheduler } from '../support/manual-host.js';
import { RecordingSession, textOf } from '../support/recording-session.js';

type LaneStep =
  | { readonly type: 'push' | 'urgent'; readonly size: number; readonly joins: boolean }
  | { readonly type: 'turn' | 'block' | 'drain' | 'shut' | 'open' | 'wait' };

const packetStep = fc.record({
  type: fc.constantFrom('push' as const, 'push' as const, 'push' as const, 'urgent' as const),
  size: fc.integer({ min: 1, max: 12 }),
  joins: fc.boolean(),
});
const otherStep = fc.record({
  type: fc.constantFrom(
    'turn' as const,
    'turn' as const,
    'block' as const,
    'drain' as const,
    'shut' as const,
    'open' as const,
    'wait' as const,
  ),
});
const script = fc.array(fc.oneof({ weight: 2, arbitrary: packetStep }, { weight: 1, arbitrary: otherStep }), {
  maxLength: 150,
});

const LIMITS = { bytes: 40, packets: 6, urgentBytes: 20 } as const;

/** Packets cut from one long buffer, each with room for a prefix before it; `joins` puts it right behind the last. */
class PacketSource {
  readonly #buffer = new Uint8Array(8_192);
  #at = 0;

  next(size: number, joins: boolean): { readonly buffer: Uint8Array; readonly start: number; readonly end: number } {
    const start = this.#at + (joins ? 2 : 3);
    const end = start + size;
    this.#buffer[start - 2] = 0;
    this.#buffer[start - 1] = size;
    this.#buffer.fill(97 + (this.#at % 26), start, end);
    this.#at = end;
    return { buffer: this.#buffer, start, end };
  }
}

describe('a lane', () => {
  for (const kind of ['stream', 'message'] as const) {
    it(`of a ${kind} session keeps order and bounds, loses nothing it took, and wakes who waits`, () => {
      fc.assert(
        fc.property(script, (steps: readonly LaneStep[]) => {
          const scheduler = new ManualScheduler();
          const turn = new Turn(scheduler, (thrown) => assert.fail(`${thrown}`));
          const session = new RecordingSession({ kind });
          const lane = new Lane(session, turn, LIMITS);
          const source = new PacketSource();
          const prefix = kind === 'stream' ? 2 : 0;
          const taken: string[] = [];
          let [waiting, woken] = [0, 0];
          lane.open();
          for (const step of steps) {
            if (step.type === 'push' || step.type === 'urgent') {
              const { buffer, start, end } = source.next(step.size, step.joins);
              const hadRoom = lane.hasRoom;
              const isTaken =
                step.type === 'push' ? lane.push(buffer, start, end) : lane.pushUrgent(buffer, start, end);
              assert.ok(step.type === 'urgent' || isTaken === hadRoom);
              if (isTaken) {
                taken.push(textOf(buffer.subarray(start - prefix, end)));
              }
            } else if (step.type === 'turn') {
              scheduler.runSoon();
            } else if (step.type === 'block') {
              session.hasRoom = false;
            } else if (step.type === 'drain') {
              session.hasRoom = true;
              lane.drained();
              scheduler.runSoon();
              assert.equal(woken, waiting, 'somebody waits although there is room');
            } else if (step.type === 'wait') {
              waiting += 1;
              lane.whenRoom({
                endTurn: () => {
                  woken += 1;
                },
              });
            } else {
              lane[step.type]();
            }
            assert.ok(lane.queuedBytes < LIMITS.bytes + 12 + prefix, `${lane.queuedBytes} bytes wait`);
          }
          lane.flushAll();

          assert.equal(session.text, taken.join(''));
          if (kind === 'message') {
            assert.deepEqual(session.parts, taken);
          }
          assert.equal(lane.counters.packets, taken.length);
          assert.equal(lane.counters.bytes, taken.join('').length);
          assert.equal(lane.counters.writes, session.sends.length);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('of a stream session sends what lies together as one part', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 12 }), joins: fc.boolean() }), {
          minLength: 1,
          maxLength: 40,
        }),
        (packets) => {
          const scheduler = new ManualScheduler();
          const session = new RecordingSession();
          const lane = new Lane(session, new Turn(scheduler, (thrown) => assert.fail(`${thrown}`)));
          const source = new PacketSource();
          lane.open();
          for (const { size, joins } of packets) {
            const { buffer, start, end } = source.next(size, joins);
            assert.ok(lane.push(buffer, start, end));
          }
          scheduler.runSoon();

          const gaps = packets.filter(({ joins }, at) => at > 0 && !joins).length;
          assert.equal(session.parts.length, gaps + 1);
        },
      ),
    );
  });
});
