import type { EffectTable } from '../../runtime/define-actor.js';
import { codeOf, describe } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import { DIRECTORY } from '../addresses.js';
import type { DirectoryMessage } from '../mesh/directory-vocabulary.js';
import { partFailed, partReady } from '../topics.js';
import { WorkBook, type WorkBookPorts } from './work-book.js';
import type { ManagerMessage, ManagerWish } from './work-vocabulary.js';

/** What the manager does for its machine. */
export function managerEffects(ports: WorkBookPorts, self: Self<ManagerMessage>): EffectTable<ManagerWish> {
  const { workKit } = ports;
  const book = new WorkBook(ports, self);
  return {
    recover: () => {
      self.attempt(
        book.recover(),
        () => ({ type: 'recovery.done' }),
        (error) => ({ type: 'recovery.failed', text: `${describe(error)} (${codeOf(error)})` }),
      );
    },
    'tell-ready': () => {
      const workTypes: DirectoryMessage = { type: 'work-types.changed', workTypes: workKit.types.adverts() };
      self.send(DIRECTORY, workTypes);
      self.publish(partReady, { part: self.address });
    },
    'tell-failed': ({ text }) => {
      // A place that cannot be opened, as for a listener: the node ends a start that meets one.
      const address = { transport: 'unix', path: workKit.unitsFolder } as const;
      self.publish(partFailed, { part: self.address, address, fault: { code: 'data-folder', text } });
    },
    create: ({ unit, unitId, replyTo }) => self.reply(replyTo, book.create(unit, unitId)),
    'tell-actor': ({ unitId, replyTo }) => self.reply(replyTo, book.addressOf(unitId)),
    seek: ({ unitId, replyTo }) => {
      book
        .find(unitId)
        .then((isKnown) => self.reply(replyTo, isKnown))
        .catch((thrown: unknown) => self.fail(thrown));
    },
    'note-end': ({ ended }) => book.ended(ended),
  };
}
