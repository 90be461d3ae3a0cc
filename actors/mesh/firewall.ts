import { decidingRule, type FirewallAction, type FirewallRule } from '../../protocol/firewall.js';
import {
  destinationHi,
  destinationLo,
  destinationService,
  FLOW_BYTES,
  FLOW_START,
  sourceHi,
  sourceLo,
  sourceService,
} from '../../protocol/netceptor/datagram.js';
import type { NameTable } from './name-table.js';

/** Flows whose verdict is remembered; a stranger can invent any number. */
const FLOWS_MAX = 10_000;

/** What becomes of a packet; `nameless` is one of nodes that are not known, which no rule can judge. */
export type FirewallVerdict = FirewallAction | 'nameless';

/**
 * The rules of a node over the packets that pass (mesh-protocol 8). The verdict on a flow (both nodes, both services)
 * is remembered, so that rules are held against the first packet of a flow only.
 */
export class Firewall {
  readonly rules: readonly FirewallRule[];
  readonly #names: NameTable;
  readonly #verdicts = new Map<string, FirewallVerdict>();
  readonly #last = new Uint8Array(FLOW_BYTES);
  #lastVerdict: FirewallVerdict | undefined;

  constructor(rules: readonly FirewallRule[], names: NameTable) {
    this.rules = rules;
    this.#names = names;
  }

  /** The verdict on the packet that starts here. Packets of one flow come in runs: the last flow costs a comparison. */
  verdictOf(bytes: Uint8Array, start: number): FirewallVerdict {
    if (this.#lastVerdict !== undefined && this.#isLast(bytes, start)) {
      return this.#lastVerdict;
    }
    const flow = bytes.subarray(start + FLOW_START, start + FLOW_START + FLOW_BYTES);
    const verdict = this.#remembered(String.fromCharCode(...flow), bytes, start);
    this.#last.set(flow);
    // A name may become known at any moment.
    this.#lastVerdict = verdict === 'nameless' ? undefined : verdict;
    return verdict;
  }

  #isLast(bytes: Uint8Array, start: number): boolean {
    const last = this.#last;
    for (let at = 0; at < FLOW_BYTES; at += 1) {
      if (last[at] !== bytes[start + FLOW_START + at]) {
        return false;
      }
    }
    return true;
  }

  #remembered(key: string, bytes: Uint8Array, start: number): FirewallVerdict {
    const known = this.#verdicts.get(key);
    if (known !== undefined) {
      return known;
    }
    const verdict = this.#judge(bytes, start);
    if (verdict !== 'nameless') {
      if (this.#verdicts.size >= FLOWS_MAX) {
        this.#verdicts.clear();
      }
      this.#verdicts.set(key, verdict);
    }
    return verdict;
  }

  #judge(bytes: Uint8Array, start: number): FirewallVerdict {
    const fromNode = this.#names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start));
    const toNode = this.#names.nameOf(destinationHi(bytes, start), destinationLo(bytes, start));
    if (fromNode === undefined || toNode === undefined) {
      return 'nameless';
    }
    const flow = {
      fromNode,
      toNode,
      fromService: sourceService(bytes, start),
      toService: destinationService(bytes, start),
    };
    const at = decidingRule(this.rules, flow);
    return at === undefined ? 'accept' : (this.rules[at]?.action ?? 'accept');
  }
}
