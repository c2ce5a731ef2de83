import { bundleFromJSON } from '@sigstore/bundle';
import { assembleAttestation, assembleSimpleSigning } from './assembleEvidence';

const b64 = (text: string) => Buffer.from(text).toString('base64');
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${b64(
  'der of the leaf',
)}\n-----END CERTIFICATE-----\n`;
const body = b64(JSON.stringify({ kind: 'hashedrekord', apiVersion: '0.0.1' }));
const LOG_ENTRY = JSON.stringify({
  SignedEntryTimestamp: b64('set'),
  Payload: {
    body,
    integratedTime: 1700000000,
    logIndex: 1462192450,
    logID: 'c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
  },
});
const TIMESTAMP = JSON.stringify({ SignedRFC3161Timestamp: b64('token') });
const SIGNED = {
  'dev.cosignproject.cosign/signature': b64('signature'),
  'dev.sigstore.cosign/certificate': CERTIFICATE,
  'dev.sigstore.cosign/chain': CERTIFICATE,
};
const payload = Buffer.from('{"critical":{}}');
const ENVELOPE = {
  payload: b64('statement'),
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ keyid: '', sig: b64('signature') }],
};

describe('assembleSimpleSigning', () => {
  it('makes a first-version bundle where there is a log entry', () => {
    const json = JSON.parse(
      assembleSimpleSigning(
        { ...SIGNED, 'dev.sigstore.cosign/bundle': LOG_ENTRY },
        payload,
      ).toString(),
    );
    expect(Buffer.from(json.payload, 'base64')).toEqual(payload);
    const bundle = bundleFromJSON(json.bundle);
    expect(bundle.mediaType).toBe(
      'application/vnd.dev.sigstore.bundle+json;version=0.1',
    );
    expect(bundle.verificationMaterial.content).toEqual({
      $case: 'x509CertificateChain',
      x509CertificateChain: {
        certificates: [{ rawBytes: Buffer.from('der of the leaf') }],
      },
    });
    expect(bundle.verificationMaterial.tlogEntries).toEqual([
      expect.objectContaining({
        logIndex: '1462192450',
        logId: {
          keyId: Buffer.from(
            'c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
            'hex',
          ),
        },
        kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
        integratedTime: '1700000000',
        inclusionPromise: { signedEntryTimestamp: Buffer.from('set') },
        canonicalizedBody: Buffer.from(body, 'base64'),
      }),
    ]);
    expect(bundle.content).toMatchObject({
      $case: 'messageSignature',
      messageSignature: { signature: Buffer.from('signature') },
    });
  });

  it('makes a current bundle where there is only a timestamp', () => {
    const json = JSON.parse(
      assembleSimpleSigning(
        { ...SIGNED, 'dev.sigstore.cosign/rfc3161timestamp': TIMESTAMP },
        payload,
      ).toString(),
    );
    const bundle = bundleFromJSON(json.bundle);
    expect(bundle.mediaType).toBe(
      'application/vnd.dev.sigstore.bundle.v0.3+json',
    );
    expect(bundle.verificationMaterial).toMatchObject({
      content: {
        $case: 'certificate',
        certificate: { rawBytes: Buffer.from('der of the leaf') },
      },
      tlogEntries: [],
      timestampVerificationData: {
        rfc3161Timestamps: [{ signedTimestamp: Buffer.from('token') }],
      },
    });
  });

  it('keeps a signature made with a key apart from one with a certificate', () => {
    const { bundle } = JSON.parse(
      assembleSimpleSigning(
        { 'dev.cosignproject.cosign/signature': b64('signature') },
        payload,
      ).toString(),
    );
    expect(bundleFromJSON(bundle).verificationMaterial.content).toMatchObject({
      $case: 'publicKey',
    });
  });

  it('is the same bytes for the same input', () => {
    const assemble = () =>
      assembleSimpleSigning(
        { ...SIGNED, 'dev.sigstore.cosign/bundle': LOG_ENTRY },
        payload,
      );
    expect(assemble()).toEqual(assemble());
  });

  it.each([
    ['signature', { 'dev.cosignproject.cosign/signature': '%%%' }],
    ['certificate', { 'dev.sigstore.cosign/certificate': 'not PEM' }],
    ['log entry', { 'dev.sigstore.cosign/bundle': '{"Payload":{' }],
    [
      'entry body',
      { 'dev.sigstore.cosign/bundle': LOG_ENTRY.replace(body, 'AA==') },
    ],
    ['timestamp', { 'dev.sigstore.cosign/rfc3161timestamp': '{}' }],
  ])('leaves no bundle where the %s cannot be read', (_, annotations) => {
    const json = JSON.parse(
      assembleSimpleSigning({ ...SIGNED, ...annotations }, payload).toString(),
    );
    expect(json.bundle).toBeNull();
    expect(Buffer.from(json.payload, 'base64')).toEqual(payload);
  });
});

describe('assembleAttestation', () => {
  it('puts the envelope into a bundle, byte for byte', () => {
    const { mediaType, bytes } = assembleAttestation(
      { ...SIGNED, 'dev.sigstore.cosign/bundle': LOG_ENTRY },
      Buffer.from(JSON.stringify(ENVELOPE)),
    );
    expect(mediaType).toBe(
      'application/vnd.dev.sigstore.bundle+json;version=0.1',
    );
    const bundle = bundleFromJSON(JSON.parse(bytes.toString()));
    expect(bundle.content).toMatchObject({
      $case: 'dsseEnvelope',
      dsseEnvelope: {
        payload: Buffer.from('statement'),
        payloadType: 'application/vnd.in-toto+json',
        signatures: [{ sig: Buffer.from('signature') }],
      },
    });
  });

  it('gives an envelope that cannot be read back as it is', () => {
    const envelope = Buffer.from('{"payload":');
    expect(assembleAttestation(SIGNED, envelope)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      bytes: envelope,
    });
  });
});
