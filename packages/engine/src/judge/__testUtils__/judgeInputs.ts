import {
  Distrust,
  EVIDENCE_PLACES,
  EvidencePlace,
  FINDING_CODES,
  FindingCode,
  TrustPolicy,
  TrustPolicyAuthority,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { JudgeHistory } from '../history';
import { JudgeInput } from '../judge';
import {
  GITHUB,
  RELEASE,
  distrust,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const SBOM = 'https://spdx.dev/Document';
const COMMIT = 'c'.repeat(40);

/** Outcomes of lookups after which nothing is known. */
export const SILENT = ['refused', 'unreachable', 'over-cap'] as const;

/** Codes of evidence that verification does not find to hold. */
const FAILURES: FindingCode[] = [
  'signature-invalid',
  'log-entry-missing',
  'timestamp-missing',
  'chain-untrusted',
  'key-unknown',
  'time-outside-certificate',
  'format-unsupported',
  'evidence-over-cap',
  'verification-outdated',
  'statement-for-other-artifact',
];

const roots = fc.constantFrom('acme', 'acme', 'other');
const times = fc.subarray(
  ['2025-06-01T00:00:00.000Z', '2026-01-02T03:04:05.000Z'],
  { minLength: 0 },
);
const soundOnes = fc
  .record({
    root: roots,
    issuer: fc.constantFrom(GITHUB, GITHUB, 'https://accounts.google.com'),
    identity: fc.constantFrom(RELEASE, RELEASE, 'jane@acme.example'),
    predicateType: fc.constantFrom(undefined, SLSA, SBOM),
    predicate: fc.constantFrom(
      { runDetails: { builder: { id: RELEASE } } },
      { runDetails: { builder: { id: 'https://other' } } },
    ),
    extensions: fc.constantFrom<Record<string, string>>(
      {},
      { buildSignerURI: RELEASE, sourceRepositoryDigest: COMMIT },
      { runnerEnvironment: 'github-hosted', buildSignerURI: RELEASE },
    ),
    times,
    name: fc.constantFrom('1', '2', '3'),
  })
  .map(shape => sound({ ...shape, name: JSON.stringify(shape) }));
const failingOnes = fc
  .record({
    codes: fc.subarray(FAILURES, { minLength: 1, maxLength: 2 }),
    root: roots,
    name: fc.constantFrom('a', 'b'),
  })
  .map(({ codes, ...place }) => failing(codes, place));

/** Evidence of all sorts. */
export const evidence: fc.Arbitrary<Verification[]> = fc.array(
  fc.oneof(
    { arbitrary: soundOnes, weight: 3 },
    { arbitrary: failingOnes, weight: 2 },
  ),
  { maxLength: 3 },
);

const POLICIES: TrustPolicy[] = [
  policy('plain'),
  policy('stated', { predicateTypes: [SLSA], mode: 'warn' }),
  policy('both', {
    authority: { require: 'both', attestations: [{ predicateType: SLSA }] },
  }),
  policy('other-root', { trustedRoot: 'other' }),
  policy('late', { authority: { signedAfter: '2026-01-01T00:00:00Z' } }),
  policy('stored', { spec: { evidence: ['bundle-store'] } }),
  policy('hosted', { extensions: { runnerEnvironment: 'github-hosted' } }),
  policy('aged', { spec: { maxAge: '30d' } }),
  policy('excused', {
    spec: { exception: { until: '2026-03-01', owner: 'o', reason: 'r' } },
  }),
  policy('excused-and-aged', {
    predicateTypes: [SBOM],
    spec: {
      maxAge: '1d',
      exception: { until: '2026-02-01', owner: 'o', reason: 'r' },
    },
  }),
];

/** Policies of which each asks for something of its own. */
export const policies = fc.subarray(POLICIES, { maxLength: 2 });

const DISTRUSTS: Distrust[] = [
  distrust({ identity: { issuer: GITHUB, subject: RELEASE } }),
  distrust({ commit: COMMIT }),
  distrust({ trustedRoot: 'other' }),
  distrust(
    { trustedRoot: 'acme' },
    {
      signedAfter: '2025-01-01T00:00:00Z',
      signedBefore: '2026-01-01T00:00:00Z',
    },
  ),
];

/** Documents that withdraw trust. */
export const distrusts = fc.subarray(DISTRUSTS, { maxLength: 2 });

/** Ways to ask for more than a policy does. */
export const narrowings = fc.constantFrom<
  ((policy: TrustPolicy) => TrustPolicy)[]
>(
  asking(({ attestations = [] }) => ({
    require: undefined,
    attestations: [...attestations, { predicateType: SBOM }],
  })),
  asking(({ attestations, require }) =>
    attestations ? { require: 'both' } : { require },
  ),
  asking(({ signedAfter }) => ({
    signedAfter: signedAfter ?? '2026-01-01T00:00:00Z',
  })),
  asking(({ signedBefore }) => ({
    signedBefore: signedBefore ?? '2026-01-01T00:00:00Z',
  })),
  policyOf => ({
    ...policyOf,
    spec: {
      ...policyOf.spec,
      evidence: policyOf.spec.evidence ?? ['github'],
    },
  }),
  policyOf => ({ ...policyOf, spec: { ...policyOf.spec, maxAge: '1m' } }),
);

function asking(
  change: (authority: TrustPolicyAuthority) => Partial<TrustPolicyAuthority>,
) {
  return (given: TrustPolicy): TrustPolicy => ({
    ...given,
    spec: {
      ...given.spec,
      authorities: given.spec.authorities.map(authority => ({
        ...authority,
        ...change(authority),
      })),
    },
  });
}

const histories: fc.Arbitrary<JudgeHistory> = fc.record(
  {
    gone: fc.oneof(
      { arbitrary: fc.constant<Verification[]>([]), weight: 4 },
      { arbitrary: fc.array(soundOnes, { maxLength: 1 }), weight: 1 },
    ),
    formerlySound: fc.constantFrom(
      [],
      [],
      ['a', 'b'].map(name => ({
        evidenceDigest: failing(['key-unknown'], { name }).evidenceDigest,
        trustedRoot: 'acme',
      })),
    ),
    predecessor: fc.option(
      fc.record({
        reference: fc.constant('ghcr.io/acme/checkout:0.9'),
        digest: fc.constant(`sha256:${'9'.repeat(64)}`),
        wasExpected: fc.boolean(),
        signer: soundOnes.map(({ facts }) => facts!.signer),
        predicateTypes: fc.subarray([SLSA, SBOM]),
      }),
      { nil: undefined, freq: 2 },
    ),
    answeredAt: fc.constantFrom(
      '2026-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
      '2025-12-01T00:00:00.000Z',
    ),
  },
  { requiredKeys: ['gone', 'formerlySound'] },
);

const answers = fc.oneof(
  { arbitrary: fc.constant(input().lookups), weight: 8 },
  {
    arbitrary: fc.constantFrom([lookup('found'), lookup('unsupported')]),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom(...SILENT).map(outcome => [lookup(outcome)]),
    weight: 1,
  },
  {
    arbitrary: fc
      .constantFrom(...SILENT, 'unsupported' as const)
      .map(outcome => [
        ...input().lookups,
        lookup(outcome, 'rekor.acme.example log search'),
      ]),
    weight: 1,
  },
);

const entities = fc.record({
  ref: fc.constant('component:default/x'),
  repository: fc.constantFrom('acme/checkout', 'acme/checkout', undefined),
});

const placesOf = (verifications: Verification[]) =>
  fc
    .array(fc.subarray([...EVIDENCE_PLACES]), {
      minLength: verifications.length,
      maxLength: verifications.length,
    })
    .map(
      (lists): Record<string, EvidencePlace[]> =>
        Object.fromEntries(
          lists.map((list, at) => [verifications[at].evidenceDigest, list]),
        ),
    );

const NOT_ASKED_YET = { digest: undefined, lookups: [] };
const UNREADABLE = { digest: undefined, problem: 'odd' };
const RESOLVED = {};

/** Whatever can come together; every status is reached often. */
export const inputs: fc.Arbitrary<JudgeInput> = evidence
  .chain(verifications =>
    fc.record({
      verifications: fc.constant(verifications),
      places: fc.option(placesOf(verifications), { nil: undefined }),
      lookups: answers,
      policies,
      distrusts: fc.oneof(
        { arbitrary: fc.constant<Distrust[]>([]), weight: 3 },
        { arbitrary: distrusts, weight: 1 },
      ),
      history: fc.option(histories, { nil: undefined, freq: 2 }),
      entity: entities,
      now: fc.constantFrom(
        '2026-02-01T00:00:00.000Z',
        '2026-02-10T00:00:00.000Z',
        '2026-03-05T00:00:00.000Z',
      ),
      stage: fc.constantFrom<Partial<JudgeInput>[]>(
        ...Array(18).fill(RESOLVED),
        NOT_ASKED_YET,
        UNREADABLE,
      ),
    }),
  )
  .map(({ stage, ...changes }) => input({ ...changes, ...stage }));

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('(', '{{ repository }}', '{{ x }}', '__proto__', RELEASE),
);
const oddPolicies = fc
  .record({
    reference: fc.option(text, { nil: undefined }),
    entity: fc.option(
      fc.dictionary(
        fc.oneof(text, fc.constantFrom('$all', '$any')),
        fc.jsonValue(),
      ),
      { nil: undefined },
    ),
    issuerRegExp: text,
    subjectRegExp: text,
    extensions: fc.dictionary(text, text),
    key: fc.option(text, { nil: undefined }),
    window: text,
    until: text,
    maxAge: text,
  })
  .map(({ reference, entity, key, window, ...odd }) =>
    policy('odd', {
      authority: {
        signedAfter: window,
        signedBefore: window,
        ...(key === undefined
          ? {
              keyless: {
                trustedRoot: 'acme',
                identities: [
                  {
                    issuerRegExp: odd.issuerRegExp,
                    subjectRegExp: odd.subjectRegExp,
                  },
                ],
                extensions: odd.extensions,
              },
            }
          : { keyless: undefined, key: { trustedRoot: 'acme', data: key } }),
      },
      spec: {
        artifacts: [{ kind: 'image', reference, entity } as never],
        maxAge: odd.maxAge,
        exception: { until: odd.until, owner: '', reason: '' },
      },
    }),
  );
const oddEvidence = fc
  .record({
    identity: text,
    issuer: text,
    extensions: fc.dictionary(text, text),
    predicateType: fc.constantFrom(SLSA, 'https://slsa.dev/provenance/v0.2'),
    predicate: fc.jsonValue(),
    times: fc.array(text, { maxLength: 2 }),
  })
  .map(shape =>
    sound({
      ...shape,
      extensions: { buildSignerURI: 'x', ...shape.extensions },
    }),
  );

/** What nothing that is checked on loading would let through. */
export const anyInput: fc.Arbitrary<JudgeInput> = fc
  .record({
    given: inputs,
    verifications: fc.array(
      fc.oneof(
        oddEvidence,
        fc
          .subarray(FINDING_CODES, { minLength: 1, maxLength: 3 })
          .map(codes => failing(codes)),
      ),
      { maxLength: 3 },
    ),
    policies: fc.array(oddPolicies, { maxLength: 2 }),
    distrusts: fc.array(
      fc
        .record({ subjectRegExp: text, data: text, isKey: fc.boolean() })
        .map(({ subjectRegExp, data, isKey }) =>
          distrust(
            isKey
              ? { key: { data } }
              : { identity: { issuer: data, subjectRegExp } },
          ),
        ),
      { maxLength: 1 },
    ),
    document: fc.option(fc.dictionary(text, fc.jsonValue()), {
      nil: undefined,
    }),
    now: fc.constantFrom('2026-02-01T00:00:00.000Z', 'no time', ''),
  })
  .map(({ given, document, ...odd }) => ({
    ...given,
    now: odd.now,
    entity: { ...given.entity, document: document as never },
    verifications: [...given.verifications, ...odd.verifications],
    policies: [...given.policies, ...odd.policies],
    distrusts: [...(given.distrusts ?? []), ...odd.distrusts],
  }));
