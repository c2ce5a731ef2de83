import {
  ExpectedSigner,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { execFileSync } from 'node:child_process';
import { CommandRoot, reproduce } from './commands';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const KEY = `sha256:${'b'.repeat(64)}`;
const ONE_EACH = {
  transparencyLog: 1,
  certificateTransparency: 1,
  timestamps: 1,
};
const roots: CommandRoot[] = [
  { name: 'public-good', thresholds: ONE_EACH },
  {
    name: 'own',
    file: '/etc/backstage/roots/own root.json',
    thresholds: {
      transparencyLog: 0,
      certificateTransparency: 0,
      timestamps: 1,
    },
  },
];
const CONTEXT = { roots, timestamped: false };

const expected = (overrides: Partial<ExpectedSigner> = {}): ExpectedSigner => ({
  policy: 'images',
  authority: 'release',
  trustedRoot: 'public-good',
  issuer: 'https://issuer.example',
  identity: 'https://github.com/acme/.*@refs/heads/main',
  pattern: true,
  predicateTypes: [],
  ...overrides,
});

const found = (overrides: Partial<Signer> = {}): Signer => ({
  trustedRoot: 'public-good',
  issuer: 'https://issuer.example',
  identity: 'jane@acme.example',
  identityType: 'email',
  extensions: {},
  ...overrides,
});

const image = (overrides: Partial<Parameters<typeof reproduce>[0]> = {}) => ({
  kind: 'image' as const,
  reference: 'ghcr.io/acme/checkout:1.0',
  digest: DIGEST,
  expected: [expected()],
  ...overrides,
});

/** What a POSIX shell makes of a command: the programs and their arguments. */
function words(command: string): string[] {
  const script = `
    curl() { printf '%s\\0' curl "$@"; }
    cosign() { printf '%s\\0' cosign "$@"; }
    ct() { printf '%s\\0' ct "$@"; }
    aws() { printf '%s\\0' aws "$@"; }
    ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** The commands for a report, each taken apart by a shell. */
const commandsFor = (...parameters: Parameters<typeof reproduce>) =>
  reproduce(...parameters).map(({ command }) => words(command));

describe('reproduce', () => {
  it('asks cosign for the expected signer, anchored, and ct for the same', () => {
    expect(reproduce(image(), CONTEXT).map(({ tool }) => tool)).toEqual([
      'cosign',
      'ct',
    ]);
    expect(commandsFor(image(), CONTEXT)).toEqual([
      [
        'cosign',
        'verify',
        '--certificate-identity-regexp=^(?:https://github.com/acme/.*@refs/heads/main)$',
        '--certificate-oidc-issuer=https://issuer.example',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
      [
        'ct',
        'verify',
        'artifact',
        '--certificate-identity-regexp=https://github.com/acme/.*@refs/heads/main',
        '--certificate-oidc-issuer=https://issuer.example',
        '--',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
    ]);
  });

  it('anchors what has an anchor already: its alternatives may have none', () => {
    const [[, , identity, issuer]] = commandsFor(
      image({
        expected: [
          expected({
            identity: '^a|b$',
            issuer: 'https://a\\.example|b',
            issuerPattern: true,
          }),
        ],
      }),
      CONTEXT,
    );
    expect(identity).toBe('--certificate-identity-regexp=^(?:^a|b$)$');
    expect(issuer).toBe(
      '--certificate-oidc-issuer-regexp=^(?:https://a\\.example|b)$',
    );
  });

  it('asks for each attestation that the rule requires', () => {
    const flags = [
      '--certificate-identity=jane@acme.example',
      '--certificate-oidc-issuer=https://issuer.example',
    ];
    expect(
      commandsFor(
        image({
          expected: [
            expected({
              trustedRoot: 'own',
              identity: 'jane@acme.example',
              pattern: false,
              predicateTypes: ['https://slsa.dev/provenance/v1', 'sbom'],
            }),
          ],
        }),
        CONTEXT,
      ),
    ).toEqual([
      ...['https://slsa.dev/provenance/v1', 'sbom'].map(type => [
        'cosign',
        'verify-attestation',
        `--type=${type}`,
        ...flags,
        '--trusted-root=own root.json',
        '--use-signed-timestamps',
        '--insecure-ignore-tlog',
        '--insecure-ignore-sct',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ]),
      [
        ...['ct', 'verify', 'artifact', ...flags],
        '--predicate-type=https://slsa.dev/provenance/v1',
        '--predicate-type=sbom',
        '--trusted-root=./own root.json',
        '--threshold=transparencyLog=0',
        '--threshold=certificateTransparency=0',
        '--',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
    ]);
  });

  it('asks for a signature besides the attestations where the rule does', () => {
    const both = expected({ predicateTypes: ['sbom'], withSignature: true });
    expect(
      commandsFor(image({ expected: [both] }), CONTEXT).map(([, verb]) => verb),
    ).toEqual(['verify', 'verify-attestation', 'verify']);
  });

  it('asks for a key by the name that the rule gives it', () => {
    const key = expected({
      authority: 'release key/$(touch x)',
      trustedRoot: 'own',
      issuer: '',
      identity: KEY,
      pattern: false,
      key: true,
    });
    expect(commandsFor(image({ expected: [key] }), CONTEXT)).toEqual([
      [
        ...['cosign', 'verify', '--key=./release-key-touch-x-.pem'],
        '--trusted-root=own root.json',
        '--use-signed-timestamps',
        '--insecure-ignore-tlog',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
      [
        ...['ct', 'verify', 'artifact', '--key=./release-key-touch-x-.pem'],
        '--trusted-root=./own root.json',
        '--threshold=transparencyLog=0',
        '--threshold=certificateTransparency=0',
        '--',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
    ]);
  });

  it('asks for each policy once: by the authority that signed, else the first', () => {
    const rules = [
      expected(),
      expected({ identity: 'jane@acme.example', pattern: false, issuer: 'i' }),
      expected({ policy: 'same', authority: 'again' }),
      expected({ policy: 'provenance', predicateTypes: ['type'] }),
    ];
    const asked = (signer?: Signer) =>
      commandsFor(image({ expected: rules, signer }), CONTEXT)
        .filter(([tool]) => tool === 'cosign')
        .map(([, verb, flag]) => [verb, flag.split('=')[0]]);
    expect(asked()).toEqual([
      ['verify', '--certificate-identity-regexp'],
      ['verify-attestation', '--type'],
    ]);
    expect(asked(found({ issuer: 'i' }))).toEqual([
      ['verify', '--certificate-identity'],
      ['verify', '--certificate-identity-regexp'],
      ['verify-attestation', '--type'],
    ]);
  });

  it('takes the root of the signer where a rule takes any', () => {
    const [cosign] = commandsFor(
      image({
        expected: [expected({ trustedRoot: 'any' })],
        signer: found({ trustedRoot: 'own' }),
      }),
      CONTEXT,
    );
    expect(cosign).toContain('--trusted-root=own root.json');
  });

  it.each([
    ['https://plans.acme.example/prod/plan.json', ['curl', '-fsSLO'], []],
    ['s3://acme-plans/$(touch-x)/plan.json', ['aws', 's3', 'cp'], ['.']],
  ])(
    'fetches %s and its bundle, and asks for the signer that was found',
    (url, fetch, into) => {
      const hostile = `it's $(touch x) "quoted" \`too\` !!`;
      const fetched = [
        ...[...fetch, url, ...into],
        ...[...fetch, `${url}.sigstore.json`, ...into],
      ];
      const flags = [
        `--certificate-identity=${hostile}`,
        '--certificate-oidc-issuer=https://issuer.example',
      ];
      expect(
        commandsFor(
          {
            kind: 'terraform-plan',
            reference: url,
            digest: DIGEST,
            expected: [],
            signer: found({ identity: hostile, identityType: 'other-name' }),
          },
          CONTEXT,
        ),
      ).toEqual([
        [
          ...[...fetched, 'cosign', 'verify-blob'],
          '--bundle=./plan.json.sigstore.json',
          ...[...flags, './plan.json'],
        ],
        [
          ...[...fetched, 'ct', 'verify', 'artifact', '--kind=terraform-plan'],
          '--bundle=./plan.json.sigstore.json',
          ...[...flags, '--', './plan.json'],
        ],
      ]);
    },
  );

  it.each([
    // Ends a paste, wipes the line, and would run what follows.
    'jane@acme.example\u001b[201~\u0015touch x\r',
    'jane@acme.example\ntouch x',
    'jane@acme.example \\\n  touch x',
    'jane@acme.example\u009b201~',
    // Turns the direction of what follows.
    'jane\u202e@acme.example',
    'jane@acme\u2028.example',
  ])('writes no command that a terminal would act on: %j', identity => {
    const signer = found({ identity });
    expect(reproduce(image({ expected: [], signer }), CONTEXT)).toEqual([]);
  });

  it('mentions timestamps only where the evidence counts on them', () => {
    const flags = (timestamped: boolean) =>
      commandsFor(image(), { roots, timestamped })[0];
    expect(flags(true)).toContain('--use-signed-timestamps');
    expect(flags(false)).not.toContain('--use-signed-timestamps');
  });

  it.each(['https://plans.acme.example/--key=evil', 'file:--key=evil'])(
    'keeps a file name from becoming an option: %s',
    reference => {
      const commands = commandsFor(
        image({ kind: 'terraform-plan', reference }),
        CONTEXT,
      );
      expect(commands.map(command => command.at(-1))).toEqual([
        './--key=evil',
        './--key=evil',
      ]);
      expect(commands.at(-1)!.at(-2)).toBe('--');
    },
  );

  it('has nothing to say without a digest or a signer', () => {
    expect(reproduce(image({ digest: undefined }), CONTEXT)).toEqual([]);
    expect(reproduce(image({ expected: [] }), CONTEXT)).toEqual([]);
  });
});
