import { generateKeyPairSync } from 'crypto';
import { JsonObject } from '@backstage/types';
import { TrustPolicy } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge } from './judge';
import { keyIdentity } from './signerIdentity';
import {
  GITHUB,
  RELEASE,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

type Predicate = NonNullable<
  TrustPolicy['spec']['artifacts'][number]['entity']
>;

const statusOf = (changes: Partial<JudgeInput>) => judge(input(changes)).status;

function newKey() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

describe('the issuer', () => {
  it.each([
    ['the same', GITHUB, 'expected-signer'],
    ['one below it', `${GITHUB}/acme`, 'expected-signer'],
    ['something after it', `${GITHUB}/acme/x`, 'unexpected-signer'],
    [
      'something before it',
      `https://evil.example/?${GITHUB}`,
      'unexpected-signer',
    ],
    [
      'another character for a dot',
      GITHUB.replace('actions.', 'actionsx'),
      'unexpected-signer',
    ],
  ])('by an anchored pattern: %s', (_, issuer, status) => {
    const issuerRegExp = `${GITHUB.replaceAll('.', '\\.')}(/[a-z]+)?`;
    const policies = [
      policy('p', { identity: { issuerRegExp, subject: RELEASE } }),
    ];
    const verdict = judge(
      input({ policies, verifications: [sound({ issuer })] }),
    );
    expect(verdict.status).toBe(status);
    expect(verdict.expected[0]).toMatchObject({
      issuer: issuerRegExp,
      issuerPattern: true,
    });
  });

  it('takes no values: they are for identities', () => {
    const issuerRegExp = 'https://{{ repository }}';
    const policies = [
      policy('p', { identity: { issuerRegExp, subject: RELEASE } }),
    ];
    const verifications = [sound({ issuer: 'https://acme/checkout' })];
    expect(statusOf({ policies, verifications })).toBe('unexpected-signer');
  });

  it('a pattern that is none matches nobody', () => {
    const policies = [
      policy('p', { identity: { issuer: GITHUB, subjectRegExp: '(' } }),
    ];
    expect(statusOf({ policies, verifications: [sound()] })).toBe(
      'unexpected-signer',
    );
  });
});

it('an exact identity with a value is exact', () => {
  const subject = 'https://github.com/{{ repository }}';
  const policies = [policy('p', { identity: { issuer: GITHUB, subject } })];
  const by = (identity: string) =>
    statusOf({ policies, verifications: [sound({ identity })] });
  expect(by('https://github.com/acme/checkout')).toBe('expected-signer');
  expect(by('https://github.com/acme/checkou')).toBe('unexpected-signer');
  expect(by('https://github.com/acme/checkout2')).toBe('unexpected-signer');
  expect(by(subject)).toBe('unexpected-signer');
});

describe('certificate extensions', () => {
  const extensions = {
    runnerEnvironment: 'github-hosted',
    sourceRepositoryURI: 'https://github.com/{{ repository }}',
  };
  const policies = [policy('p', { extensions })];
  const signed = (changes: Record<string, string>) =>
    judge(
      input({
        policies,
        verifications: [
          sound({
            extensions: {
              runnerEnvironment: 'github-hosted',
              sourceRepositoryURI: 'https://github.com/acme/checkout',
              ...changes,
            },
          }),
        ],
      }),
    );

  it('must all have the values that are written', () => {
    expect(signed({}).status).toBe('expected-signer');
    expect(signed({}).expected[0].extensions).toEqual({
      runnerEnvironment: 'github-hosted',
      sourceRepositoryURI: 'https://github.com/acme/checkout',
    });
  });

  it('the comparison shows the one that differs', () => {
    const verdict = signed({ runnerEnvironment: 'self-hosted' });
    expect(verdict.status).toBe('unexpected-signer');
    expect(verdict.findings[0].comparisons).toEqual([
      { aspect: 'identity', found: RELEASE, expected: RELEASE },
      { aspect: 'issuer', found: GITHUB, expected: GITHUB },
      {
        aspect: 'runnerEnvironment',
        found: 'self-hosted',
        expected: 'github-hosted',
      },
    ]);
  });

  it.each([
    ['longer', 'https://github.com/acme/checkout-evil'],
    ['shorter', 'https://github.com/acme'],
    ['of another case', 'https://github.com/Acme/checkout'],
    ['empty', ''],
  ])('a value that is %s is another', (_, sourceRepositoryURI) => {
    expect(signed({ sourceRepositoryURI }).status).toBe('unexpected-signer');
  });

  it('one that the certificate does not have differs', () => {
    const verdict = judge(input({ policies, verifications: [sound()] }));
    expect(verdict.status).toBe('unexpected-signer');
    expect(verdict.findings[0].comparisons).toContainEqual({
      aspect: 'runnerEnvironment',
      found: 'not stated',
      expected: 'github-hosted',
    });
  });

  it('are of each entity’s own repository', () => {
    const verifications = [
      sound({
        extensions: {
          runnerEnvironment: 'github-hosted',
          sourceRepositoryURI: 'https://github.com/acme/checkout',
        },
      }),
    ];
    const of = (repository: string) =>
      statusOf({
        policies,
        verifications,
        entity: { ref: 'component:default/x', repository },
      });
    expect(of('acme/checkout')).toBe('expected-signer');
    expect(of('acme/other')).toBe('unexpected-signer');
    expect(of('acme/checkout')).toBe('expected-signer');
  });

  it('a value that is not known matches nothing', () => {
    const entity = { ref: 'component:default/x' };
    const verifications = [
      sound({
        extensions: {
          runnerEnvironment: 'github-hosted',
          sourceRepositoryURI: extensions.sourceRepositoryURI,
        },
      }),
    ];
    expect(statusOf({ policies, verifications, entity })).toBe(
      'unexpected-signer',
    );
  });
});

describe('keys', () => {
  const data = newKey();
  const identity = keyIdentity(data) ?? '';
  const ofKey = (trustedRoot = 'acme') =>
    policy('p', {
      authority: { keyless: undefined, key: { trustedRoot, data } },
    });
  const signed = { issuer: '', identity, identityType: 'public-key' as const };

  it('the key that is written', () => {
    const verdict = judge(
      input({ policies: [ofKey()], verifications: [sound(signed)] }),
    );
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.expected).toEqual([
      {
        policy: 'p',
        authority: 'p-authority',
        trustedRoot: 'acme',
        issuer: '',
        identity,
        pattern: false,
        key: true,
        predicateTypes: [],
      },
    ]);
  });

  it('another key is someone else, and so is the key under another root', () => {
    const other = sound({ ...signed, identity: keyIdentity(newKey()) });
    expect(statusOf({ policies: [ofKey()], verifications: [other] })).toBe(
      'unexpected-signer',
    );
    expect(
      statusOf({ policies: [ofKey('other')], verifications: [sound(signed)] }),
    ).toBe('unexpected-signer');
  });

  it('a certificate that says the name of the key is no key', () => {
    const verifications = [sound({ ...signed, identityType: 'other-name' })];
    expect(statusOf({ policies: [ofKey()], verifications })).toBe(
      'unexpected-signer',
    );
  });

  it('a key has no identity that a pattern could match', () => {
    const policies = [
      policy('p', { identity: { issuerRegExp: '.*', subjectRegExp: '.*' } }),
    ];
    expect(statusOf({ policies, verifications: [sound()] })).toBe(
      'expected-signer',
    );
    expect(statusOf({ policies, verifications: [sound(signed)] })).toBe(
      'unexpected-signer',
    );
  });

  it('a key that cannot be read is nobody', () => {
    const policies = [
      policy('p', {
        authority: {
          keyless: undefined,
          key: { trustedRoot: 'acme', data: 'no key' },
        },
      }),
    ];
    expect(statusOf({ policies, verifications: [sound(signed)] })).toBe(
      'unexpected-signer',
    );
  });
});

