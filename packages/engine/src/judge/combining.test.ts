import { judge } from './judge';
import {
  GITHUB,
  failing,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';

describe('several findings', () => {
  it.each([
    ['log-entry-missing' as const, 'signature-invalid' as const],
    ['signature-invalid' as const, 'log-entry-missing' as const],
  ])('of one piece of evidence: the worst counts (%s, %s)', (...codes) => {
    const verdict = judge(input({ verifications: [failing(codes)] }));
    expect(verdict.status).toBe('evidence-mismatch');
  });

  it('of several rules: those of the worst, the others beneath', () => {
    const nobody = { identity: { issuer: GITHUB, subject: 'https://nobody' } };
    const policies = [
      policy('stated', { predicateTypes: [SLSA] }),
      policy('x', nobody),
      policy('y', nobody),
    ];
    const verdict = judge(input({ policies, verifications: [sound()] }));
    expect(verdict.status).toBe('unexpected-signer');
    expect(verdict.findings.map(({ code }) => code)).toEqual([
      'signer-not-allowed',
      'signer-not-allowed',
    ]);
    expect(verdict.notices.map(({ code }) => code)).toEqual([
      'predicate-missing',
    ]);
  });
});

it('of evidence that suffices, the newest decides', () => {
  const older = sound({ time: '2026-01-01T00:00:00Z' });
  const newer = sound({ time: '2026-01-02T00:00:00Z' });
  for (const verifications of [
    [older, newer],
    [newer, older],
  ]) {
    const { decidingEvidence, signedAt } = judge(input({ verifications }));
    expect(decidingEvidence).toBe(newer.evidenceDigest);
    expect(signedAt).toBe('2026-01-02T00:00:00Z');
  }
});

it('a policy covers what one of its selectors names, kind and reference', () => {
  const covering = policy('p', {
    spec: {
      artifacts: [
        { kind: 'manifest', reference: 'ghcr.io/acme/**' },
        { kind: 'image', reference: 'ghcr.io/other/**' },
      ],
    },
  });
  const namesFor = (reference: string, kind: 'image' | 'manifest') =>
    judge(input({ policies: [covering], reference, kind })).policies;
  expect(namesFor('ghcr.io/acme/x:1', 'manifest')).toEqual(['p']);
  expect(namesFor('ghcr.io/other/x:1', 'image')).toEqual(['p']);
  expect(namesFor('ghcr.io/acme/x:1', 'image')).toEqual([]);
});

it.each<Record<string, string>>([
  { sourceRepositoryRef: 'x/refs/heads/main', buildTrigger: 'push' },
  { sourceRepositoryRef: 'refs/heads/main' },
])('the built-in rule wants %o otherwise', changes => {
  const extensions = {
    sourceRepositoryURI: 'https://github.com/acme/checkout',
    ...changes,
  };
  const verifications = [sound({ extensions })];
  const verdict = judge(input({ policies: [], verifications }));
  expect(verdict.status).toBe('unexpected-signer');
  expect(verdict.findings[0].comparisons).toHaveLength(3);
});
