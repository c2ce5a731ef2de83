import { envelopeOf, readCheckpoint } from './checkpoint';
import { BundleLogEntry } from './reading';

describe('readCheckpoint', () => {
  it.each(['0', '1', '90', '1234567'])('reads a tree of %s', treeSize => {
    expect(
      readCheckpoint(`log.example - 1\n${treeSize}\ncm9vdA==\n\n`),
    ).toEqual({ origin: 'log.example - 1', treeSize, rootHash: 'cm9vdA==' });
  });

  it.each([
    ['without an origin', '\n1\ncm9vdA==\n'],
    ['without a size', 'log.example'],
    ['without a root', 'log.example\n1'],
    ['with an empty root', 'log.example\n1\n\n'],
    ['with an empty size', 'log.example\n\ncm9vdA==\n'],
    ['with a size that goes on', 'log.example\n12x\ncm9vdA==\n'],
    ['with a size that begins otherwise', 'log.example\nx12\ncm9vdA==\n'],
    ['with a size in another notation', 'log.example\n0x1\ncm9vdA==\n'],
    ['with a size that begins with zero', 'log.example\n01\ncm9vdA==\n'],
  ])('refuses one %s', (_, envelope) => {
    expect(() => readCheckpoint(envelope)).toThrow(
      'the checkpoint is unreadable',
    );
  });
});

it.each([
  ['no proof', undefined, undefined],
  ['a proof that leads to none', { checkpoint: undefined }, undefined],
  ['one', { checkpoint: { envelope: 'a note' } }, 'a note'],
])('the checkpoint of an entry with %s', (_, inclusionProof, envelope) => {
  expect(envelopeOf({ inclusionProof } as BundleLogEntry)).toBe(envelope);
});
