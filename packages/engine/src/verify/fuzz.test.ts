import fc from 'fast-check';
import { Facts } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence, describeEvidence } from './evidence';
import { VerificationProfile, loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  asSimpleSigning,
  digestOf,
  newKeys,
  pemOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';
import { readCase, signedCases } from './__testUtils__/signedCases';

const ARTIFACT = Buffer.from('an artifact');
const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A piece of evidence that holds, and what is established of it. */
type Subject = {
  json: any;
  digest: string;
  profile: VerificationProfile;
  facts: Facts;
};

/** Real ones beside those of our own, where they are at hand. */
const REAL = [
  'conformance/rekor2-dsse-happy-path',
  'conformance/rekor2-timestamp-with-embedded-cert',
  'conformance/managed-key-happy-path',
  'public-good/bcr__MODULE.bazel.intoto.jsonl',
];

const evidenceOf = (bytes: Uint8Array): Evidence => ({
  ...asEvidence({}),
  bytes,
});
const deep = (depth: number) =>
  JSON.parse('['.repeat(depth) + ']'.repeat(depth));

const verify = (
  { digest, profile }: Pick<Subject, 'digest' | 'profile'>,
  evidence: Evidence,
) => verifyEvidence(evidence, digest, profile);

// Thousands of verifications, on machines that may be busy.
jest.setTimeout(300_000);

describe('bad input of any kind', () => {
  let subjects: Subject[];

  beforeAll(async () => {
    const instance = await MockInstance.create();
    const keys = newKeys('prime256v1');
    const payload = simplePayload(digestOf(ARTIFACT));
    const own = [
      await instance.signMessage(ARTIFACT, { timestamp: true }),
      await instance.signEnvelope(statementAbout(ARTIFACT), {
        keys,
        keyed: true,
      }),
      JSON.parse(
        Buffer.from(
          asSimpleSigning(await instance.signMessage(payload), payload).bytes,
        ).toString('utf8'),
      ),
    ].map(json => ({
      json,
      digest: digestOf(ARTIFACT),
      profile: loadTrustedRoot({
        name: 'mock',
        json: instance.trustedRoot(),
        keys: [pemOf(keys.publicKey)],
      }),
    }));
    const real = signedCases()
      .filter(({ id }) => REAL.includes(id))
      .map(signedCase => {
        const { evidence, digest, profile } = readCase(signedCase);
        const json = JSON.parse(Buffer.from(evidence.bytes).toString('utf8'));
        return { json, digest, profile };
      });
    subjects = [...own, ...real].map(subject => {
      const { facts } = verify(subject, asEvidence(subject.json));
      if (!facts) throw new Error('a subject of the test does not hold');
      return { ...subject, facts };
    });
  });

  /** Whatever comes in: a result, and never one that says more than before. */
  function expectNothingNew(subject: Subject, evidence: Evidence) {
    expect(() => describeEvidence(evidence)).not.toThrow();
    const { facts, findings } = verify(subject, evidence);
    if (!facts) {
      expect(findings).not.toEqual([]);
      return;
    }
    const { signer, certificate, content, times } = subject.facts;
    expect(facts).toMatchObject({ signer, content });
    expect(facts.certificate).toEqual(certificate);
    for (const time of facts.times) expect(times).toContainEqual(time);
  }

  const subject = () => fc.nat(6).map(at => subjects[at % subjects.length]);

  it('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        const { findings } = verify(subjects[0], evidenceOf(bytes));
        expect(findings).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('JSON', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 4 }), object => {
        for (const json of [object, { ...object, mediaType: MEDIA_TYPE }]) {
          const { findings } = verify(subjects[0], asEvidence(json));
          expect(findings).not.toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('one character of the text changed', () => {
    fc.assert(
      fc.property(
        subject(),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.constantFrom('A', 'z', '0', '"', '}', ',', '-', '\\', '\u0000', ''),
        (one, place, character) => {
          const text = JSON.stringify(one.json);
          const at = Math.floor(place * text.length);
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          expectNothingNew(one, evidenceOf(Buffer.from(changed)));
        },
      ),
      { numRuns: 400 },
    );
  });

  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      '',
      '\u0000',
      '0',
      '-1',
      '1e999',
      '99999999999999999999999999999999',
      0,
      -1,
      1e308,
      Number.MAX_SAFE_INTEGER + 1,
      [],
      {},
      deep(20),
      'A'.repeat(70_000),
      JSON.parse('{"__proto__": {"polluted": true}}'),
      { constructor: { prototype: { polluted: true } } },
      { toString: 1, valueOf: 2, length: -1 },
      [[null], { rawBytes: null }],
    ),
    fc.jsonValue({ maxDepth: 3 }),
    fc.base64String({ maxLength: 200 }),
  );

  it('a value anywhere in a real one replaced, added or left out', () => {
    fc.assert(
      fc.property(
        subject(),
        fc.nat(),
        odd,
        fc.constantFrom('replace', 'add', 'remove', 'repeat'),
        (one, place, value, way) => {
          const json = structuredClone(one.json);
          const places = placesIn(json);
          const [holder, key] = places[place % places.length];
          if (way === 'remove') delete holder[key];
          else if (way === 'replace') holder[key] = value;
          else if (Array.isArray(holder[key])) {
            holder[key].push(way === 'add' ? value : holder[key][0]);
          } else Object.assign(holder, { [`${key}x`]: value });
          expectNothingNew(one, asEvidence(json));
        },
      ),
      { numRuns: 500 },
    );
    expect({}).not.toHaveProperty('polluted');
  });

  it('values in the body of a log entry replaced', () => {
    fc.assert(
      fc.property(subject(), fc.nat(), odd, (one, place, value) => {
        const json = structuredClone(one.json);
        const [entry] = (json.bundle ?? json).verificationMaterial.tlogEntries;
        const logged = Buffer.from(entry.canonicalizedBody, 'base64');
        const body = JSON.parse(logged.toString('utf8'));
        const places = placesIn(body);
        const [holder, key] = places[place % places.length];
        holder[key] = value;
        const text = JSON.stringify(body);
        entry.canonicalizedBody = Buffer.from(text).toString('base64');
        fc.pre(text !== logged.toString('utf8'));
        const { facts, findings } = verify(one, asEvidence(json));
        expect([facts, findings.length > 0]).toEqual([undefined, true]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [10, 'none'],
    [65, 'evidence-over-cap'],
    [5_000, 'evidence-over-cap'],
  ])('a statement %i levels deep: %s', async (depth, finding) => {
    const instance = await MockInstance.create();
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
    });
    const predicate = '['.repeat(depth) + ']'.repeat(depth);
    const payload = Buffer.from(
      statementAbout(ARTIFACT, { predicate: '@' })
        .toString('utf8')
        .replace('"@"', predicate),
    );
    const bundle = await instance.signEnvelope(payload);
    const { facts, findings } = verifyEvidence(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      profile,
    );
    expect(facts ? 'none' : findings[0].code).toBe(finding);
  });
});

/** Every place in JSON that holds a value. */
function placesIn(json: any): [holder: any, key: string][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((key): [any, string][] => [
    [json, key],
    ...placesIn(json[key]),
  ]);
}
