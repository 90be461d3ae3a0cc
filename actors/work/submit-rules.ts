import type { WorkSubmit } from '../../protocol/control/command-line.js';
import { unknownTlsText } from '../../protocol/control/reply.js';
import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import { GO_ZERO_TIME, type GoTime, goTime, instantFromMs } from '../../protocol/go-time.js';
import { type NodeId, resolveNode } from '../../protocol/names.js';
import {
  type ExtraData,
  NEW_REMOTE,
  NO_EXTRA_DATA,
  REMOTE_WORK_TYPE,
  type RemoteExtraData,
} from '../../protocol/work/extra-data.js';
import { newUnitStatus, type UnitStatus } from '../../protocol/work/status.js';
import type { UnitRequest, WorkOrigin, WorkOutcome } from '../control/work-desk.js';
import { DETAIL } from './unit-details.js';
import type { UnitPlan } from './unit-vocabulary.js';
import type { WorkTypes } from './work-types.js';

/** A unit as it is to be made. */
export interface NewUnit {
  readonly plan: UnitPlan;
  readonly status: UnitStatus;
}

/** What a submit is judged by. */
export interface SubmitFacts {
  readonly self: NodeId;
  readonly types: WorkTypes;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

const SECRET_PREFIX = 'secret_';
const NS_PER_MS = 1_000_000;

/** What a submit comes to, or why it is refused: the checks of the reference, in its order (control-and-work 2.1). */
export function newUnitFor(submit: WorkSubmit, facts: SubmitFacts): WorkOutcome<NewUnit> {
  if (submit.signature !== '') {
    return refused(WORK_REFUSAL.signatureNotExpected);
  }
  const node = resolveNode(submit.node, facts.self);
  if (node === undefined) {
    return refused(`no node can have the name ${JSON.stringify(submit.node)}`);
  }
  return node === facts.self ? localUnit(submit, facts) : farUnit(submit, node, facts);
}

function localUnit(submit: WorkSubmit, { types }: SubmitFacts): WorkOutcome<NewUnit> {
  if (submit.ttl !== undefined) {
    return refused(WORK_REFUSAL.ttlForLocalWork);
  }
  const job = types.jobFor(submit.workType, submit.params);
  if (!job.ok) {
    return job;
  }
  return { ok: true, value: { plan: { type: 'command', job: job.value }, status: waiting(submit.workType) } };
}

function farUnit(submit: WorkSubmit, node: NodeId, { nowMs }: SubmitFacts): WorkOutcome<NewUnit> {
  if (submit.tlsClient !== '') {
    return refused(unknownTlsText(submit.tlsClient));
  }
  if (Array.from(submit.params.keys()).some((name) => name.toLowerCase().startsWith(SECRET_PREFIX))) {
    return refused(WORK_REFUSAL.secretsWithoutTls);
  }
  if (submit.ttl?.ok === false) {
    return refused(submit.ttl.fault.detail);
  }
  const extra: RemoteExtraData = {
    ...NEW_REMOTE,
    remoteNode: node,
    remoteWorkType: submit.workType,
    remoteParams: submit.params,
    signWork: submit.signWork,
    tlsClient: submit.tlsClient,
    expiration: expirationOf(submit.ttl?.value, nowMs),
  };
  return { ok: true, value: { plan: { type: 'far' }, status: waiting(REMOTE_WORK_TYPE, extra) } };
}

function expirationOf(ttlNs: number | undefined, nowMs: number): GoTime {
  return ttlNs === undefined ? GO_ZERO_TIME : goTime(instantFromMs(nowMs + ttlNs / NS_PER_MS));
}

function waiting(workType: string, extraData: ExtraData = NO_EXTRA_DATA): UnitStatus {
  return { ...newUnitStatus(workType, extraData), detail: DETAIL.waiting };
}

/** Why a request for a unit is refused on account of its signature; undefined for none (control-and-work 3.6). */
export function signatureRefusal(
  { extraData }: UnitStatus,
  { signature, origin }: Pick<UnitRequest, 'signature'> & { readonly origin: WorkOrigin },
): string | undefined {
  const isRequired = extraData.type === 'remote' && extraData.signWork;
  if (!isRequired) {
    return signature === '' ? undefined : WORK_REFUSAL.signatureNotExpected;
  }
  if (origin === 'unix') {
    return undefined;
  }
  return signature === '' ? WORK_REFUSAL.signatureEmpty : WORK_REFUSAL.signatureKeyMissing;
}

function refused(refusal: string): { readonly ok: false; readonly refusal: string } {
  return { ok: false, refusal };
}
