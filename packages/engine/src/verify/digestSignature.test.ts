import { createHash, generateKeyPairSync, sign } from 'crypto';
import { readFileSync } from 'fs';
import { verifyDigestSignature, whyNotFromDigest } from './digestSignature';
import { ENGINE_REVISION } from './engineRevision';
import { newKeys } from './__testUtils__/MockInstance';

const DATA = Buffer.from('what is signed');

describe('signatures verified from a digest', () => {
  it.each([
    ['prime256v1', 'sha256'],
    ['secp384r1', 'sha384'],
    ['secp384r1', 'sha256'],
    ['secp521r1', 'sha512'],
  ])('agrees with Node on %s with %s', (curve, algorithm) => {
    const { privateKey, publicKey } = newKeys(curve);
    const digest = createHash(algorithm).update(DATA).digest();
    for (let round = 0; round < 20; round++) {
      const signature = sign(algorithm, DATA, privateKey);
      expect(verifyDigestSignature(publicKey, digest, signature)).toBe(true);
      signature[signature.length - 1] ^= 1;
      expect(verifyDigestSignature(publicKey, digest, signature)).toBe(false);
    }
    const signature = sign(algorithm, DATA, privateKey);
    const other = createHash(algorithm).update('other').digest();
    expect(verifyDigestSignature(publicKey, other, signature)).toBe(false);
    const { publicKey: stranger } = newKeys(curve);
    expect(verifyDigestSignature(stranger, digest, signature)).toBe(false);
    expect(verifyDigestSignature(publicKey, digest, Buffer.alloc(0))).toBe(
      false,
    );
  });

  it('says why other keys cannot be', () => {
    expect(whyNotFromDigest(newKeys('prime256v1').publicKey)).toBeUndefined();
    expect(whyNotFromDigest(generateKeyPairSync('ed25519').publicKey)).toMatch(
      /Ed25519/,
    );
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(whyNotFromDigest(rsa.publicKey)).toMatch(/rsa/);
    expect(verifyDigestSignature(rsa.publicKey, DATA, DATA)).toBe(false);
  });
});

it('the engine revision names the library that is installed', () => {
  const path = require.resolve('@sigstore/verify/package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8'));
  expect(ENGINE_REVISION).toMatch(
    new RegExp(`^engine-\\d+\\+verify-${version.replaceAll('.', '\\.')}$`),
  );
});
