import { expect } from 'chai';
import { lineSplitter } from './lines.ts';
import { parseAnswer, parseEntry, parseNote } from './protocol.ts';

describe('parseAnswer', () => {
  it('takes the three answers to this very write', () => {
    expect(parseAnswer('ack 7', 7)).to.equal('acknowledged');
    expect(parseAnswer('fail 7', 7)).to.equal('failed');
    expect(parseAnswer('fail 7 OOM command not allowed', 7)).to.equal('failed');
    expect(parseAnswer('unknown 7 no answer', 7)).to.equal('unknown');
  });

  for (const line of [
    '',
    'ack',
    'ack 8',
    'ack 70',
    'ack 7 more',
    ' ack 7',
    'ACK 7',
    'ack 7.0',
    'ok 7',
    'fail 8 x',
    'failed 7',
    'ack -7',
    'HTTP/1.1 400',
  ]) {
    it(`takes ${JSON.stringify(line)} for none`, () => {
      expect(parseAnswer(line, 7)).to.equal(undefined);
    });
  }
});

describe('parseNote', () => {
  it("reads a line of the writer's file", () => {
    expect(parseNote('ack 12 123456')).to.eql({ kind: 'acknowledged', seq: 12, ms: 1_234_560 });
    expect(parseNote('unknown 1 5')).to.eql({ kind: 'unknown', seq: 1, ms: 50 });
  });

  for (const line of [
    '',
    'ack 0 1',
    'ack 1',
    'ack 1 2 3',
    'ack 01 2',
    'ack 1 2.5',
    'yes 1 2',
    'ack 1 2 ',
  ]) {
    it(`takes ${JSON.stringify(line)} for none`, () => {
      expect(parseNote(line)).to.equal(undefined);
    });
  }
});

describe('parseEntry', () => {
  it('reads what a read program prints', () => {
    expect(parseEntry('3 4294967295')).to.eql({ seq: 3, value: 4_294_967_295 });
  });

  for (const line of [
    '',
    '3',
    '3 4 5',
    '-3 4',
    '3 4 ',
    '3\t4',
    '3 0x4',
    'LOADING Redis is loading',
  ]) {
    it(`takes ${JSON.stringify(line)} for none`, () => {
      expect(parseEntry(line)).to.equal(undefined);
    });
  }
});

describe('lineSplitter', () => {
  it('tells whole lines, however they are cut, and the last one at the end', () => {
    const text = 'one\nzwölf\n\nthree';
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const lines: string[] = [];
      const splitter = lineSplitter((line) => lines.push(line));
      for (let at = 0; at < bytes.length; at += size) splitter.add(bytes.subarray(at, at + size));
      expect(lines).to.eql(['one', 'zwölf', '']);
      splitter.end();
      expect(lines).to.eql(['one', 'zwölf', '', 'three']);
    }
  });

  it('keeps only so much of a line without end', () => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    for (let i = 0; i < 100; i += 1) splitter.add(Buffer.alloc(100, 'x'));
    splitter.add(Buffer.from('\n'));
    expect(lines.map((line) => line.length)).to.eql([1_000]);
  });
});
