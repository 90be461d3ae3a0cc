import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { der, derObject, derSequence, derText, WRITE_TAG } from '../../../../cli/cert/der-writer.js';
import { commonNameDer, nameText } from '../../../../cli/cert/distinguished-name.js';
import { derElements } from '../../../../runtime/security/der-reader.js';

const shown = (name: Uint8Array): string => nameText(derElements(name)?.[0]);
const part = (id: string, text: string): Uint8Array =>
  der(WRITE_TAG.set, derSequence(derObject(id), derText(WRITE_TAG.utf8String, text)));

describe('a distinguished name', () => {
  it('is a printable string where the reference writes one, and else UTF-8', () => {
    assert.deepEqual(
      ['alpha', 'a@b', 'ä'].map((text) => Buffer.from(commonNameDer(text)).toString('hex')),
      [
        '3010310e300c06035504031305' + '616c706861',
        '300e310c300a0603550403' + '0c03614062',
        '300d310b30090603550403' + '0c02c3a4',
      ],
    );
  });

  it('is shown with its last part first', () => {
    assert.equal(shown(derSequence(part('2.5.4.10', 'Example'), part('2.5.4.3', 'alpha'))), 'CN=alpha,O=Example');
  });

  it('shows what has no short name by its number and its bytes', () => {
    assert.equal(shown(derSequence(part('1.2.3', 'x'))), '1.2.3=#0c0178');
  });

  it('has a stroke before what would end a part', () => {
    assert.equal(shown(commonNameDer(' a,O=b+"c"\\#d ')), 'CN=\\ a\\,O=b\\+\\"c\\"\\\\#d\\ ');
    assert.equal(shown(commonNameDer('#x')), 'CN=\\#x');
  });

  it('is empty where there is none', () => {
    assert.equal(nameText(undefined), '');
  });
});
