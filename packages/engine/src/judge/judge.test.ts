import {
  ArtifactStatus,
  FindingCode,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge } from './judge';
import {
  DIGEST,
  GITHUB,
  RELEASE,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const JANE = {
  identity: 'jane@acme.example',
  issuer: 'https://accounts.google.com',
};

function briefly(changes: Partial<JudgeInput>) {
  const { status, findings, mode } = judge(input(changes));
  return [status, findings.map(({ code }) => code), mode];
}

describe('judge', () => {
  it('the expected signer', () => {
    const verification = sound();
    expect(judge(input({ verifications: [verification] }))).toEqual({
      status: 'expected-signer',
      mode: 'enforce',
      findings: [],
      notices: [],
      answers: {
        signatureFound: 'yes',
        evidenceSound: 'yes',
        expectedSigner: 'yes',
      },
      signer: verification.facts?.signer,
      signedAt: '2026-01-02T03:04:05.000Z',
      decidingEvidence: verification.evidenceDigest,
      expected: [
        {
          policy: 'images',
          authority: 'images-authority',
          trustedRoot: 'acme',
          issuer: GITHUB,
          identity: RELEASE,
          pattern: false,
          predicateTypes: [],
        },
      ],
      policies: ['images'],
    });
  });

  describe('before there is evidence', () => {
    it.each<[string, Partial<JudgeInput>, ArtifactStatus, FindingCode]>([
      [
        'a reference that cannot be read',
        { problem: 'odd', digest: undefined },
        'unsupported-format',
        'reference-unreadable',
      ],
      [
        'nothing asked yet',
        { digest: undefined, lookups: [] },
        'pending',
        'not-checked-yet',
      ],
      [
        'a source that does not answer',
        { digest: undefined, lookups: [lookup('unreachable')] },
        'could-not-check',
        'source-unreachable',
      ],
      [
        'a source that refuses',
        { digest: undefined, lookups: [lookup('refused')] },
        'could-not-check',
        'source-refused',
      ],
      [
        'no such artifact',
        { digest: undefined, lookups: [lookup('none')] },
        'could-not-check',
        'artifact-not-found',
      ],
      [
        'an artifact of a kind that is not read',
        { digest: undefined, lookups: [lookup('unsupported')] },
        'unsupported-format',
        'format-unsupported',
      ],
    ])('%s', (_, changes, status, code) => {
      const verdict = judge(input(changes));
      expect(verdict.status).toBe(status);
      expect(verdict.findings.map(finding => finding.code)).toEqual([code]);
      expect(verdict.answers.signatureFound).toBe('unknown');
      expect(verdict.signer).toBeUndefined();
    });

    it('keeps the finding that resolving reported', () => {
      const findings = [{ code: 'host-not-allowed' as const, detail: 'x' }];
      const changes = {
        digest: undefined,
        lookups: [lookup('refused')],
        findings,
      };
      expect(judge(input(changes)).findings).toEqual(findings);
    });
  });

  describe('someone else', () => {
    it('shows what was found beside what is expected', () => {
      const verdict = judge(input({ verifications: [sound(JANE)] }));
      expect(verdict.status).toBe('unexpected-signer');
      expect(verdict.signer?.identity).toBe('jane@acme.example');
      expect(verdict.findings[0].comparisons).toEqual([
        { aspect: 'identity', found: 'jane@acme.example', expected: RELEASE },
        {
          aspect: 'issuer',
          found: 'https://accounts.google.com',
          expected: GITHUB,
        },
      ]);
      expect(verdict.answers).toEqual({
        signatureFound: 'yes',
        evidenceSound: 'yes',
        expectedSigner: 'no',
      });
    });

    // sigstore-js's own identity option is an unanchored regular expression.
    it.each([
      [
        'a longer repository name',
        RELEASE.replace('checkout', 'checkout-evil'),
      ],
      ['something before it', `https://evil.example/?${RELEASE}`],
      ['something after it', `${RELEASE}-2`],
      [
        'another character for a dot',
        RELEASE.replace('release.yml', 'releasexyml'),
      ],
      ['another case', RELEASE.toUpperCase()],
    ])('an exact identity is exact: %s', (_, identity) => {
      expect(briefly({ verifications: [sound({ identity })] })[0]).toBe(
        'unexpected-signer',
      );
    });

    it.each([
      ['the same', RELEASE, 'expected-signer'],
      [
        'a longer repository name',
        RELEASE.replace('checkout', 'checkout-evil'),
        'unexpected-signer',
      ],
      ['something before it', `x${RELEASE}`, 'unexpected-signer'],
      ['something after it', `${RELEASE}x`, 'unexpected-signer'],
      ['a second line', `${RELEASE}\nx`, 'unexpected-signer'],
    ])('a pattern is anchored: %s', (_, identity, status) => {
      const subjectRegExp = `${RELEASE.replaceAll('.', '\\.')}|nobody`;
      const policies = [
        policy('p', { identity: { issuer: GITHUB, subjectRegExp } }),
      ];
      expect(
        briefly({ policies, verifications: [sound({ identity })] })[0],
      ).toBe(status);
    });

    // A backtracking engine does not come back from this one.
    it('a pattern is matched in linear time', () => {
      const subjectRegExp = '(a+)+b';
      const policies = [
        policy('p', { identity: { issuer: GITHUB, subjectRegExp } }),
      ];
      const verifications = [sound({ identity: 'a'.repeat(5000) })];
      expect(briefly({ policies, verifications })[0]).toBe('unexpected-signer');
    });

    it('the right identity of another issuer', () => {
      const verifications = [sound({ issuer: `${GITHUB}/evil` })];
      expect(briefly({ verifications })[0]).toBe('unexpected-signer');
    });

    it('the right identity and issuer under another trusted root', () => {
      const verifications = [
        sound({ root: 'elsewhere', name: 'e' }),
        failing(['chain-untrusted'], { name: 'e' }),
      ];
      const verdict = judge(input({ verifications }));
      expect(verdict.status).toBe('unexpected-signer');
      expect(verdict.findings[0].comparisons).toContainEqual({
        aspect: 'trusted root',
        found: 'elsewhere',
        expected: 'acme',
      });
    });

    it('a laxer trusted root does not hide what the policy’s own finds missing', () => {
      const verifications = [
        sound({ root: 'laxer', name: 'e' }),
        failing(['log-entry-missing'], { name: 'e' }),
      ];
      expect(briefly({ verifications })).toEqual([
        'evidence-incomplete',
        ['log-entry-missing'],
        'enforce',
      ]);
    });
  });

  describe('values filled in', () => {
    const policies = [
      policy('p', {
        identity: {
          issuer: GITHUB,
          subjectRegExp:
            'https://github\\.com/{{ repository }}/\\.github/workflows/release\\.ya?ml@refs/heads/main',
        },
      }),
    ];
    const verifications = [sound()];
    const of = (repository?: string) =>
      briefly({
        policies,
        verifications,
        entity: { ref: 'component:default/x', repository },
      })[0];

    it('the repository of the entity', () => {
      expect(of('acme/checkout')).toBe('expected-signer');
      expect(of('acme/other')).toBe('unexpected-signer');
    });

    it('absent, it matches nothing', () => {
      expect(of(undefined)).toBe('unexpected-signer');
    });

    it.each([
      '.*/.*',
      'acme/check.ut',
      'acme/checkout|x',
      'acme',
      '',
      'a/b/c',
      '\\w+/\\w+',
    ])('%s stands for itself', repository =>
      expect(of(repository)).toBe('unexpected-signer'),
    );
  });

  it('what is no repository is not filled into an exact identity either', () => {
    const subject = 'https://github.com/{{ repository }}';
    const policies = [policy('p', { identity: { issuer: GITHUB, subject } })];
    const of = (repository: string) =>
      briefly({
        policies,
        verifications: [
          sound({ identity: `https://github.com/${repository}` }),
        ],
        entity: { ref: 'component:default/x', repository },
      })[0];
    expect(of('acme/checkout')).toBe('expected-signer');
    expect(of('acme/checkout/evil')).toBe('unexpected-signer');
  });

  describe('attestations', () => {
    const policies = [policy('p', { predicateTypes: [SLSA] })];

    it('CVE-2022-35929, CVE-2022-35930: any attestation is not the required one', () => {
      const verifications = [
        sound(),
        sound({ predicateType: 'https://other/v1' }),
      ];
      const verdict = judge(input({ policies, verifications }));
      expect(verdict.status).toBe('evidence-incomplete');
      expect(verdict.findings[0]).toEqual({
        code: 'predicate-missing',
        detail: expect.stringContaining('"p"'),
        comparisons: [
          {
            aspect: 'predicate type',
            found: 'https://other/v1',
            expected: SLSA,
          },
        ],
      });
      expect(verdict.answers.expectedSigner).toBe('yes');
    });

    it('the required one by someone else does not count', () => {
      const verifications = [sound(), sound({ ...JANE, predicateType: SLSA })];
      expect(briefly({ policies, verifications })[1]).toEqual([
        'predicate-missing',
      ]);
    });

    it('a broken one does not count', () => {
      const verifications = [sound(), failing(['signature-invalid'])];
      const verdict = judge(input({ policies, verifications }));
      expect(verdict.findings.map(({ code }) => code)).toEqual([
        'predicate-missing',
      ]);
      expect(verdict.notices).toEqual([{ code: 'signature-invalid' }]);
    });

    it('is satisfied by the authority that signed it', () => {
      const verifications = [sound({ predicateType: SLSA })];
      expect(briefly({ policies, verifications })[0]).toBe('expected-signer');
    });
  });

  describe('several policies', () => {
    it('must all be satisfied, and the worst speaks', () => {
      const policies = [
        policy('narrow', { predicateTypes: [SLSA] }),
        policy('wide', {
          identity: { issuer: GITHUB, subject: 'https://other' },
        }),
      ];
      expect(briefly({ policies, verifications: [sound()] })[0]).toBe(
        'unexpected-signer',
      );
    });

    it('the mode is that of what is not satisfied', () => {
      const verifications = [sound()];
      const others = { identity: { issuer: GITHUB, subject: 'https://other' } };
      const modeWith = (
        satisfied: 'enforce' | 'warn',
        not: 'enforce' | 'warn',
      ) =>
        briefly({
          verifications,
          policies: [
            policy('a', { mode: satisfied }),
            policy('b', { ...others, mode: not }),
          ],
        })[2];
      expect(modeWith('enforce', 'warn')).toBe('warn');
      expect(modeWith('warn', 'enforce')).toBe('enforce');
    });

    it.each([
      ['ghcr.io/acme/*', true],
      ['ghcr.io/*', false],
      ['ghcr.io/**', true],
      ['**', true],
      ['ghcr.io/acme/checkout', false],
      ['ghcr.io/acme/checkout:1.0', true],
      ['ghcr.io/acme/checkout:1x0', false],
      ['ghcr.io/*/other/**', false],
      ['ghcr.io/*/check**', true],
      ['ghcr.io/acme/checkout:1?0', false],
      ['hcr.io/acme/**', false],
    ])('the glob %s', (reference, matches) => {
      const policies = [
        policy('p', { reference, identity: { issuer: 'x', subject: 'y' } }),
      ];
      const verdict = judge(input({ policies, verifications: [sound()] }));
      expect(verdict.policies).toEqual([matches ? 'p' : 'same-repository']);
    });

    it('only those of the artifact’s kind', () => {
      const policies = [
        policy('p', { kind: 'manifest', reference: 'ghcr.io/other/**' }),
      ];
      expect(judge(input({ policies })).policies).toEqual(['same-repository']);
    });

    const TAG = 'ghcr.io/acme/checkout:1.0';
    const UNTAGGED = `ghcr.io/acme/checkout@${DIGEST}`;
    it.each([
      ['ghcr.io/acme/checkout:*', `${TAG}@${DIGEST}`],
      ['ghcr.io/acme/checkout:1.0', `${TAG}@${DIGEST}`],
      ['ghcr.io/acme/checkout:*', UNTAGGED],
      ['ghcr.io/acme/*:*', UNTAGGED],
    ])('%s covers %s', (glob, reference) => {
      const policies = [policy('p', { reference: glob })];
      expect(judge(input({ reference, policies })).policies).toEqual(['p']);
    });

    it.each([
      ['ghcr.io/acme/checkout:1.*', UNTAGGED],
      ['ghcr.io/acme/checkout:2.0', `${TAG}@${DIGEST}`],
      ['ghcr.io/acme/other:*', UNTAGGED],
      ['https://plans.example/p', `https://plans.example/p@${DIGEST}`],
    ])('%s does not cover %s', (glob, reference) => {
      const policies = [policy('p', { reference: glob })];
      expect(judge(input({ reference, policies })).policies).toEqual([
        'same-repository',
      ]);
    });
  });

  describe('without a policy: same-repository', () => {
    const extensions = {
      sourceRepositoryURI: 'https://github.com/acme/checkout',
      sourceRepositoryRef: 'refs/heads/main',
      buildTrigger: 'push',
    };
    const signedWith = (changes: Record<string, string>, issuer = GITHUB) =>
      briefly({
        policies: [],
        verifications: [
          sound({ issuer, extensions: { ...extensions, ...changes } }),
        ],
      });

    it('a workflow of the entity’s repository, under any root', () => {
      expect(signedWith({})).toEqual(['expected-signer', [], 'warn']);
      const verifications = [sound({ root: 'any-other', extensions })];
      expect(briefly({ policies: [], verifications })[0]).toBe(
        'expected-signer',
      );
    });

    it.each<Record<string, string>>([
      { sourceRepositoryURI: 'https://github.com/acme/checkout-evil' },
      { sourceRepositoryURI: 'https://github.com/acme' },
      { sourceRepositoryURI: 'https://gitlab.com/acme/checkout' },
      { sourceRepositoryRef: 'refs/pull/1/merge' },
      { sourceRepositoryRef: '' },
      { buildTrigger: 'pull_request' },
      { buildTrigger: 'pull_request_target' },
    ])('%o is someone else', changes => {
      expect(signedWith(changes)).toEqual([
        'unexpected-signer',
        ['signer-not-allowed'],
        'warn',
      ]);
    });

    it('is for GitHub’s own issuer', () => {
      expect(signedWith({}, `${GITHUB}/enterprise`)[0]).toBe(
        'unexpected-signer',
      );
    });

    const byOwnWorkflow = [sound({ extensions })];

    it.each<[string, Partial<JudgeInput>, string]>([
      [
        'as another kind',
        { kind: 'manifest', policies: [policy('images')] },
        'the policy "images" covers ghcr.io/acme/checkout:1.0 as image, not as manifest',
      ],
      [
        'by a path below a folder, where a policy writes the whole path',
        {
          kind: 'image',
          reference: 'file:prod/p.json',
          policies: [policy('p', { reference: 'file:/plans/prod/**' })],
        },
        'the policy "p" may cover file:prod/p.json and writes its path in another form',
      ],
      [
        'by its whole path, where a policy writes it below a folder',
        {
          kind: 'image',
          reference: 'file:/plans/prod/p.json',
          policies: [policy('p', { reference: 'file:prod/**' })],
        },
        'the policy "p" may cover file:/plans/prod/p.json and writes its path in another form',
      ],
    ])('does not stand in for a policy escaped %s', (_, changes, detail) => {
      const verdict = judge(
        input({ verifications: byOwnWorkflow, ...changes }),
      );
      expect(verdict.status).toBe('no-policy');
      expect(verdict.findings).toEqual([{ code: 'policy-missing', detail }]);
      expect(verdict.policies).toEqual([]);
      expect(verdict.answers.expectedSigner).toBe('not-asked');
    });

    it('stands where a policy for another kind names no references', () => {
      const all = policy('bundles', { kind: 'manifest' });
      const [{ kind }] = all.spec.artifacts;
      const policies = [
        { ...all, spec: { ...all.spec, artifacts: [{ kind }] } },
      ];
      expect(briefly({ policies, verifications: byOwnWorkflow })).toEqual([
        'expected-signer',
        [],
        'warn',
      ]);
    });

    it('stands where policies write other files', () => {
      for (const [reference, glob] of [
        ['file:/plans/prod/p.json', 'file:test/**'],
        ['file:/plans/prod/p.json', 'file:/plans/test/**'],
        ['file:prod/p.json', 'file:test/**'],
      ]) {
        const policies = [policy('p', { reference: glob })];
        const changes = { reference, policies, verifications: byOwnWorkflow };
        expect(briefly(changes)[0]).toBe('expected-signer');
      }
    });

    it('says nothing where the repository is not known', () => {
      const entity = { ref: 'component:default/x' };
      const verdict = judge(
        input({ policies: [], entity, verifications: [sound()] }),
      );
      expect(verdict.status).toBe('no-policy');
      expect(verdict.mode).toBeUndefined();
      expect(verdict.signer?.identity).toBe(RELEASE);
      expect(verdict.answers.expectedSigner).toBe('not-asked');
    });
  });

  describe('nothing suffices', () => {
    it.each<[Parameters<typeof lookup>[0], FindingCode]>([
      ['unreachable', 'source-unreachable'],
      ['refused', 'source-refused'],
      ['over-cap', 'evidence-over-cap'],
    ])('a source that is %s comes before what was found', (outcome, code) => {
      const lookups = [...input().lookups, lookup(outcome)];
      for (const verifications of [
        [],
        [sound(JANE)],
        [failing(['signature-invalid'])],
        [failing(['statement-for-other-artifact'])],
      ]) {
        expect(briefly({ lookups, verifications })).toEqual([
          'could-not-check',
          [code],
          'enforce',
        ]);
      }
    });

    it('but not before evidence that suffices', () => {
      const lookups = [...input().lookups, lookup('unreachable')];
      const findings = [{ code: 'source-unreachable' as const, detail: 'x' }];
      const verdict = judge(
        input({ lookups, findings, verifications: [sound()] }),
      );
      expect(verdict.status).toBe('expected-signer');
      expect(verdict.notices).toEqual(findings);
    });

    it('evidence that is larger than is read may be the one that is missing', () => {
      const verifications = [sound(JANE), failing(['evidence-over-cap'])];
      expect(briefly({ verifications }).slice(0, 2)).toEqual([
        'could-not-check',
        ['evidence-over-cap'],
      ]);
    });

    it('of failing evidence, that which got furthest decides', () => {
      const verifications = [
        failing(['evidence-malformed']),
        failing(['time-outside-certificate']),
        failing(['signature-invalid']),
      ];
      const verdict = judge(input({ verifications }));
      expect(verdict.status).toBe('outside-validity');
      expect(verdict.signer).toBeUndefined();
      expect(verdict.answers).toEqual({
        signatureFound: 'yes',
        evidenceSound: 'no',
        expectedSigner: 'not-asked',
      });
    });

    it('under the trusted roots that the policy names', () => {
      const verifications = [
        failing(['artifact-mismatch'], { name: 'e' }),
        failing(['chain-untrusted'], { name: 'e', root: 'other' }),
      ];
      expect(briefly({ verifications })[0]).toBe('evidence-mismatch');
      const foreign = [policy('p', { trustedRoot: 'third' })];
      expect(briefly({ verifications, policies: foreign })[0]).toBe(
        'unknown-authority',
      );
    });

    it('what is not read decides only alone', () => {
      const unread = failing(['format-unsupported']);
      expect(briefly({ verifications: [unread] })[0]).toBe(
        'unsupported-format',
      );
      const both = [unread, failing(['signature-invalid'])];
      expect(briefly({ verifications: both })[0]).toBe('evidence-mismatch');
    });

    it('no signature', () => {
      const verdict = judge(input());
      expect(verdict.status).toBe('no-signature');
      expect(verdict.answers).toEqual({
        signatureFound: 'no',
        evidenceSound: 'not-asked',
        expectedSigner: 'not-asked',
      });
    });

    it('a statement about another artifact is no signature', () => {
      const verifications = [
        failing(['log-entry-missing', 'statement-for-other-artifact']),
      ];
      const verdict = judge(input({ verifications }));
      expect(verdict.status).toBe('no-signature');
      expect(verdict.findings.map(({ code }) => code)).toEqual([
        'statement-for-other-artifact',
      ]);
      expect(verdict.answers.signatureFound).toBe('no');
    });

    it('something of a media type that is not read', () => {
      const findings = [{ code: 'format-unsupported' as const, detail: 'x/y' }];
      const lookups = [lookup('found'), lookup('unsupported')];
      const verdict = judge(input({ lookups, findings }));
      expect(verdict.status).toBe('unsupported-format');
      expect(verdict.findings).toEqual(findings);
      expect(verdict.answers.signatureFound).toBe('unknown');
    });
  });

  it('verifications of another artifact do not count', () => {
    const other = { ...sound(), artifactDigest: DIGEST.replace('a', 'b') };
    expect(briefly({ verifications: [other] })[0]).toBe('no-signature');
  });

  it('facts beside findings do not count', () => {
    const odd = {
      ...sound(),
      findings: [{ code: 'signature-invalid' as const }],
    };
    expect(briefly({ verifications: [odd] })[0]).toBe('evidence-mismatch');
  });
});
