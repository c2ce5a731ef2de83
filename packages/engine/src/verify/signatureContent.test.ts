import { KeyObject, generateKeyPairSync } from 'crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { readArtifact } from './artifact';
import { readBundle } from './evidence';
import { signatureContent } from './signatureContent';
import { MockInstance, digestOf, newKeys } from './__testUtils__/MockInstance';

describe('why it cannot be told whether a key made a signature over an artifact', () => {
  const ARTIFACT = Buffer.from('an artifact');
  const dsa = { modulusLength: 1024, divisorLength: 160 };
  const text = expect.stringContaining;

  it.each<[string, () => { publicKey: KeyObject }, unknown, unknown]>([
    [
      'a key on another curve',
      () => newKeys('secp256k1'),
      text('ec keys'),
      text('ec keys'),
    ],
    [
      'a DSA key',
      () => generateKeyPairSync('dsa', dsa),
      text('dsa keys'),
      text('dsa keys'),
    ],
    [
      'an Ed25519 key',
      () => generateKeyPairSync('ed25519'),
      text('only its digest is here'),
      undefined,
    ],
    ['a key on P-256', () => newKeys('prime256v1'), undefined, undefined],
  ])('%s', async (_, make, withoutBytes, withBytes) => {
    const instance = await MockInstance.create();
    const bundle = await instance.signMessage(ARTIFACT);
    const { content } = readBundle({ bundle });
    const { publicKey } = make();
    const told = [{}, { bytes: ARTIFACT }].map(known =>
      signatureContent(
        bundleFromJSON(bundle),
        content,
        readArtifact(digestOf(ARTIFACT), known),
      ).obstacleOf(publicKey),
    );
    expect(told).toEqual([withoutBytes, withBytes]);
  });
});
