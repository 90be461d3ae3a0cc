import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteReader, ByteWriter, readU32Be, writeU32Be } from '../../../protocol/bytes.js';

const BYTES = Uint8Array.from([0x01, 0x82, 0x03, 0x84, 0xf5, 0x06, 0xf7, 0x08]);

test('single reads and writes of 32 bits are big-endian and unsigned', () => {
  const target = new Uint8Array(6);

  writeU32Be(target, 1, 0xfedcba98);

  assert.deepEqual([...target], [0, 0xfe, 0xdc, 0xba, 0x98, 0]);
  assert.equal(readU32Be(target, 1), 0xfedcba98);
  assert.equal(readU32Be(BYTES, 4), 0xf506f708);
});

test('a reader reads each width in both byte orders', () => {
  assert.equal(new ByteReader(BYTES).u8(), 0x01);
  assert.equal(new ByteReader(BYTES).u16Be(), 0x0182);
  assert.equal(new ByteReader(BYTES).u16Le(), 0x8201);
  assert.equal(new ByteReader(BYTES).u32Be(), 0x01820384);
  assert.equal(new ByteReader(BYTES).u32Le(), 0x84038201);
  assert.deepEqual(new ByteReader(BYTES).u64Be(), { hi: 0x01820384, lo: 0xf506f708 });
  assert.deepEqual(new ByteReader(BYTES).u64Le(), { hi: 0x08f706f5, lo: 0x84038201 });
  assert.deepEqual([...new ByteReader(BYTES, 2).take(3)], [0x03, 0x84, 0xf5]);
});

test('a read may use up the very last byte', () => {
  const lastOf = (count: number) => new ByteReader(BYTES, BYTES.length - count);

  assert.equal(lastOf(1).u8(), 0x08);
  assert.equal(lastOf(2).u16Be(), 0xf708);
  assert.equal(lastOf(4).u32Be(), 0xf506f708);
  assert.equal(lastOf(8).u64Be().lo, 0xf506f708);
  assert.equal(lastOf(3).take(3).length, 3);
});

test('a reader knows where it is and how much is left', () => {
  const reader = new ByteReader(BYTES, 1, 6);

  reader.u16Be();

  assert.equal(reader.offset, 3);
  assert.equal(reader.remaining, 3);
});

test('a read that does not fit gives nothing and marks the reader for good', () => {
  const reader = new ByteReader(BYTES, 6);

  assert.equal(reader.u32Be(), 0);
  assert.equal(reader.overrun, true);
  assert.deepEqual([reader.u16Be(), reader.u16Le(), reader.u32Le()], [0, 0, 0]);
  assert.deepEqual(
    [reader.u64Be(), reader.u64Le()],
    [
      { hi: 0, lo: 0 },
      { hi: 0, lo: 0 },
    ],
  );
  assert.equal(reader.u8(), 0, 'even a read that would fit');
  assert.equal(reader.take(1).length, 0);
  assert.equal(reader.offset, 6);
});

test('a reader never goes past the end that it was given, nor past the array', () => {
  const reader = new ByteReader(BYTES, 0, 3);
  assert.deepEqual([reader.u16Be(), reader.u16Be(), reader.overrun], [0x0182, 0, true]);

  assert.equal(new ByteReader(BYTES, 0, 100).remaining, BYTES.length);
  assert.equal(new ByteReader(BYTES).take(-1).length, 0);
});

test('a writer writes each width in both byte orders', () => {
  const target = new Uint8Array(29);
  const writer = new ByteWriter(target);

  writer.u8(0xff);
  writer.u16Be(0x0102);
  writer.u16Le(0x0102);
  writer.u32Be(0x81020304);
  writer.u32Le(0x81020304);
  writer.u64Be({ hi: 0x01020304, lo: 0xf5060708 });
  writer.u64Le({ hi: 0x01020304, lo: 0xf5060708 });

  const expected = 'ff0102020181020304040302810102030' + '4f5060708080706f504030201';
  assert.equal(Buffer.from(target).toString('hex'), expected);
  assert.equal(writer.overrun, false);
});

test('a write that does not fit changes nothing and marks the writer for good', () => {
  const target = new Uint8Array(5);
  const writer = new ByteWriter(target, 0, 3);

  writer.u8(1);
  writer.bytes(Uint8Array.from([2, 3, 4]));
  writer.u8(9);

  assert.deepEqual([...target], [1, 0, 0, 0, 0]);
  assert.equal(writer.overrun, true);
  assert.equal(writer.offset, 1);
});

test('a writer copies bytes and goes on behind them', () => {
  const target = new Uint8Array(4);
  const writer = new ByteWriter(target);

  writer.bytes(Uint8Array.from([7, 8]));
  writer.u16Be(0x0a0b);

  assert.deepEqual([...target], [7, 8, 0x0a, 0x0b]);
});

test('each width is written at the very start too', () => {
  const written = (write: (writer: ByteWriter) => void) => {
    const target = new Uint8Array(8);
    write(new ByteWriter(target));
    return Buffer.from(target).toString('hex');
  };

  assert.equal(
    written((writer) => writer.u8(0xab)),
    'ab00000000000000',
  );
  assert.equal(
    written((writer) => writer.u16Be(0xabcd)),
    'abcd000000000000',
  );
  assert.equal(
    written((writer) => writer.u32Be(0xabcdef01)),
    'abcdef0100000000',
  );
  assert.equal(
    written((writer) => writer.u64Be({ hi: 0xabcdef01, lo: 2 })),
    'abcdef0100000002',
  );
  assert.equal(
    written((writer) => writer.bytes(Uint8Array.of(1, 2))),
    '0102000000000000',
  );
});
