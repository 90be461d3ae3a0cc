import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiskContent, FileContent } from '../../../../runtime/simulation/disk-content.js';
import { bytes, text } from './pretended-stage.js';

describe('the content of a file', () => {
  it('grows without losing what it had', () => {
    const file = new FileContent();
    for (let piece = 0; piece < 100; piece += 1) {
      file.append(bytes(`${piece} `));
    }

    assert.equal(text(file.bytes()), Array.from({ length: 100 }, (_, piece) => `${piece} `).join(''));
    assert.equal(file.size, file.bytes().length);
  });

  it('goes back to what was synced last', () => {
    const file = new FileContent();
    file.append(bytes('a'));
    file.sync();
    file.append(bytes('b'));

    assert.equal(file.losePower(), true);
    assert.equal(text(file.bytes()), 'a');
    assert.equal(new FileContent().losePower(), false);
  });
});

describe('the content of a disk', () => {
  const withFolder = (): DiskContent => {
    const content = new DiskContent();
    content.makeFolders('/a/b');
    return content;
  };

  it('lists the folders right below a folder', () => {
    const content = withFolder();
    content.makeFolder('/a/c');

    assert.deepEqual(content.folders('/a'), ['b', 'c']);
    assert.deepEqual(content.folders(''), ['a']);
    assert.deepEqual(content.folders('/a/b'), []);
  });

  it('has one thing for each name, in a folder that is there', () => {
    const content = withFolder();
    content.create('/a/file', bytes('x'));

    assert.throws(() => content.create('/a/file', bytes('y')), { code: 'exists' });
    assert.throws(() => content.makeFolder('/a/file'), { code: 'exists' });
    assert.throws(() => content.makeFolder('/a/b'), { code: 'exists' });
    assert.throws(() => content.create('/nowhere/file', bytes('y')), { code: 'not-found' });
    assert.throws(() => content.replace('/nowhere/file', bytes('y')), { code: 'not-found' });
    assert.throws(() => content.get('/a/other'), { code: 'not-found' });
    assert.equal(content.find('/a/other'), undefined);
    assert.equal(content.opened('/a/file').size, 1);
    assert.equal(content.opened('/a/fresh').size, 0);
  });

  it('removes a folder with everything in it, and nothing beside it', () => {
    const content = withFolder();
    content.create('/a/b/file', bytes('x'));
    content.create('/a/bb', bytes('x'));

    content.remove('/a/b');

    assert.deepEqual(content.paths(), ['/a/bb']);
    assert.deepEqual(content.folders('/a'), []);
  });

  it('tells the path of every file that changes', () => {
    const content = withFolder();
    const heard: string[] = [];
    content.onChange = (path) => heard.push(path);
    const file = content.create('/a/one', bytes('x'));
    content.append('/a/one', file, bytes('y'));
    content.replace('/a/two', bytes('x'));
    content.remove('/a/one');

    assert.deepEqual(heard, ['/a/one', '/a/one', '/a/two', '/a/one']);
  });
});
