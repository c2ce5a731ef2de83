import { loadTrustPolicies } from '../loadTrustPolicies';
import { POLICY_WARNINGS } from './warningCodes';

const GITHUB = 'https://token.actions.githubusercontent.com';
const GOOGLE = 'https://accounts.google.com';
const RELEASE =
  'https://github.com/{{ repository }}/.github/workflows/release.yml@refs/heads/main';

type Identity = Record<string, string>;
const GOOD: Identity = { issuer: GITHUB, subject: RELEASE };

/** A policy, as JSON, which is YAML too. */
function policy(change: {
  name?: string;
  artifacts?: object[];
  identities?: Identity[];
  keyless?: object;
  authority?: object;
  authorities?: object[];
  spec?: object;
}): string {
  const { name, artifacts, identities, keyless, authority, spec } = change;
  return JSON.stringify({
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: name ?? 'images' },
    spec: {
      artifacts: artifacts ?? [{ kind: 'image', reference: 'ghcr.io/acme/**' }],
      authorities: change.authorities ?? [
        {
          name: 'release',
          keyless: {
            trustedRoot: 'acme',
            identities: identities ?? [GOOD],
            ...keyless,
          },
          ...authority,
        },
      ],
      ...spec,
    },
  });
}

const authority = (name: string, identity: Identity, more: object = {}) => ({
  name,
  keyless: { trustedRoot: 'acme', identities: [identity] },
  ...more,
});
const github = (subjectRegExp: string) =>
  policy({ identities: [{ issuer: GITHUB, subjectRegExp }] });
const reference = (glob: string) =>
  policy({ artifacts: [{ kind: 'image', reference: glob }] });
const entity = (predicate: object) => ({
  kind: 'image',
  reference: 'ghcr.io/acme/**',
  entity: predicate,
});

function lint(...texts: string[]) {
  const files = texts.map((text, index) => ({ path: `${index}.yaml`, text }));
  const now = new Date('2026-07-01T00:00:00Z');
  return loadTrustPolicies(files, { trustedRoots: ['acme', 'other'], now })
    .warnings;
}

type Case = [what: string, texts: string[], code: string, words: string];

