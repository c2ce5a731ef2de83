import { JudgeInput, judge } from './judge';
import {
  DIGEST,
  GITHUB,
  RELEASE,
  Shape,
  failing,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

// One case for each advisory that concerns judging; they stay for good.
const SLSA = 'https://slsa.dev/provenance/v1';
const statusOf = (changes: Partial<JudgeInput>) => judge(input(changes)).status;

describe('advisories of others', () => {
  describe('CVE-2022-35929, CVE-2022-35930: any attestation passed for the required one', () => {
    const policies = [policy('p', { predicateTypes: [SLSA] })];

    it.each<[string, Shape]>([
      ['no attestation', {}],
      ['another type', { predicateType: 'https://spdx.dev/Document' }],
      ['a longer type', { predicateType: `${SLSA}.1` }],
      ['a shorter type', { predicateType: SLSA.slice(0, -1) }],
      ['another case', { predicateType: SLSA.toUpperCase() }],
      [
        'the type in what it states',
        { predicateType: 'https://x', predicate: { predicateType: SLSA } },
      ],
    ])('%s', (_, shape) => {
      expect(statusOf({ policies, verifications: [sound(shape)] })).toBe(
        'evidence-incomplete',
      );
    });

    it('the type that a bare signature says it has is none', () => {
      const signature = sound();
      signature.facts!.content.predicateType = SLSA;
      expect(statusOf({ policies, verifications: [signature] })).toBe(
        'evidence-incomplete',
      );
    });
  });

  describe('CVE-2026-48815: a field of a policy was accepted and dropped', () => {
    const pass: Shape = {
      extensions: { runnerEnvironment: 'github-hosted' },
      predicateType: SLSA,
    };
    const all = policy('p', {
      identity: { issuer: GITHUB, subject: RELEASE },
      extensions: { runnerEnvironment: 'github-hosted' },
      authority: {
        signedAfter: '2026-01-01T00:00:00Z',
        signedBefore: '2026-02-01T00:00:00Z',
        require: 'both',
        attestations: [{ predicateType: SLSA }],
      },
      spec: { evidence: ['bundle-store'], maxAge: '1d' },
    });
    const signature: Shape = { extensions: pass.extensions };
    const given = (shapes: Shape[], changes: Partial<JudgeInput> = {}) => {
      const verifications = shapes.map(shape => sound(shape));
      return statusOf({
        policies: [all],
        verifications,
        places: Object.fromEntries(
          verifications.map(({ evidenceDigest }) => [
            evidenceDigest,
            ['bundle-store' as const],
          ]),
        ),
        ...changes,
      });
    };
    const both = (shape: Shape) => [
      { ...pass, ...shape },
      { ...signature, ...shape },
    ];

    it('all of them together can be satisfied', () => {
      expect(given(both({}))).toBe('expected-signer');
    });

    it.each<[string, Shape]>([
      ['trustedRoot', { root: 'other' }],
      ['issuer', { issuer: 'https://accounts.google.com' }],
      ['subject', { identity: `${RELEASE}x` }],
      ['extensions', { extensions: { runnerEnvironment: 'self-hosted' } }],
      ['signedAfter', { time: '2025-12-31T00:00:00Z' }],
      ['signedBefore', { time: '2026-02-01T00:00:00Z' }],
    ])('%s can fail', (_, shape) => {
      expect(given(both(shape))).toBe('unexpected-signer');
    });

    it('attestations, require, evidence and maxAge can fail', () => {
      expect(given([signature])).toBe('evidence-incomplete');
      expect(given([pass])).toBe('evidence-incomplete');
      expect(given(both({}), { places: {} })).toBe('evidence-incomplete');
      expect(given(both({}), { now: '2026-02-02T00:00:00.000Z' })).toBe(
        'stale',
      );
    });
  });

  describe('CVE-2026-22772, and the identity option of sigstore-js: unanchored expressions', () => {
    const patterns = [
      policy('p', {
        identity: {
          issuerRegExp: 'https://token\\.actions\\.githubusercontent\\.com',
          subjectRegExp: 'https://github\\.com/acme/checkout/.*',
        },
      }),
    ];

    it.each<[string, Shape]>([
      [
        'an identity in front',
        { identity: `https://evil.example/#${RELEASE}` },
      ],
      ['an identity on a line of its own', { identity: `x\n${RELEASE}` }],
      ['a line after it', { identity: `${RELEASE}\nx` }],
      ['an issuer in front', { issuer: `https://evil.example/#${GITHUB}` }],
      ['an issuer with a longer host', { issuer: `${GITHUB}.evil.example` }],
      ['a line after the issuer', { issuer: `${GITHUB}\n` }],
    ])('%s', (_, shape) => {
      const verifications = [sound(shape)];
      expect(statusOf({ policies: patterns, verifications })).toBe(
        'unexpected-signer',
      );
    });

    it.each([
      ['shortened', RELEASE.slice(0, -1)],
      ['a part of it', 'acme/checkout'],
      ['a dot for a character', RELEASE.replace('checkout', 'check.ut')],
      ['.*', '.*'],
    ])(
      'what is written as a plain identity is no expression: %s',
      (_, subject) => {
        const policies = [
          policy('p', { identity: { issuer: GITHUB, subject } }),
        ];
        expect(statusOf({ policies, verifications: [sound()] })).toBe(
          'unexpected-signer',
        );
      },
    );
  });

  it('CVE-2026-31830: that a statement is about another artifact was found and forgotten', () => {
    const other = { ...sound(), artifactDigest: DIGEST.replaceAll('a', 'b') };
    const said = {
      ...sound(),
      findings: [{ code: 'statement-for-other-artifact' as const }],
    };
    expect(statusOf({ verifications: [other, said] })).toBe('no-signature');
  });

  it('CVE-2026-39395: what cannot be read was verified', () => {
    const { facts, ...unread } = sound();
    expect(statusOf({ verifications: [unread] })).toBe('no-signature');
    expect(statusOf({ verifications: [failing(['evidence-malformed'])] })).toBe(
      'evidence-mismatch',
    );
  });
});
