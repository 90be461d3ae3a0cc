import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorLine } from '../../../../protocol/control/reply.js';
import * as reply from '../../../../protocol/control/work-reply.js';
import { parseUnitId, type UnitId } from '../../../../protocol/names.js';
import { decodeStatusFile } from '../../../../protocol/work/status.js';
import { controlTranscript, utf8 } from '../../../support/wire-vectors.js';

const transcript = controlTranscript();

function unit(text: string): UnitId {
  const parsed = parseUnitId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function recorded(line: string): string {
  return transcript.static.find((each) => each.line === line)?.reply ?? assert.fail(line);
}

test('prompts for the payload and tells the result as Receptor 1.6.9 does', () => {
  transcript.submits.forEach(({ prompt, result }, index) => {
    const unitId = unit(transcript.units[index]?.unit ?? '');
    assert.equal(reply.submitPromptLine(unitId), prompt);
    if (result.startsWith('{')) assert.equal(reply.submittedLine(unitId, 'Job Started'), result);
  });
  assert.equal(reply.submittedLine(unit('x'), 'Job Submitted'), '{"result":"Job Submitted","unitid":"x"}\n');
});

test('tells the status of a unit as Receptor 1.6.9 does, from the file that it wrote', () => {
  assert.equal(transcript.units.length, 4);
  for (const { file, reply: line } of transcript.units) {
    const status = decodeStatusFile(utf8(file));
    assert.ok(status.ok);
    // The reference answers from memory, which may lag behind the file of a running unit.
    const { StdoutSize: stdoutSize } = JSON.parse(line) as { StdoutSize: number };
    assert.equal(reply.unitStatusLine({ ...status.value, stdoutSize }), line);
  }
});

test('lists units as Receptor 1.6.9 does', () => {
  const units = JSON.parse(transcript.list.reply) as Record<string, object>;
  const statuses = Object.entries(units).map(([unitId, status]) => {
    const decoded = decodeStatusFile(utf8(JSON.stringify(status)));
    assert.ok(decoded.ok);
    return [unit(unitId), decoded.value] as const;
  });
  assert.equal(reply.unitListLine(new Map(statuses.reverse())), transcript.list.reply);
  assert.equal(reply.unitListLine(new Map()), '{}\n');
});

test('tells what became of a unit as Receptor 1.6.9 does', () => {
  const outcomes = { cancel: 'cancelled', release: 'released', 'force-release': 'released' } as const;
  for (const { line, reply: answer } of transcript.actions) {
    const [, verb = '', unitId = ''] = line.split(' ');
    assert.equal(reply.unitOutcomeLine(unit(unitId), outcomes[verb as keyof typeof outcomes]), answer);
  }
  assert.equal(reply.unitOutcomeLine(unit('x'), 'release pending'), '{"release pending":"x"}\n');
});

test('begins streams with their line', () => {
  const first = unit(transcript.units[0]?.unit ?? '');
  assert.ok(transcript.results_of_first_from_1.startsWith(reply.resultsLine(first)));
  assert.equal(reply.followLine(first), `Following work unit ${first}\n`);
});

test('refuses with the sentences of Receptor 1.6.9', () => {
  assert.equal(errorLine(reply.unknownUnitText('x')), recorded('work status x'));
  assert.equal(errorLine(reply.badCommandText()), recorded('work bogus'));
  assert.equal(errorLine(reply.WORK_REFUSAL.unknownWorkType('nosuch')), recorded('work submit localhost nosuch'));
  assert.equal(
    errorLine(reply.WORK_REFUSAL.unitIdInUse(unit(transcript.units[3]?.unit ?? ''))),
    transcript.in_use.reply,
  );
  const far = reply.WORK_REFUSAL.farRefusal(errorLine(reply.WORK_REFUSAL.paramsNotAllowed));
  assert.equal(errorLine(far.trim()), transcript.submits[2]?.result);
  const texts = [
    [reply.WORK_REFUSAL.ttlForLocalWork, '"ttl":"1s"'],
    [reply.WORK_REFUSAL.signatureNotExpected, '"signature":"zz"'],
    [reply.WORK_REFUSAL.secretsWithoutTls, '"Secret_x"'],
  ] as const;
  for (const [text, part] of texts) {
    assert.equal(transcript.static.find(({ line }) => line.includes(part))?.reply, errorLine(text));
  }
});

test('tells why a signature is not good in the words of control-and-work 3.6', () => {
  const { signatureEmpty, signatureKeyMissing, audienceWrong, signingKeyMissing } = reply.WORK_REFUSAL;
  assert.deepEqual(
    [signatureEmpty, signatureKeyMissing, audienceWrong, signingKeyMissing],
    [
      'could not verify signature: signature is empty',
      'could not verify signature: verifying key not specified',
      'token audience did not match node ID',
      'cannot sign work: signing key is empty',
    ],
  );
  assert.equal(reply.WORK_REFUSAL.signatureBad('x'), 'could not verify signature: x');
  assert.equal(reply.WORK_REFUSAL.farError('x'), 'error from remote: x');
});