const WARNINGS: Case[] = [
  [
    'an address with GitHub',
    [
      policy({
        identities: [{ issuer: GITHUB, subject: 'jane@acme.example' }],
      }),
    ],
    'identity-impossible',
    'https://github.com/OWNER/',
  ],
  [
    'addresses with GitHub',
    [github('.*@acme\\.example')],
    'identity-impossible',
    'https://github.com/OWNER/',
  ],
  [
    'a workflow with Google',
    [
      policy({
        identities: [
          {
            issuer: GOOGLE,
            subject:
              'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
          },
        ],
      }),
    ],
    'identity-impossible',
    'an e-mail address',
  ],
  [
    'a pattern of another host',
    [github('https://gitlab\\.com/acme/app/.*@refs/heads/main')],
    'identity-impossible',
    'https://github.com/OWNER/',
  ],
  [
    'distrust of nobody',
    [
      JSON.stringify({
        apiVersion: 'cloudythings.io/v1alpha1',
        kind: 'Distrust',
        metadata: { name: 'stolen' },
        spec: {
          distrusted: [
            { identity: { issuer: GITHUB, subject: 'jane@acme.example' } },
          ],
          reason: 'stolen',
        },
      }),
    ],
    'identity-impossible',
    'https://github.com/OWNER/',
  ],
  [
    'a repository with Google',
    [
      policy({
        identities: [
          { issuer: GOOGLE, subject: '{{ repository }}@acme.example' },
        ],
      }),
    ],
    'repository-without-github',
    GITHUB,
  ],
  [
    'a repository with another host',
    [
      policy({
        identities: [
          {
            issuer: 'https://gitlab.acme.example',
            subject:
              'https://gitlab.acme.example/{{ repository }}//.gitlab-ci.yml@refs/heads/main',
          },
        ],
      }),
    ],
    'repository-without-github',
    GITHUB,
  ],
  [
    'a reference without a tag',
    [reference('ghcr.io/acme/app')],
    'reference-impossible',
    'Write ghcr.io/acme/app:*',
  ],
  [
    'a reference with a scheme that is not read',
    [reference('gs://plans/prod/**')],
    'reference-impossible',
    'References are host/path:tag',
  ],
  [
    'a reference in capitals',
    [reference('ghcr.io/Acme/**')],
    'reference-impossible',
    'as artifacts are declared',
  ],
  [
    'a reference without a host',
    [reference('acme/app:*')],
    'reference-impossible',
    'as artifacts are declared',
  ],
  [
    'any address',
    [policy({ identities: [{ issuer: GOOGLE, subjectRegExp: '.*' }] })],
    'any-host',
    'evil',
  ],
  ['anybody', [github('.*')], 'any-owner', 'https://github.com/evil/'],
  [
    'an address of a domain named alike',
    [
      policy({
        identities: [{ issuer: GOOGLE, subjectRegExp: '.*acme\\.example' }],
      }),
    ],
    'any-host',
    'x@evil-acme.example',
  ],
  [
    'any owner',
    [github('https://github\\.com/.*@refs/heads/main')],
    'any-owner',
    'https://github.com/evil/',
  ],
  [
    'an owner named alike',
    [
      github(
        'https://github\\.com/acme.*/app/\\.github/workflows/release\\.yml@refs/heads/main',
      ),
    ],
    'any-owner',
    'https://github.com/acme-evil/app/',
  ],
  [
    'any owner before the repository',
    [github('https://github\\.com/[^/]+/app/.*@refs/heads/main')],
    'any-owner',
    'https://github.com/evil/app/',
  ],
  [
    'any repository',
    [github('https://github\\.com/acme/.*@refs/heads/main')],
    'any-repository',
    'https://github.com/acme/evil/',
  ],
  [
    'a repository named alike',
    [github('https://github\\.com/acme/checkout.*@refs/heads/main')],
    'any-repository',
    'https://github.com/acme/checkout-evil/',
  ],
  [
    'a repository named alike, of a value',
    [github('https://github\\.com/{{ repository }}.*@refs/heads/main')],
    'any-repository',
    'https://github.com/owner/name-evil/',
  ],
  [
    'any ref',
    [github('https://github\\.com/{{ repository }}/.*')],
    'any-ref',
    '@refs/pull/',
  ],
  [
    'any ref of a workflow',
    [
      github(
        'https://github\\.com/acme/app/\\.github/workflows/release\\.yml@.+',
      ),
    ],
    'any-ref',
    '@refs/pull/',
  ],
  [
    'a dot in a host',
    [
      github(
        'https://github.com/acme/app/\\.github/workflows/release\\.yml@refs/heads/main',
      ),
    ],
    'unescaped-dot',
    'https://githubxcom/acme/app/',
  ],
  [
    'a dot in a repository',
    [
      github(
        'https://github\\.com/acme/app.js/\\.github/workflows/release\\.yml@refs/heads/main',
      ),
    ],
    'unescaped-dot',
    '/acme/appxjs/',
  ],
  [
    'a dot in a mail domain',
    [
      policy({
        identities: [
          { issuer: GOOGLE, subjectRegExp: '(jane|joe)@acme.example' },
        ],
      }),
    ],
    'unescaped-dot',
    '@acmexexample',
  ],
  [
    'any issuer',
    [
      policy({
        identities: [{ issuerRegExp: '.*', subject: 'jane@acme.example' }],
      }),
    ],
    'issuer-too-wide',
    'evil',
  ],
  [
    'an issuer without its end',
    [
      policy({
        identities: [
          {
            issuerRegExp: 'https://token\\.actions\\.githubusercontent\\.com.*',
            subject: RELEASE,
          },
        ],
      }),
    ],
    'issuer-too-wide',
    'evil',
  ],
  [
    'a dot in an issuer',
    [
      policy({
        identities: [
          {
            issuerRegExp: 'https://gitlab.(com|net)',
            subject:
              'https://gitlab.com/acme/app//.gitlab-ci.yml@refs/heads/main',
          },
        ],
      }),
    ],
    'unescaped-dot',
    'https://gitlabxcom',
  ],
  [
    'an extension said twice',
    [
      policy({
        keyless: {
          extensions: {
            githubWorkflowTrigger: 'push',
            buildTrigger: 'release',
          },
        },
      }),
    ],
    'extension-contradicts',
    'no certificate has both',
  ],
  [
    'an owner of another repository',
    [
      policy({
        keyless: {
          extensions: {
            sourceRepositoryURI: 'https://github.com/acme/app',
            sourceRepositoryOwnerURI: 'https://github.com/acm',
          },
        },
      }),
    ],
    'extension-contradicts',
    'does not belong to',
  ],
  [
    'an extension of GitHub with another issuer',
    [
      policy({
        identities: [{ issuer: GOOGLE, subject: 'jane@acme.example' }],
        keyless: { extensions: { githubWorkflowTrigger: 'push' } },
      }),
    ],
    'extension-contradicts',
    'Correct it, or remove it',
  ],
  [
    'another source repository',
    [
      policy({
        identities: [
          {
            issuer: GITHUB,
            subject:
              'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
          },
        ],
        keyless: {
          extensions: { sourceRepositoryURI: 'https://github.com/acme/other' },
        },
      }),
    ],
    'extension-contradicts',
    'reusable workflows',
  ],
  [
    'another issuer than the identities',
    [policy({ keyless: { extensions: { issuer: GOOGLE } } })],
    'extension-contradicts',
    'Correct it, or remove it',
  ],
  [
    'a window that is over',
    [policy({ authority: { signedBefore: '2026-07-01T00:00:00Z' } })],
    'window-over',
    '2026-07-01T00:00:00Z',
  ],
  [
    'a window that has not begun',
    [policy({ authority: { signedAfter: '2026-07-01T00:00:01Z' } })],
    'window-ahead',
    'has not come',
  ],
  [
    'an exception past its date',
    [
      policy({
        spec: {
          exception: {
            until: '2026-06-30',
            owner: 'group:default/payments',
            reason: 'moving',
          },
        },
      }),
    ],
    'exception-over',
    'ask group:default/payments',
  ],
  [
    'a value that the entity chooses',
    [policy({ spec: { repositoryFrom: 'source-location' } })],
    'entity-owned-repository',
    'managed-by-location',
  ],
  [
    'a condition on what the entity writes',
    [
      policy({ artifacts: [entity({ 'spec.lifecycle': 'production' })] }),
      policy({ name: 'all', artifacts: [{ kind: 'image' }] }),
    ],
    'entity-owned-field',
    'chooses spec.lifecycle',
  ],
  [
    'an identity that another one allows',
    [
      policy({
        identities: [
          {
            issuer: GITHUB,
            subject:
              'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
          },
          {
            issuer: GITHUB,
            subjectRegExp:
              'https://github\\.com/acme/app/\\.github/workflows/[a-z]+\\.yml@refs/heads/main',
          },
        ],
      }),
    ],
    'identity-repeated',
    'spec.authorities[0].keyless.identities[1] (0.yaml:1)',
  ],
  [
    'an identity twice',
    [policy({ identities: [GOOD, GOOD] })],
    'identity-repeated',
    'identities[0]',
  ],
  [
    'an authority that another one allows',
    [
      policy({
        authorities: [
          authority('all', GOOD),
          authority('provenance', GOOD, {
            attestations: [{ predicateType: 'a' }],
          }),
        ],
      }),
    ],
    'authority-repeated',
    'spec.authorities[0]',
  ],
  [
    'an authority that a later one allows',
    [
      policy({
        authorities: [
          authority('until', GOOD, { signedBefore: '2030-01-01T00:00:00Z' }),
          authority('always', GOOD),
        ],
      }),
    ],
    'authority-repeated',
    'spec.authorities[1]',
  ],
  [
    'artifacts that another entry covers',
    [
      policy({
        artifacts: [
          { kind: 'image', reference: 'ghcr.io/acme/**' },
          { kind: 'image', reference: 'ghcr.io/acme/app:*' },
        ],
      }),
    ],
    'artifacts-repeated',
    'spec.artifacts[0]',
  ],
];

