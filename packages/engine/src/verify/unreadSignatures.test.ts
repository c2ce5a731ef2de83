import { createHash, createPublicKey, generateKeyPairSync } from 'crypto';
import { eddsa } from '@noble/curves/abstract/edwards';
import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/nist';
import { verifyEd25519phFromDigest } from './ed25519phFromDigest';
import { loadTrustedRoot } from './trustedRoot';
import { unreadEd25519Signature } from './unreadSignatures';
import { verifyEvidence } from './verifyEvidence';
import {
  KeyPair,
  MockInstance,
  asEvidence,
  digestOf,
  pemOf,
  signPrehashed,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const SHA512 = createHash('sha512').update(ARTIFACT).digest();

const pointOf = ({ publicKey }: KeyPair) => {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
};

describe('Ed25519 signatures without an envelope', () => {
  it('are made by Ed25519 keys, not by others with the same number in them', () => {
    /** A key on P-256 whose abscissa is an Ed25519 key. */
    const keyWithAbscissa = (abscissa: Buffer) => {
      try {
        const point = p256.ProjectivePoint.fromHex(
          `02${abscissa.toString('hex')}`,
        );
        const y = Buffer.from(point.toHex(false).slice(66), 'hex');
        const jwk = {
          ...{ kty: 'EC', crv: 'P-256', x: abscissa.toString('base64url') },
          y: y.toString('base64url'),
        };
        return createPublicKey({ format: 'jwk', key: jwk });
      } catch {
        return undefined;
      }
    };
    // Every second number is the abscissa of a point.
    const keys = Array.from({ length: 64 }, () =>
      generateKeyPairSync('ed25519'),
    ).find(pair => keyWithAbscissa(pointOf(pair)))!;
    const other = keyWithAbscissa(pointOf(keys))!;
    const signature = signPrehashed(keys)(ARTIFACT);
    const known = { sha512: SHA512, bytes: ARTIFACT };
    expect(unreadEd25519Signature(keys.publicKey, signature, known)).toBe(
      'an Ed25519ph signature without an envelope',
    );
    expect(unreadEd25519Signature(other, signature, known)).toBeUndefined();
  });

  it('are of no form where they are prehashed by another function than SHA-512', async () => {
    const keys = generateKeyPairSync('ed25519');
    const { d = '' } = keys.privateKey.export({ format: 'jwk' });
    const domain = Buffer.from('SigEd25519 no Ed25519 collisions\x01\x00');
    const bySha256 = eddsa(
      ed25519.Point,
      message => createHash('sha512').update(message).digest(),
      {
        domain: data => Buffer.concat([domain, data]),
        prehash: data => createHash('sha256').update(data).digest(),
        // RFC 8032 §5.1.5
        adjustScalarBytes(bytes) {
          bytes[0] &= 0xf8;
          bytes[31] = (bytes[31] & 0x7f) | 0x40;
          return bytes;
        },
      },
    );
    const sign = (signed: Buffer) =>
      Buffer.from(bySha256.sign(signed, Buffer.from(d, 'base64url')));
    const digest = createHash('sha256').update(ARTIFACT).digest();
    expect(
      verifyEd25519phFromDigest(pointOf(keys), digest, sign(ARTIFACT)),
    ).toBe(true);
    const instance = await MockInstance.create();
    const bundle = await instance.signMessage(ARTIFACT, {
      ...{ keys, keyed: true, sign },
    });
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: [pemOf(keys.publicKey)],
    });
    const { findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      profile,
      { bytes: ARTIFACT },
    );
    expect(findings.map(({ code }) => code)).toEqual(['signature-invalid']);
  });
});
