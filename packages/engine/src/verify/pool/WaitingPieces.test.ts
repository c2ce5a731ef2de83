import { WaitingPiece, WaitingPieces } from './WaitingPieces';

const KILOBYTE = 1000;

function waiting(count: number, bytes = KILOBYTE, ofArtifact?: number) {
  const pieces = new WaitingPieces();
  for (let number = 0; number < count; number++) {
    pieces.add({
      evidence: { digest: `${number}`, bytes: new Uint8Array(bytes) },
      options: ofArtifact ? { bytes: new Uint8Array(ofArtifact) } : {},
    } as WaitingPiece);
  }
  return pieces;
}

const numbersOf = (batch: WaitingPiece[]) =>
  batch.map(({ evidence }) => Number(evidence.digest));

function batchesOf(pieces: WaitingPieces, threads: number) {
  const batches = [];
  while (!pieces.areNone) batches.push(numbersOf(pieces.next(threads)));
  return batches;
}

describe('what goes to a thread in one message', () => {
  it.each([
    ['one piece where one waits for each thread', 2, 2, [1, 1]],
    ['fewer towards the end', 12, 2, [3, 3, 2, 1, 1, 1, 1]],
    ['eight at most', 100, 1, [...Array(11).fill(8), 6, 3, 2, 1]],
  ])('%s', (_, count, threads, sizes) => {
    const batches = batchesOf(waiting(count), threads);
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    expect(batches.flat()).toEqual([...Array(count).keys()]);
  });

  it.each([
    ['evidence', () => waiting(40, 400 * KILOBYTE), 2],
    ['artifacts', () => waiting(40, KILOBYTE, 400 * KILOBYTE), 2],
    ['what alone is too large', () => waiting(40, 4000 * KILOBYTE), 1],
  ])('little of large %s', (_, make, length) => {
    const pieces = make();
    expect(pieces.next(1)).toHaveLength(length);
    expect(numbersOf(pieces.next(1))[0]).toBe(length);
  });

  it('what has to be done again is done before the rest', () => {
    const pieces = waiting(4);
    const [first, second] = [pieces.next(1), pieces.next(1)];
    pieces.putBack(first);
    expect(numbersOf(first)).toEqual([0, 1]);
    expect(numbersOf(second)).toEqual([2]);
    expect(numbersOf(pieces.next(1))).toEqual([0, 1]);
  });
});