const SILENT: [string, string[]][] = [
  ['a workflow of the repository', [policy({})]],
  [
    'a pattern with both ends written',
    [
      github(
        '^https://github\\.com/{{ repository }}/\\.github/workflows/release\\.ya?ml@refs/(heads/main|tags/v.*)$',
      ),
    ],
  ],
  [
    'an enterprise of GitHub',
    [policy({ identities: [{ issuer: `${GITHUB}/acme`, subject: RELEASE }] })],
  ],
  [
    'a reusable workflow and whom it serves',
    [
      policy({
        keyless: {
          extensions: { sourceRepositoryURI: 'https://github.com/acme/app' },
        },
      }),
    ],
  ],
  [
    'the source repository of the identity',
    [
      policy({
        identities: [
          {
            issuer: GITHUB,
            subject:
              'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
          },
        ],
        keyless: {
          extensions: {
            sourceRepositoryURI: 'https://github.com/acme/app',
            sourceRepositoryRef: 'refs/heads/main',
            runnerEnvironment: 'github-hosted',
          },
        },
      }),
    ],
  ],
  [
    'addresses of one domain',
    [
      policy({
        identities: [
          { issuer: GOOGLE, subjectRegExp: '[a-z.]+@acme\\.example' },
        ],
      }),
    ],
  ],
  [
    'subdomains of one domain',
    [
      policy({
        identities: [
          {
            issuerRegExp: 'https://[a-z]+\\.acme\\.example',
            subjectRegExp: 'https://[a-z]+\\.acme\\.example/ci/release',
          },
        ],
      }),
    ],
  ],
  [
    'an issuer that is not known',
    [
      policy({
        identities: [
          {
            issuer: 'https://ci.acme.example',
            subject: 'spiffe://acme.example/release',
          },
        ],
      }),
    ],
  ],
  ['what is not read of a pattern', [github('(?i)https://github\\.com/.*')]],
  [
    'a condition that makes it another entity',
    [
      policy({
        artifacts: [
          entity({
            kind: 'Component',
            $not: { 'metadata.namespace': 'sandbox' },
          }),
        ].map(({ entity: { kind, $not }, ...rest }: any) => ({
          ...rest,
          entity: { $all: [{ kind }, { $not }] },
        })),
      }),
    ],
  ],
  [
    'a window that is open',
    [
      policy({
        authority: {
          signedAfter: '2026-01-01T00:00:00Z',
          signedBefore: '2027-01-01T00:00:00Z',
        },
      }),
    ],
  ],
  [
    'an exception on its last day',
    [
      policy({
        spec: {
          exception: { until: '2026-07-01', owner: 'us', reason: 'moving' },
        },
      }),
    ],
  ],
  [
    'authorities that ask for different things',
    [
      policy({
        authorities: [
          authority('a', GOOD, { attestations: [{ predicateType: 'a' }] }),
          authority('b', GOOD, { attestations: [{ predicateType: 'b' }] }),
        ],
      }),
    ],
  ],
  [
    'authorities of different windows',
    [
      policy({
        authorities: [
          authority('a', GOOD, { signedBefore: '2027-01-01T00:00:00Z' }),
          authority('b', GOOD, { signedAfter: '2026-01-01T00:00:00Z' }),
        ],
      }),
    ],
  ],
  [
    'authorities under different roots',
    [
      policy({
        authorities: ['acme', 'other'].map(trustedRoot => ({
          name: trustedRoot,
          keyless: { trustedRoot, identities: [GOOD] },
        })),
      }),
    ],
  ],
  [
    'authorities with different extensions',
    [
      policy({
        authorities: ['push', 'release'].map(buildTrigger => ({
          name: buildTrigger,
          keyless: {
            trustedRoot: 'acme',
            identities: [GOOD],
            extensions: { buildTrigger },
          },
        })),
      }),
    ],
  ],
  [
    'one subject under different issuers',
    [
      policy({
        identities: [
          { issuer: GOOGLE, subject: 'jane@acme.example' },
          {
            issuer: 'https://login.microsoftonline.com',
            subject: 'jane@acme.example',
          },
        ],
      }),
    ],
  ],
  [
    'one reference as different kinds, and of different entities',
    [
      policy({
        artifacts: [
          { kind: 'image', reference: 'ghcr.io/acme/**' },
          { kind: 'manifest', reference: 'ghcr.io/acme/**' },
          { kind: 'pipeline', entity: { kind: 'API' } },
          { kind: 'pipeline', entity: { kind: 'Component' } },
        ],
      }),
    ],
  ],
  [
    'a narrower policy beside a wider one',
    [
      policy({}),
      policy({
        name: 'app',
        artifacts: [{ kind: 'image', reference: 'ghcr.io/acme/app:*' }],
      }),
      policy({ name: 'all', artifacts: [{ kind: 'image' }] }),
    ],
  ],
  ...[
    '**',
    'ghcr.io/**',
    'ghcr.io/acme/*',
    '*.example/acme/**',
    'ghcr.io/acme/app@sha256:*',
    'localhost:5000/**',
    'ghcr.io/acme/app:sha256:*',
    'https://plans.example/prod/*',
    'https://*.example/**',
    'file:plans/**',
    'file:/plans/*/plan.json',
  ].map((glob): [string, string[]] => [
    `the reference ${glob}`,
    [reference(glob)],
  ]),
];

