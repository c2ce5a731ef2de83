import { generateKeyPairSync, sign } from 'node:crypto';
import { isSignature } from './signatureForm';

const content = Buffer.from('content');
const ec = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey;
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey;

describe('isSignature', () => {
  it.each([
    ['P-256', () => sign('sha256', content, ec('prime256v1'))],
    ['P-384', () => sign('sha384', content, ec('secp384r1'))],
    ['P-521', () => sign('sha512', content, ec('secp521r1'))],
    ['RSA', () => sign('sha256', content, rsa(2048))],
    ['RSA of 3072 bits', () => sign('sha256', content, rsa(3072))],
    [
      'Ed25519',
      () => sign(null, content, generateKeyPairSync('ed25519').privateKey),
    ],
  ])('knows one of %s', (_, signed) => {
    expect(isSignature(signed())).toBe(true);
  });

  it.each(['', 'Notfound', 'Accessdenied', 'MEUCIQ=='])(
    'knows that %s is none',
    text => {
      expect(isSignature(Buffer.from(text, 'base64'))).toBe(false);
    },
  );
});
