import fc from 'fast-check';
import { compress } from 'snappyjs';
import { decodeSnappy } from './decodeSnappy';

const MOST = 1024 * 1024;
const block = (...bytes: number[]) => Uint8Array.from(bytes);

describe('decodeSnappy', () => {
  it('decodes what another implementation compressed', () => {
    const repetitive = fc
      .tuple(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ max: 3000, min: 0 }),
      )
      .map(([part, times]) => Buffer.concat(Array(times).fill(part)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), repetitive), bytes => {
        const given = Buffer.from(bytes);
        expect(decodeSnappy(compress(given), MOST).equals(given)).toBe(true);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });

  it('decodes literals with their length apart, and copies of all forms', () => {
    const text = 'abcdefgh';
    const literal = [60 * 4, text.length - 1, ...Buffer.from(text)];
    const short = [1 + 4 * (4 - 4) + 32 * 0, 8];
    const long = [2 + 4 * (2 - 1), 2, 0];
    const longest = [3 + 4 * (3 - 1), 1, 0, 0, 0];
    const all = block(17, ...literal, ...short, ...long, ...longest);
    expect(decodeSnappy(all, MOST).toString()).toBe('abcdefghabcdcdddd');
  });

  it.each([
    ['that is empty', block()],
    ['without an end of its length', block(0xff, 0xff, 0xff, 0xff, 0xff, 1)],
    ['with less than it says', block(2, 0, 97)],
    ['with more than it says', block(1, 4, 97, 97)],
    ['whose literal is cut', block(4, 12, 97)],
    ['whose literal has no length', block(4, 240)],
    // Decoders that read these as signed numbers go backwards, for ever.
    [
      'whose literal is longer than 2 GB',
      block(4, 252, 250, 255, 255, 255, 0, 0),
    ],
    ['that copies from before its start', block(5, 0, 97, 1, 2)],
    ['that copies from nowhere', block(5, 0, 97, 1, 0)],
    ['whose copy has no offset', block(8, 0, 97, 2, 1)],
    ['that copies beyond its end', block(3, 0, 97, 1, 1)],
  ])('refuses a block %s', (_, given) => {
    expect(() => decodeSnappy(given, MOST)).toThrow(/Snappy/);
  });

  it('allocates nothing for a block that says it is too long', () => {
    const bomb = block(0xff, 0xff, 0xff, 0xff, 0x0f);
    expect(() => decodeSnappy(bomb, MOST)).toThrow(RangeError);
    expect(() => decodeSnappy(compress(Buffer.alloc(11)), 10)).toThrow(
      'it holds more than 10 bytes',
    );
    expect(decodeSnappy(compress(Buffer.alloc(10)), 10)).toHaveLength(10);
  });
});