describe('the repository', () => {
  const identity = {
    issuer: GITHUB,
    subjectRegExp:
      'https://github\\.com/{{ repository }}/\\.github/workflows/release\\.yml@refs/heads/main',
  };
  const entity = {
    ref: 'component:default/x',
    repository: 'acme/checkout',
    chosenRepository: 'evil/checkout',
  };
  const byEvil = [
    sound({ identity: RELEASE.replace('acme/checkout', 'evil/checkout') }),
  ];
  const from = (repositoryFrom?: 'managed-by-location' | 'source-location') => [
    policy('p', { identity, spec: { repositoryFrom } }),
  ];

  it.each([[undefined], ['managed-by-location' as const]])(
    'a source-location that the entity forged changes nothing (%s)',
    repositoryFrom => {
      const policies = from(repositoryFrom);
      expect(statusOf({ policies, entity, verifications: byEvil })).toBe(
        'unexpected-signer',
      );
      expect(statusOf({ policies, entity, verifications: [sound()] })).toBe(
        'expected-signer',
      );
      const { repository, ...unknown } = entity;
      expect(
        statusOf({ policies, entity: unknown, verifications: byEvil }),
      ).toBe('unexpected-signer');
    },
  );

  it('comes from it only where the policy says so', () => {
    const policies = from('source-location');
    expect(statusOf({ policies, entity, verifications: byEvil })).toBe(
      'expected-signer',
    );
    expect(statusOf({ policies, entity, verifications: [sound()] })).toBe(
      'unexpected-signer',
    );
  });

  it('never changes the built-in rule', () => {
    const extensions = {
      sourceRepositoryURI: 'https://github.com/evil/checkout',
      sourceRepositoryRef: 'refs/heads/main',
      buildTrigger: 'push',
    };
    const verifications = [sound({ extensions })];
    expect(statusOf({ policies: [], entity, verifications })).toBe(
      'unexpected-signer',
    );
  });
});

