import { kindInEntry, signerInEntry } from './logEntryBody';
import { BundleLogEntry } from './reading';
import { newKeys, pemOf } from './__testUtils__/MockInstance';

describe('the signer that a log entry names', () => {
  const der = Buffer.from('the DER of a certificate');
  const { publicKey } = newKeys('prime256v1');
  const spki = publicKey.export({ format: 'der', type: 'spki' });

  const base64 = (text: Buffer | string) =>
    Buffer.from(text).toString('base64');
  const entryOf = (body: string) =>
    ({ canonicalizedBody: Buffer.from(body) } as BundleLogEntry);
  const signerIn = (kind: string, apiVersion: string, spec: unknown) =>
    signerInEntry(entryOf(JSON.stringify({ kind, apiVersion, spec })));

  const pemForms = [
    {
      written: base64(
        `-----BEGIN CERTIFICATE-----\n${base64(
          der,
        )}\n-----END CERTIFICATE-----\n`,
      ),
      read: { certificate: der },
    },
    { written: base64(pemOf(publicKey)), read: { key: spki } },
  ];
  const derForms = [
    {
      written: { x509Certificate: { rawBytes: base64(der) } },
      read: { certificate: der },
    },
    { written: { publicKey: { rawBytes: base64(spki) } }, read: { key: spki } },
    { written: {}, read: {} },
  ];

  it.each<[string, string, (verifier: unknown) => unknown, object[]]>([
    [
      'hashedrekord',
      '0.0.1',
      content => ({ signature: { publicKey: { content } } }),
      pemForms,
    ],
    ['dsse', '0.0.1', verifier => ({ signatures: [{ verifier }] }), pemForms],
    [
      'intoto',
      '0.0.2',
      key => ({ content: { envelope: { signatures: [{ publicKey: key }] } } }),
      pemForms,
    ],
    [
      'hashedrekord',
      '0.0.2',
      verifier => ({ hashedRekordV002: { signature: { verifier } } }),
      derForms,
    ],
    [
      'dsse',
      '0.0.2',
      verifier => ({ dsseV002: { signatures: [{ verifier }] } }),
      derForms,
    ],
  ])('%s %s', (kind, version, specOf, forms) => {
    for (const { written, read } of forms as typeof derForms) {
      expect(signerIn(kind, version, specOf(written))).toEqual(read);
    }
  });

  it('is nobody in an entry of another kind', () => {
    expect(signerIn('helm', '0.0.1', {})).toEqual({});
  });

  it.each([
    ['{"kind":"dsse","apiVersion":"0.0.1"}', 'dsse 0.0.1'],
    ['{', undefined],
    ['null', undefined],
  ])('the kind in %s', (body, kind) => {
    expect(kindInEntry(entryOf(body))).toBe(kind);
  });
});
