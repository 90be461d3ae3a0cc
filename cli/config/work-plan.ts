import type { WorkCommandOptions } from '../../actors/node-options.js';
import { splitShellWords } from '../../protocol/work/shell-words.js';
import type { ConfigItem } from './config-item.js';

/** A `work-command` (control-and-work 3.3). */
export function workCommandOf(item: ConfigItem): WorkCommandOptions {
  const workType = item.text('worktype');
  const command = item.text('command');
  const params = item.text('params');
  if (workType === '' || command === '') {
    const name = workType === '' ? 'worktype' : 'command';
    throw item.error(`${name} of ${item.label} is empty`, `for example ${item.entity.example}`, name);
  }
  if (item.truth('verifysignature')) {
    throw item.error(
      `VerifySignature for work command '${workType}' is true, but the work verification public key is not specified`,
      'this version does not verify signatures yet: leave verifysignature out, and the node takes unsigned work',
      'verifysignature',
    );
  }
  const words = splitShellWords(params);
  if (!words.ok) {
    throw item.error(`params of ${item.label}: ${words.fault.detail}`, 'close the quotation', 'params');
  }
  return { workType, command, params, allowRuntimeParams: item.truth('allowruntimeparams') };
}