describe('entities that a policy selects', () => {
  const selecting = (entity: Predicate, name = 'p') => {
    const { spec, ...rest } = policy(name);
    return {
      ...rest,
      spec: { ...spec, artifacts: [{ ...spec.artifacts[0], entity }] },
    };
  };
  const document = {
    kind: 'Component',
    metadata: { name: 'checkout', tags: ['pci'] },
    spec: { type: 'service', lifecycle: 'production' },
  };
  const coveredBy = (entity: Predicate, doc: JsonObject) =>
    judge(
      input({
        policies: [selecting(entity)],
        entity: {
          ref: 'component:default/checkout',
          repository: 'acme/checkout',
          document: doc,
        },
        verifications: [sound()],
      }),
    );

  it.each<[Predicate]>([
    [{ kind: 'component' }],
    [{ 'spec.type': { $in: ['service', 'website'] } }],
    [{ $all: [{ kind: 'Component' }, { $not: { 'spec.type': 'library' } }] }],
    [{ 'metadata.tags': { $contains: 'pci' } }],
  ])('%j', predicate => {
    const verdict = coveredBy(predicate, document);
    expect(verdict.policies).toEqual(['p']);
    expect(verdict.status).toBe('expected-signer');
  });

  // Whoever edits the entity must not get the weaker rule by it.
  it.each<[string, Predicate, JsonObject, string]>([
    [
      'another entity',
      { 'spec.type': 'library' },
      document,
      'of other entities, by what the catalog says of them',
    ],
    [
      'a predicate that is none',
      { $all: [], kind: 'Component' },
      document,
      'of other entities, by what the catalog says of them',
    ],
    [
      'an operator that is not known',
      { kind: { $later: 'x' } },
      document,
      'of other entities, by what the catalog says of them',
    ],
  ])('%s has no policy and not the built-in one', (_, predicate, doc, why) => {
    const verdict = coveredBy(predicate, doc);
    expect(verdict.policies).toEqual([]);
    expect(verdict.status).toBe('no-policy');
    expect(verdict.findings).toEqual([
      {
        code: 'policy-missing',
        detail: `the policy "p" covers ghcr.io/acme/checkout:1.0 ${why}`,
      },
    ]);
  });

  it('other policies cover the others', () => {
    const policies = [
      selecting({ 'spec.type': 'library' }, 'libraries'),
      policy('all'),
    ];
    const entity = { ref: 'component:default/checkout', document };
    expect(judge(input({ policies, entity })).policies).toEqual(['all']);
  });
});
