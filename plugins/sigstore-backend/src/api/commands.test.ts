import { ExpectedSigner } from '@cloudythings/backstage-plugin-sigstore-common';
import { execFileSync } from 'node:child_process';
import { reproduce } from './commands';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const roots = [
  {
    name: 'public-good',
    thresholds: { transparencyLog: 1 },
  },
  {
    name: 'own',
    file: '/etc/backstage/roots/own root.json',
    thresholds: { transparencyLog: 0 },
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

/** What a POSIX shell makes of a command: the programs and their arguments. */
function words(command: string): string[] {
  const script = `
    curl() { printf '%s\\0' curl "$@"; }
    cosign() { printf '%s\\0' cosign "$@"; }
    ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

describe('reproduce', () => {
  it('asks cosign for the expected signer, anchored', () => {
    const [{ tool, command }] = reproduce(
      {
        reference: 'ghcr.io/acme/checkout:1.0',
        digest: DIGEST,
        expected: [expected()],
      },
      CONTEXT,
    );
    expect(tool).toBe('cosign');
    expect(words(command)).toEqual([
      'cosign',
      'verify',
      '--certificate-identity-regexp=^(?:https://github.com/acme/.*@refs/heads/main)$',
      '--certificate-oidc-issuer=https://issuer.example',
      `ghcr.io/acme/checkout@${DIGEST}`,
    ]);
  });

  it('asks for each attestation that the rule requires', () => {
    const commands = reproduce(
      {
        reference: 'ghcr.io/acme/checkout:1.0',
        digest: DIGEST,
        expected: [
          expected({
            trustedRoot: 'own',
            identity: 'jane@acme.example',
            pattern: false,
            predicateTypes: ['https://slsa.dev/provenance/v1'],
          }),
        ],
      },
      CONTEXT,
    );
    expect(commands.map(({ command }) => words(command))).toEqual([
      [
        'cosign',
        'verify-attestation',
        '--type=https://slsa.dev/provenance/v1',
        '--certificate-identity=jane@acme.example',
        '--certificate-oidc-issuer=https://issuer.example',
        '--trusted-root=own root.json',
        '--use-signed-timestamps',
        '--insecure-ignore-tlog',
        `ghcr.io/acme/checkout@${DIGEST}`,
      ],
    ]);
  });

  it('asks for each policy once, by its first authority', () => {
    const commands = reproduce(
      {
        reference: 'ghcr.io/acme/checkout:1.0',
        digest: DIGEST,
        expected: [
          expected(),
          expected({ authority: 'other', identity: 'other' }),
          expected({ policy: 'same', authority: 'again' }),
          expected({ policy: 'provenance', predicateTypes: ['type'] }),
        ],
      },
      CONTEXT,
    );
    expect(commands.map(({ command }) => words(command)[1])).toEqual([
      'verify',
      'verify-attestation',
    ]);
  });

  it('fetches a file and its bundle, and asks for the signer that was found', () => {
    const hostile = `it's $(touch x) "quoted" \`too\``;
    const [{ command }] = reproduce(
      {
        reference: 'https://plans.acme.example/prod/plan.json',
        digest: DIGEST,
        expected: [],
        signer: {
          trustedRoot: 'public-good',
          issuer: 'https://issuer.example',
          identity: hostile,
          identityType: 'other-name',
          extensions: {},
        },
      },
      CONTEXT,
    );
    const url = 'https://plans.acme.example/prod/plan.json';
    expect(words(command)).toEqual([
      ...['curl', '-fsSLO', url],
      ...['curl', '-fsSLO', `${url}.sigstore.json`],
      'cosign',
      'verify-blob',
      '--bundle=plan.json.sigstore.json',
      `--certificate-identity=${hostile}`,
      '--certificate-oidc-issuer=https://issuer.example',
      'plan.json',
    ]);
  });

  it('mentions timestamps only where the evidence counts on them', () => {
    const report = {
      reference: 'ghcr.io/acme/checkout:1.0',
      digest: DIGEST,
      expected: [expected()],
    };
    const flags = (timestamped: boolean) =>
      words(reproduce(report, { roots, timestamped })[0].command);
    expect(flags(true)).toContain('--use-signed-timestamps');
    expect(flags(false)).not.toContain('--use-signed-timestamps');
  });

  it('keeps a file name from becoming an option', () => {
    const [{ command }] = reproduce(
      {
        reference: 'https://plans.acme.example/--key=evil',
        digest: DIGEST,
        expected: [expected()],
      },
      CONTEXT,
    );
    expect(words(command).slice(-1)).toEqual(['./--key=evil']);
  });

  it('has nothing to say without a digest or a signer', () => {
    const reference = 'ghcr.io/acme/checkout:1.0';
    expect(reproduce({ reference, expected: [expected()] }, CONTEXT)).toEqual(
      [],
    );
    expect(
      reproduce({ reference, digest: DIGEST, expected: [] }, CONTEXT),
    ).toEqual([]);
  });
});
