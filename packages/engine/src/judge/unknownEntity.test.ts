import { JsonObject } from '@backstage/types';
import {
  TrustPolicy,
  compareStatuses,
} from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { JudgeInput, judge } from './judge';
import { inputs } from './__testUtils__/judgeInputs';
import {
  GITHUB,
  distrust,
  failing,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

type Predicate = NonNullable<
  TrustPolicy['spec']['artifacts'][number]['entity']
>;

const PLAYGROUND =
  'https://github.com/acme/playground/.github/workflows/x.yml@refs/heads/main';
const ANYBODY = {
  issuer: GITHUB,
  subjectRegExp: 'https://github\\.com/acme/.*',
};
const PRODUCTION: Predicate = { 'metadata.namespace': 'production' };

function selecting(given: TrustPolicy, entity: Predicate): TrustPolicy {
  const { spec, ...rest } = given;
  const artifacts = spec.artifacts.map(one => ({ ...one, entity }));
  return { ...rest, spec: { ...spec, artifacts } };
}

const strict = (entity = PRODUCTION, name = 'strict') =>
  selecting(policy(name), entity);
const catchAll = policy('all', { identity: ANYBODY, mode: 'warn' });

/** By someone whom the policy behind the strict one allows. */
const signedLoosely = (
  document: JsonObject | undefined,
  changes: Partial<JudgeInput> = {},
) =>
  judge(
    input({
      policies: [catchAll, strict()],
      verifications: [sound({ identity: PLAYGROUND })],
      entity: { ref: 'component:production/x', document },
      ...changes,
    }),
  );

describe('what the catalog says of an entity is not known', () => {
  it('a policy that would be missed by it leaves no green', () => {
    const known = { metadata: { namespace: 'production' } };
    const elsewhere = { metadata: { namespace: 'default' } };
    expect(signedLoosely(known).status).toBe('unexpected-signer');
    expect(signedLoosely(elsewhere).status).toBe('expected-signer');
    const verdict = signedLoosely(undefined);
    expect(verdict.status).toBe('could-not-check');
    expect(verdict.findings).toEqual([
      {
        code: 'entity-unknown',
        detail:
          'whether the policy "strict" covers ghcr.io/acme/checkout:1.0 depends on metadata.namespace of component:production/x',
      },
    ]);
    expect(verdict.policies).toEqual(['all']);
    expect(verdict.answers.expectedSigner).toBe('unknown');
  });

  it('names every policy and every field that it depends on', () => {
    const other = strict(
      { $all: [{ $not: { 'spec.type': 'library' } }, { kind: 'API' }] },
      'other',
    );
    const { findings } = signedLoosely(undefined, {
      policies: [strict(), other, catchAll],
      entity: { ref: '' },
    });
    expect(findings.map(({ detail }) => detail)).toEqual([
      'whether the policy "strict" covers ghcr.io/acme/checkout:1.0 depends on metadata.namespace of its entity',
      'whether the policy "other" covers ghcr.io/acme/checkout:1.0 depends on kind, spec.type of its entity',
    ]);
  });

  it('what is red or missing stays so', () => {
    const statusOf = (changes: Partial<JudgeInput>) =>
      signedLoosely(undefined, changes).status;
    expect(statusOf({ verifications: [sound({ identity: 'x' })] })).toBe(
      'unexpected-signer',
    );
    expect(statusOf({ verifications: [failing(['signature-invalid'])] })).toBe(
      'evidence-mismatch',
    );
    expect(statusOf({ verifications: [] })).toBe('no-signature');
    expect(statusOf({ distrusts: [distrust({ trustedRoot: 'acme' })] })).toBe(
      'unexpected-signer',
    );
  });

  it('without any other policy it is not known either', () => {
    const verdict = signedLoosely(undefined, { policies: [strict()] });
    expect(verdict.status).toBe('could-not-check');
    expect(verdict.policies).toEqual([]);
  });

  it.each<[string, TrustPolicy[]]>([
    [
      'of another kind',
      [catchAll, selecting(policy('k', { kind: 'manifest' }), PRODUCTION)],
    ],
    [
      'of other references',
      [
        catchAll,
        selecting(policy('r', { reference: 'ghcr.io/other/**' }), PRODUCTION),
      ],
    ],
    [
      'that covers it anyhow',
      [
        {
          ...catchAll,
          spec: {
            ...catchAll.spec,
            artifacts: [...strict().spec.artifacts, ...catchAll.spec.artifacts],
          },
        },
      ],
    ],
  ])('nothing depends on it for a policy %s', (_, policies) => {
    expect(signedLoosely(undefined, { policies }).status).toBe(
      'expected-signer',
    );
  });

  it('before anything was asked it is new, as ever', () => {
    const changes = { digest: undefined, lookups: [] };
    expect(signedLoosely(undefined, changes).status).toBe('pending');
  });
});

describe('a part of what the catalog says is left out', () => {
  const isDecided = (entity: Predicate, document: JsonObject) =>
    signedLoosely(document, { policies: [catchAll, strict(entity)] }).status !==
    'could-not-check';
  const reduced = {
    kind: 'Component',
    metadata: { namespace: 'production', annotations: { a: 'x' } },
    spec: { type: 'service' },
    omitted: ['metadata.annotations.example.com/data', 'spec.definition'],
  };
  const known = {
    ...reduced,
    known: ['kind', 'metadata.namespace', 'spec.type'],
  };

  it.each<[boolean, Predicate]>([
    [true, { 'metadata.namespace': 'production' }],
    [true, { 'metadata.annotations.a': 'x' }],
    [true, { 'metadata.annotations.example.com/other': { $exists: true } }],
    [true, { 'spec.definitions': { $exists: true } }],
    [false, { 'metadata.annotations.example.com/data': 'x' }],
    [false, { $not: { 'metadata.annotations.example.com/data': 'x' } }],
    [false, { 'spec.definition.info': 'x' }],
    [false, { 'metadata.annotations': { $exists: true } }],
  ])('by name: decided %s for %j', (decided, entity) => {
    expect(isDecided(entity, reduced)).toBe(decided);
  });

  it.each<[boolean, Predicate]>([
    [true, { 'metadata.namespace': 'default' }],
    [true, { 'spec.type': 'library' }],
    [false, { 'metadata.annotations.a': 'x' }],
    [false, { 'spec.types': 'x' }],
    [false, { spec: { $exists: true } }],
    [true, { kind: 'API', 'spec.custom': 'x' }],
    [false, { kind: 'Component', 'spec.custom': 'x' }],
    [true, { $all: [{ 'spec.custom': 'x' }, { kind: 'API' }] }],
    [false, { $all: [{ 'spec.custom': 'x' }, { kind: 'Component' }] }],
    [true, { $any: [{ 'spec.custom': 'x' }, { kind: 'Component' }] }],
    [false, { $any: [{ 'spec.custom': 'x' }, { kind: 'API' }] }],
    [true, { $not: { kind: 'API' } }],
    [false, { $not: { $not: { 'spec.custom': 'x' } } }],
  ])('but for what is known: decided %s for %j', (decided, entity) => {
    expect(isDecided(entity, known)).toBe(decided);
  });

  it('a mark that cannot be read leaves nothing known', () => {
    for (const mark of [{ known: 'kind' }, { omitted: 'kind' }]) {
      expect(isDecided({ kind: 'API' }, { kind: 'API', ...mark })).toBe(false);
    }
  });
});

describe('whatever it is given', () => {
  const FIELDS = ['kind', 'metadata.namespace', 'spec.type'];
  const VALUES = ['a', 'b'];
  const leaf = fc.record({
    field: fc.constantFrom(...FIELDS),
    value: fc.constantFrom(...VALUES),
  });
  const { predicate } = fc.letrec<{ predicate: Predicate }>(tie => ({
    predicate: fc.oneof(
      { maxDepth: 3 },
      leaf.map(({ field, value }) => ({ [field]: value })),
      leaf.map(({ field, value }) => ({ [field]: { $in: [value] } })),
      leaf.map(({ field }) => ({ [field]: { $exists: true } })),
      fc.array(tie('predicate'), { maxLength: 2 }).map(of => ({ $all: of })),
      fc.array(tie('predicate'), { maxLength: 2 }).map(of => ({ $any: of })),
      tie('predicate').map(of => ({ $not: of })),
    ) as fc.Arbitrary<Predicate>,
  }));
  const documents = fc
    .record(
      {
        kind: fc.constantFrom(...VALUES),
        namespace: fc.constantFrom(...VALUES),
        type: fc.constantFrom(...VALUES),
      },
      { requiredKeys: [] },
    )
    .map(({ kind, namespace, type }) => ({
      ...(kind && { kind }),
      metadata: { ...(namespace && { namespace }) },
      spec: { ...(type && { type }) },
    }));
  const RUNS = {
    seed: 20260201,
    numRuns: fc.readConfigureGlobal().numRuns ?? 2000,
  };

  jest.setTimeout(120_000);

  /** What is left of a document of which only some fields are known. */
  function left(document: JsonObject, fields: readonly string[]): JsonObject {
    const part = structuredClone(document) as any;
    if (!fields.includes('kind')) delete part.kind;
    if (!fields.includes('metadata.namespace')) delete part.metadata.namespace;
    if (!fields.includes('spec.type')) delete part.spec.type;
    return part;
  }

  it('knowing less of an entity never makes it better', () => {
    let telling = 0;
    fc.assert(
      fc.property(
        inputs,
        fc.array(predicate, { minLength: 1, maxLength: 2 }),
        documents,
        fc.option(fc.subarray(FIELDS)),
        fc.boolean(),
        (given, predicates, document, fields, isNamed) => {
          fc.pre(given.lookups.length > 0);
          const policies = [
            ...given.policies,
            ...predicates.map((one, at) =>
              selecting(
                policy(`selecting-${at}`, { trustedRoot: 'other' }),
                one,
              ),
            ),
          ];
          const under = (known: JsonObject | undefined) =>
            judge({
              ...given,
              policies,
              entity: { ...given.entity, document: known },
            });
          const marks = isNamed
            ? { omitted: FIELDS.filter(field => !fields?.includes(field)) }
            : { known: fields };
          const { status: less, policies: decided } = under(
            fields ? { ...left(document, fields), ...marks } : undefined,
          );
          const { status: all } = under(document);
          expect(less === 'expected-signer' && all !== less).toBe(false);
          // Worse than not knowing is only what is so either way.
          const isWorse = compareStatuses(less, 'could-not-check') < 0;
          expect(isWorse && all === 'expected-signer').toBe(false);
          expect(
            isWorse && decided.length > 0 && compareStatuses(less, all) < 0,
          ).toBe(false);
          if (less !== all) telling += 1;
        },
      ),
      RUNS,
    );
    expect(telling).toBeGreaterThan(RUNS.numRuns / 50);
  });
});
