import { readArtifact } from './artifact';
import { checkArtifactBinding, readStatement } from './artifactBinding';
import { SignedContent } from './evidence';
import {
  digestOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const DIGEST = digestOf(ARTIFACT);
const SHA512 = 'a'.repeat(128);

describe('what was signed is bound to the artifact', () => {
  const inToto = (payload: Buffer) => ({
    type: 'in-toto' as const,
    payloadType: 'application/vnd.in-toto+json',
    payload,
  });
  const simple = (payload: Buffer) => ({
    type: 'simple-signing' as const,
    payload,
    digest: Buffer.alloc(32),
  });
  const about = (...digests: string[]) =>
    inToto(
      statementAbout(ARTIFACT, {
        subject: digests.map(digest => ({
          digest: { sha256: digest.slice(7) },
        })),
      }),
    );

  function findingOf(content: SignedContent, digest = DIGEST, other?: string) {
    const otherDigests = other === undefined ? [] : [other];
    try {
      checkArtifactBinding(content, readArtifact(digest, { otherDigests }));
      return undefined;
    } catch (error) {
      return (error as { finding?: unknown }).finding ?? error;
    }
  }

  it.each<[string, SignedContent]>([
    [
      'a signature',
      {
        type: 'message-signature',
        hash: 'sha512',
        digest: Buffer.from(SHA512, 'hex'),
      },
    ],
    [
      'a statement',
      inToto(
        statementAbout(ARTIFACT, { subject: [{ digest: { sha512: SHA512 } }] }),
      ),
    ],
    ['cosign’s payload', simple(simplePayload('sha256:undefined'))],
  ])('%s binds nothing without a SHA-256 digest', (_, content) => {
    expect(findingOf(content, `sha512:${SHA512}`, `sha512:${SHA512}`)).toEqual({
      code: 'format-unsupported',
      detail: 'the artifact is named by a digest that is not SHA-256',
    });
  });

  it('names the digests that it found instead, three at most', () => {
    const others = ['a', 'b', 'c', 'd'].map(text =>
      digestOf(Buffer.from(text)),
    );
    const found = (content: SignedContent) => findingOf(content);
    const finding = (text: string) => ({
      code: 'statement-for-other-artifact',
      detail: 'what was signed names another artifact',
      comparisons: [{ aspect: 'digest', found: text, expected: DIGEST }],
    });
    const three = others.slice(0, 3).join(', ');
    expect(found(about(...others.slice(0, 3)))).toEqual(finding(three));
    expect(found(about(...others))).toEqual(finding(`${three}, …`));
    expect(found(simple(simplePayload(others[0])))).toEqual(finding(others[0]));
  });

  it('says by which digests a subject would have been known', () => {
    const none = inToto(statementAbout(ARTIFACT, { subject: [{}, null, 'x'] }));
    expect(findingOf(none, DIGEST, `sha512:${SHA512}`)).toEqual({
      code: 'format-unsupported',
      detail: 'the signed statement names no subject by sha256 or sha512',
    });
  });

  it.each(['null', '"text"', '{}', '{"critical":null}', '{"critical":{}}'])(
    'the payload %s has no type',
    payload => {
      expect(findingOf(simple(Buffer.from(payload)))).toEqual({
        code: 'format-unsupported',
        detail: 'the signed payload is of the type undefined',
      });
    },
  );

  it('a payload of the right type that names no manifest', () => {
    const payload = { critical: { type: 'cosign container image signature' } };
    expect(
      findingOf(simple(Buffer.from(JSON.stringify(payload)))),
    ).toMatchObject({ code: 'statement-for-other-artifact' });
  });

  it.each<[string, Buffer, string]>([
    ['is no JSON', Buffer.from('{'), 'what was signed is not JSON'],
    [
      'has an empty predicate type',
      statementAbout(ARTIFACT, { predicateType: '' }),
      'the signed statement has no predicate type',
    ],
    [
      'has one subject instead of a list',
      statementAbout(ARTIFACT, {
        subject: { digest: { sha256: DIGEST.slice(7) } },
      }),
      'the signed statement has no list of subjects',
    ],
  ])('a statement that %s', (_, payload, detail) => {
    expect(findingOf(inToto(payload))).toEqual({
      code: 'evidence-malformed',
      detail,
    });
  });

  it('both versions of the statement are read, by the list', () => {
    for (const version of ['v1', 'v0.1']) {
      const _type = `https://in-toto.io/Statement/${version}`;
      const content = inToto(statementAbout(ARTIFACT, { _type }));
      expect(findingOf(content)).toBeUndefined();
      expect(readStatement(content).subject).toHaveLength(1);
    }
    const listed = { _type: ['https://in-toto.io/Statement/v1'] };
    expect(findingOf(inToto(statementAbout(ARTIFACT, listed)))).toMatchObject({
      code: 'format-unsupported',
    });
  });
});
