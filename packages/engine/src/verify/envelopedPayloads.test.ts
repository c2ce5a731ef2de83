import { createHash, sign } from 'crypto';
import { Stock } from './differential/__testUtils__/stock';
import { describeEvidence } from './evidence';
import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  SigningOptions,
  asEvidence,
  digestOf,
  newKeys,
  pemOf,
  simplePayload,
} from './__testUtils__/MockInstance';

const DIGEST = digestOf(Buffer.from('an artifact'));
const OTHER = digestOf(Buffer.from('another artifact'));
const PAYLOAD = simplePayload(DIGEST);
const PAYLOAD_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';

/** What Tekton Chains writes for images when it writes bundles. */
describe('cosign’s payload in an envelope', () => {
  let instance: MockInstance;
  const keys = newKeys('prime256v1');

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  const profile = () =>
    loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: [pemOf(keys.publicKey)],
    });
  const signed = (payload: Buffer, options: SigningOptions = {}) =>
    instance.signEnvelope(payload, { payloadType: PAYLOAD_TYPE, ...options });
  const verify = (bundle: unknown, digest = DIGEST) =>
    verifyEvidence(asEvidence(bundle), digest, profile());
  const codes = (bundle: unknown, digest = DIGEST) =>
    verify(bundle, digest).findings.map(({ code }) => code);

  it.each([PAYLOAD_TYPE, 'application/vnd.dev.cosign.simple.signing.v1+json'])(
    'as %s binds the artifact that it names',
    async payloadType => {
      const bundle = await signed(PAYLOAD, { payloadType });
      expect(() =>
        new Stock(profile()).verify(asEvidence(bundle).bytes, Buffer.alloc(0)),
      ).not.toThrow();
      const { facts, findings } = verify(bundle);
      expect(findings).toEqual([]);
      expect(facts?.content).toEqual({
        type: 'simple-signing',
        statement: JSON.parse(PAYLOAD.toString()),
      });
      expect(facts?.signer.identity).toBeTruthy();
      expect(codes(bundle, OTHER)).toEqual(['statement-for-other-artifact']);
      expect(describeEvidence(asEvidence(bundle)).contentType).toBe(
        'simple-signing',
      );
    },
  );

  it.each<[string, Buffer, string | undefined, string]>([
    [
      'of a type that is nobody’s',
      PAYLOAD,
      'application/vnd.dev.cosign.simplesigning.v2+json',
      'format-unsupported',
    ],
    [
      'said to be a statement',
      PAYLOAD,
      'application/vnd.in-toto+json',
      'format-unsupported',
    ],
    [
      'of another type inside',
      simplePayload(DIGEST, 'atomic container signature'),
      undefined,
      'format-unsupported',
    ],
    [
      'that is a statement',
      Buffer.from(
        JSON.stringify({
          _type: 'https://in-toto.io/Statement/v1',
          predicateType: 'x',
          subject: [{ digest: { sha256: DIGEST.slice(7) } }],
        }),
      ),
      undefined,
      'format-unsupported',
    ],
    ['that is no JSON', Buffer.from('x'), undefined, 'evidence-malformed'],
  ])('%s binds nothing', async (_, payload, payloadType, code) => {
    const bundle = await signed(payload, payloadType ? { payloadType } : {});
    const { facts, findings } = verify(bundle);
    expect(facts).toBeUndefined();
    expect(findings.map(one => one.code)).toContain(code);
  });

  describe('signed without the encoding of an envelope', () => {
    const asIs = (payload: Buffer) =>
      signed(payload, {
        keys,
        keyed: true,
        sign: () => sign('sha256', payload, keys.privateKey),
        recordedDigest: () => createHash('sha256').update(payload).digest(),
      });

    it('is a form that is not read, and contradicts nothing', async () => {
      const bundle = await asIs(PAYLOAD);
      expect(() =>
        new Stock(profile()).verify(asEvidence(bundle).bytes, Buffer.alloc(0)),
      ).toThrow();
      const { facts, findings } = verify(bundle);
      expect(facts).toBeUndefined();
      expect(findings.map(({ code }) => code)).toEqual(
        findings.map(() => 'format-unsupported'),
      );
      expect(findings[0].detail).toContain(
        'made over the payload alone, without the encoding of an envelope',
      );
    });

    it('contradicts where the key did not make it, or it names another artifact', async () => {
      const bundle = await asIs(PAYLOAD);
      const other = await asIs(simplePayload(OTHER));
      expect(codes(other)).toContain('statement-for-other-artifact');
      bundle.dsseEnvelope.payload = other.dsseEnvelope.payload;
      expect(codes(bundle)).toContain('signature-invalid');
    });

    it('is told apart from an envelope with the hash function of its curve', async () => {
      const stronger = newKeys('secp384r1');
      const bundle = await signed(PAYLOAD, {
        keys: stronger,
        keyed: true,
        hash: 'sha384',
      });
      const own = loadTrustedRoot({
        name: 'mock',
        json: instance.trustedRoot(),
        keys: [pemOf(stronger.publicKey)],
      });
      const { findings } = verifyEvidence(asEvidence(bundle), DIGEST, own);
      expect(findings).toEqual([
        expect.objectContaining({
          code: 'format-unsupported',
          detail: expect.stringContaining('made with SHA-384 by a P-384 key'),
        }),
      ]);
    });

    it('is no such form for a statement', async () => {
      const bundle = await asIs(PAYLOAD);
      bundle.dsseEnvelope.payloadType = 'application/vnd.in-toto+json';
      expect(codes(bundle)).toContain('signature-invalid');
    });
  });
});
