import {
  KeyObject,
  constants,
  createHash,
  generateKeyPairSync,
  privateEncrypt,
  sign,
} from 'crypto';
import { readFileSync } from 'fs';
import { verifyDigestSignature, whyNotFromDigest } from './digestSignature';
import { verifyEd25519phFromDigest } from './ed25519phFromDigest';
import { ENGINE_REVISION } from './engineRevision';
import { HashName } from './hashNames';
import { newKeys } from './__testUtils__/MockInstance';

const DATA = Buffer.from('what is signed');

type KeyPair = { publicKey: KeyObject; privateKey: KeyObject };

const rsaKeys = (modulusLength = 2048): KeyPair =>
  generateKeyPairSync('rsa', { modulusLength });

describe('signatures verified from a digest', () => {
  it.each<[string, HashName, () => KeyPair]>([
    ['P-256', 'sha256', () => newKeys('prime256v1')],
    ['P-256', 'sha512', () => newKeys('prime256v1')],
    ['P-384', 'sha384', () => newKeys('secp384r1')],
    ['P-384', 'sha256', () => newKeys('secp384r1')],
    ['P-521', 'sha512', () => newKeys('secp521r1')],
    ['RSA 2048', 'sha256', () => rsaKeys()],
    ['RSA 2048', 'sha384', () => rsaKeys()],
    ['RSA 2056', 'sha512', () => rsaKeys(2056)],
  ])('agrees with Node on %s with %s', (_, hash, makeKeys) => {
    const { privateKey, publicKey } = makeKeys();
    const verify = (digest: Buffer, signature: Buffer, key = publicKey) =>
      verifyDigestSignature(key, hash, digest, signature);
    const digest = createHash(hash).update(DATA).digest();
    for (let round = 0; round < 10; round++) {
      const signature = sign(hash, DATA, privateKey);
      expect(verify(digest, signature)).toBe(true);
      signature[signature.length - 1] ^= 1;
      expect(verify(digest, signature)).toBe(false);
    }
    const signature = sign(hash, DATA, privateKey);
    const other = createHash(hash).update('other').digest();
    expect(verify(other, signature)).toBe(false);
    expect(verify(digest, signature, makeKeys().publicKey)).toBe(false);
    expect(verify(digest, Buffer.alloc(0))).toBe(false);
    const longer = Buffer.concat([Buffer.alloc(1), signature]);
    expect(verify(digest, longer)).toBe(false);
  });

  describe('RSA: the whole encoded message must be as it should', () => {
    const { privateKey, publicKey } = rsaKeys();
    const digest = createHash('sha256').update(DATA).digest();
    const info = '3031300d060960864801650304020105000420';
    const encoded = (padding: string, prefix: string, garbage = '') => {
      const tail = Buffer.concat([
        Buffer.from(`00${prefix}`, 'hex'),
        digest,
        Buffer.from(garbage, 'hex'),
      ]);
      const head = Buffer.from('0001', 'hex');
      const fill = Buffer.alloc(
        256 - head.length - tail.length,
        Buffer.from(padding, 'hex'),
      );
      return Buffer.concat([head, fill, tail]);
    };
    const signRaw = (message: Buffer) =>
      privateEncrypt(
        { key: privateKey, padding: constants.RSA_NO_PADDING },
        message,
      );

    it.each([
      ['as RFC 8017 says', true, encoded('ff', info)],
      ['another padding', false, encoded('fe', info)],
      [
        'garbage after the digest (CVE-2006-4339)',
        false,
        encoded('ff', info, '00'.repeat(32)),
      ],
      [
        'another hash function',
        false,
        encoded('ff', info.replace('0201', '0202')),
      ],
      [
        'parameters left out',
        false,
        encoded('ff', '302f300b0609608648016503040201' + '0420'),
      ],
    ])('%s', (_, holds, message) => {
      const signature = signRaw(message);
      expect(
        verifyDigestSignature(publicKey, 'sha256', digest, signature),
      ).toBe(holds);
    });
  });

  it('RSA: a signature is as long as the modulus, also where it begins with zero', () => {
    const { privateKey, publicKey } = rsaKeys();
    const some = Array.from({ length: 4096 }, (_, count) =>
      Buffer.of(count >> 8, count),
    );
    const data = some.find(
      bytes => sign('sha256', bytes, privateKey)[0] === 0,
    )!;
    const signature = sign('sha256', data, privateKey);
    const digest = createHash('sha256').update(data).digest();
    const verify = (bytes: Buffer) =>
      verifyDigestSignature(publicKey, 'sha256', digest, bytes);
    expect(signature[0]).toBe(0);
    expect(verify(signature)).toBe(true);
    expect(verify(signature.subarray(1))).toBe(false);
    expect(verify(Buffer.concat([Buffer.of(0), signature]))).toBe(false);
  });

  it('Ed25519ph: a key of small order signs nothing', () => {
    // The neutral point, and the signature that fits it whatever is signed.
    const neutral = Buffer.alloc(32);
    neutral[0] = 1;
    const signature = Buffer.concat([neutral, Buffer.alloc(32)]);
    const digest = createHash('sha512').update(DATA).digest();
    expect(verifyEd25519phFromDigest(neutral, digest, signature)).toBe(false);
  });

  it('Ed25519ph: the test vector of RFC 8032 §7.3', () => {
    const [point, signature] = [
      'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    ].map(hex => Buffer.from(hex, 'hex'));
    const digest = createHash('sha512').update('abc').digest();
    const verify = (bytes: Buffer, of = digest) =>
      verifyEd25519phFromDigest(point, of, bytes);
    expect(verify(signature)).toBe(true);
    expect(verify(signature, createHash('sha512').digest())).toBe(false);
    for (const at of [0, 31, 32, 63]) {
      const changed = Buffer.from(signature);
      changed[at] ^= 1;
      expect(verify(changed)).toBe(false);
    }
    expect(verify(signature.subarray(1))).toBe(false);
  });

  it('says why other keys cannot be', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(whyNotFromDigest(newKeys('prime256v1').publicKey)).toBeUndefined();
    expect(whyNotFromDigest(rsaKeys().publicKey)).toBeUndefined();
    expect(whyNotFromDigest(publicKey)).toMatch(/Ed25519/);
    expect(verifyDigestSignature(publicKey, 'sha256', DATA, DATA)).toBe(false);
    for (const curve of ['secp256k1', 'brainpoolP256r1']) {
      expect(whyNotFromDigest(newKeys(curve).publicKey)).toMatch(/ec keys/);
    }
    const dsa = generateKeyPairSync('dsa', {
      ...{ modulusLength: 1024, divisorLength: 160 },
    });
    expect(whyNotFromDigest(dsa.publicKey)).toMatch(/dsa keys/);
  });
});

it('the engine revision names the library that is installed', () => {
  const path = require.resolve('@sigstore/verify/package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8'));
  expect(ENGINE_REVISION).toMatch(
    new RegExp(`^engine-\\d+\\+verify-${version.replaceAll('.', '\\.')}$`),
  );
});
