import { readArtifact } from './artifact';
import { describeEvidence, parseEvidence, readBundle } from './evidence';
import {
  MockInstance,
  asEvidence,
  asSimpleSigning,
  digestOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const DIGEST = digestOf(Buffer.from('an artifact'));
const malformed = (detail: string) =>
  expect.objectContaining({ finding: { code: 'evidence-malformed', detail } });

describe('reading evidence', () => {
  it.each([
    ['{', 'it is not JSON'],
    ['null', 'it is not a JSON object'],
    ['[]', 'it is not a JSON object'],
    ['"text"', 'it is not a JSON object'],
    ['1', 'it is not a JSON object'],
  ])('%s says what is wrong with it', (text, detail) => {
    const evidence = { ...asEvidence({}), bytes: Buffer.from(text) };
    expect(() => parseEvidence(evidence)).toThrow(malformed(detail));
  });

  it.each([null, {}, { mediaType: 1 }])('a bundle %j', bundle => {
    expect(() => readBundle({ bundle })).toThrow(
      malformed('the bundle has no media type'),
    );
  });

  it('a bundle that does not follow its format says where', () => {
    const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    expect(() => readBundle({ bundle: { mediaType } })).toThrow(
      expect.objectContaining({
        finding: {
          code: 'evidence-malformed',
          detail: expect.stringMatching(/^the bundle does not follow its/),
        },
      }),
    );
  });

  it('a payload of cosign’s older layout is text', () => {
    expect(() => parseEvidence(asEvidence({ bundle: {}, payload: 1 }))).toThrow(
      malformed('the signed payload is absent'),
    );
  });

  it('a payload of cosign’s older layout is signed by SHA-256', async () => {
    const instance = await MockInstance.create();
    const payload = Buffer.from('{}');
    const bundle = await instance.signMessage(payload, { hash: 'sha512' });
    expect(readBundle({ bundle }).content.type).toBe('message-signature');
    expect(() => readBundle({ bundle, payload })).toThrow(
      expect.objectContaining({
        finding: expect.objectContaining({ code: 'format-unsupported' }),
      }),
    );
  });
});

describe('describing evidence', () => {
  it('names what was signed, and shows the bundle as it is', async () => {
    const instance = await MockInstance.create();
    const payload = simplePayload(DIGEST);
    const message = await instance.signMessage(payload);
    const envelope = await instance.signEnvelope(statementAbout(payload));
    const unknown = { mediaType: 'application/json' };
    for (const [contentType, bundleJson, evidence] of [
      ['message-signature', message, asEvidence(message)],
      ['simple-signing', message, asSimpleSigning(message, payload)],
      ['in-toto', envelope, asEvidence(envelope)],
      ['unknown', unknown, asEvidence(unknown)],
      ['unknown', undefined, { ...asEvidence({}), bytes: Buffer.from('{') }],
    ] as const) {
      expect(describeEvidence(evidence)).toEqual({ contentType, bundleJson });
    }
  });
});

describe('what is known of an artifact', () => {
  it.each([
    ['sha512', 128, true],
    ['sha384', 96, true],
    ['sha512', 96, false],
    ['sha384', 128, false],
    ['sha1', 40, false],
    ['xsha512', 128, false],
  ])('%s of %i digits: %s', (name, length, isRead) => {
    const otherDigests = [`${name}:${'a'.repeat(length)}`];
    const { digests } = readArtifact(DIGEST, { otherDigests });
    expect([...digests.keys()]).toEqual(isRead ? ['sha256', name] : ['sha256']);
  });

  it('a digest of another kind names nothing', () => {
    expect([...readArtifact('sha1:aa', {}).digests]).toEqual([]);
  });
});