describe('lint', () => {
  it.each(WARNINGS)('warns of %s', (_, texts, code, words) => {
    const warnings = lint(...texts);
    expect(warnings.map(warning => warning.code)).toEqual([code]);
    expect(warnings[0].message).toContain(words);
    expect(warnings[0].place).toBe('0.yaml:1');
  });

  it.each(SILENT)('says nothing of %s', (_, texts) => {
    expect(lint(...texts)).toEqual([]);
  });

  it('warns besides where no policy stands behind one that can be left', () => {
    const selected = policy({
      artifacts: [entity({ 'metadata.labels.tier': 'one' })],
    });
    const others = [
      policy({ name: 'manifests', artifacts: [{ kind: 'manifest' }] }),
      policy({
        name: 'other',
        artifacts: [{ kind: 'image', reference: 'ghcr.io/acme/app:*' }],
      }),
      policy({ name: 'chosen', artifacts: [entity({ kind: 'API' })] }),
    ];
    const codes = lint(selected, ...others).map(({ code }) => code);
    expect(codes).toEqual(['entity-owned-field', 'no-catch-all']);
  });

  it('says nothing of dates without knowing the time', () => {
    const text = policy({
      authority: { signedBefore: '2020-01-01T00:00:00Z' },
    });
    const files = [{ path: 'a.yaml', text }];
    const known = { trustedRoots: ['acme'] };
    expect(loadTrustPolicies(files, known).warnings).toEqual([]);
  });

  it('points at file, line and field, in their order', () => {
    const text = `apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: images }
spec:
  artifacts:
    - kind: image
      reference: ghcr.io/acme/app
  authorities:
    - name: release
      keyless:
        trustedRoot: acme
        identities:
          - issuer: ${GITHUB}
            subjectRegExp: .*
`;
    expect(lint(text)).toEqual([
      {
        place: '0.yaml:7',
        policy: 'images',
        field: 'spec.artifacts[0].reference',
        code: 'reference-impossible',
        message:
          'no reference has this form. References of registries end in a tag or a digest. Write ghcr.io/acme/app:* for all of them.',
      },
      {
        place: '0.yaml:14',
        policy: 'images',
        field: 'spec.authorities[0].keyless.identities[0].subjectRegExp',
        code: 'any-owner',
        message:
          'this matches https://github.com/evil/x/.github/workflows/x.yml@refs/heads/x too. Write the owner out up to the next slash.',
      },
    ]);
  });

  it('ends, and says where it did not look at everything', () => {
    const identities = Array.from({ length: 3_000 }, (_, index) => ({
      issuer: GITHUB,
      subjectRegExp: `https://github\\.com/(a|b.*)${index}/.*c.*@.*${index}`,
    }));
    const codes = (some: Identity[]) =>
      lint(policy({ identities: some })).map(({ code }) => code);
    expect(codes(identities)).toContain('lint-incomplete');
    expect(codes(Array(101).fill(GOOD))).toEqual(['lint-incomplete']);
  });

  it('has a case for each of its codes', () => {
    const seen = [
      ...WARNINGS.map(([, , code]) => code),
      'no-catch-all',
      'lint-incomplete',
    ];
    expect(Object.keys(POLICY_WARNINGS).sort()).toEqual(
      [...new Set(seen)].sort(),
    );
  });
});
