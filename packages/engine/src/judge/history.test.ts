import { JudgeHistory, NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  RELEASE,
  distrust,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const SBOM = 'https://spdx.dev/Document';
const JANE = {
  identity: 'jane@acme.example',
  issuer: 'https://accounts.google.com',
};
const UNKNOWN_REPOSITORY = {
  policies: [],
  entity: { ref: 'component:default/x' },
};

function after(
  history: Partial<JudgeHistory>,
  changes: Partial<JudgeInput> = {},
) {
  return judge(input({ history: { ...NO_HISTORY, ...history }, ...changes }));
}

const briefly = (...args: Parameters<typeof after>) => {
  const { status, findings } = after(...args);
  return [status, ...findings.map(({ code }) => code)];
};

const GONE = ['signature-lost', 'evidence-gone'];
const WEAKER = ['signature-lost', 'weaker-than-before'];

describe('evidence that is gone', () => {
  const gone = [sound()];

  it('sufficed, and nothing does now', () => {
    const verdict = after({ gone });
    expect(verdict.status).toBe('signature-lost');
    expect(verdict.findings).toEqual([
      {
        code: 'evidence-gone',
        detail: `${gone[0].evidenceDigest}, signed by release.yml in acme/checkout (GitHub Actions)`,
      },
    ]);
    expect(verdict.notices).toEqual([{ code: 'no-signature' }]);
    expect(verdict.signer).toBeUndefined();
  });

  it('does not matter where something suffices', () => {
    const verifications = [sound({ name: 'again' })];
    expect(briefly({ gone }, { verifications })).toEqual(['expected-signer']);
  });

  it('is not known to be gone before every source answered', () => {
    const lookups = [...input().lookups, lookup('unreachable')];
    expect(briefly({ gone }, { lookups })[0]).toBe('could-not-check');
    const unread = [lookup('found'), lookup('unsupported')];
    expect(briefly({ gone }, { lookups: unread })[0]).toBe(
      'unsupported-format',
    );
    const verifications = [failing(['verification-outdated'])];
    expect(briefly({ gone }, { verifications })[0]).toBe('stale');
  });

  it('would not have sufficed', () => {
    for (const other of [
      sound(JANE),
      failing(['log-entry-missing']),
      { ...sound(), artifactDigest: `sha256:${'0'.repeat(64)}` },
    ]) {
      expect(briefly({ gone: [other] })[0]).toBe('no-signature');
    }
  });

  it('counts together with what is still there', () => {
    const policies = [policy('p', { predicateTypes: [SLSA, SBOM] })];
    const verifications = [sound({ predicateType: SLSA })];
    const lost = [sound({ predicateType: SBOM })];
    expect(briefly({ gone: lost }, { policies, verifications })).toEqual(GONE);
    expect(briefly({ gone }, { policies, verifications })[0]).toBe(
      'evidence-incomplete',
    );
  });

  it('the worse of it and what is there now speaks', () => {
    for (const [code, status] of [
      ['signature-invalid', 'evidence-mismatch'],
      ['chain-untrusted', 'signature-lost'],
      ['log-entry-missing', 'signature-lost'],
      ['format-unsupported', 'signature-lost'],
    ] as const) {
      const verdict = after({ gone }, { verifications: [failing([code])] });
      expect(verdict.status).toBe(status);
      const said = [...verdict.findings, ...verdict.notices];
      expect(said.map(finding => finding.code)).toEqual(
        expect.arrayContaining([code, 'evidence-gone']),
      );
    }
    expect(briefly({ gone }, { verifications: [sound(JANE)] })[0]).toBe(
      'unexpected-signer',
    );
  });

  it('is lost where it is only in the wrong place now', () => {
    const policies = [policy('p', { spec: { evidence: ['bundle-store'] } })];
    expect(
      briefly({ gone }, { policies, verifications: [sound({ name: 'e' })] }),
    ).toEqual(['evidence-incomplete', 'evidence-elsewhere']);
  });

  it('withdrawing trust from it does not make it less lost', () => {
    const distrusts = [distrust({ trustedRoot: 'acme' })];
    expect(briefly({ gone }, { distrusts })).toEqual(GONE);
  });

  it('is said beneath what is there and distrusted', () => {
    const stolen = sound({ name: 'stolen' });
    const verdict = after(
      { gone },
      {
        verifications: [stolen],
        distrusts: [distrust({ bundle: stolen.evidenceDigest })],
      },
    );
    expect(verdict.status).toBe('unexpected-signer');
    expect(verdict.notices.map(({ code }) => code)).toEqual(['evidence-gone']);
  });

  it('of an artifact that no rule covers', () => {
    expect(briefly({ gone: [sound(JANE)] }, UNKNOWN_REPOSITORY)).toEqual(GONE);
  });
});

describe('an earlier artifact of the line', () => {
  const predecessor = {
    reference: 'ghcr.io/acme/checkout:0.9',
    digest: `sha256:${'9'.repeat(64)}`,
    wasExpected: true,
    signer: sound().facts!.signer,
    predicateTypes: [SLSA],
  };
  const policies = [policy('p', { predicateTypes: [SLSA, SBOM] })];

  it('was signed, and this one is not', () => {
    const verdict = after({ predecessor });
    expect(verdict.status).toBe('signature-lost');
    expect(verdict.findings).toEqual([
      {
        code: 'weaker-than-before',
        detail: `ghcr.io/acme/checkout:0.9 (${predecessor.digest}) was signed by release.yml in acme/checkout (GitHub Actions)`,
      },
    ]);
    expect(briefly({ predecessor }, UNKNOWN_REPOSITORY)).toEqual(WEAKER);
  });

  it('was signed, and this one is only half', () => {
    const verifications = [failing(['log-entry-missing'])];
    expect(briefly({ predecessor }, { verifications })).toEqual(WEAKER);
  });

  it('had an attestation that a rule asks for and this one lacks', () => {
    const verdict = after(
      { predecessor },
      { policies, verifications: [sound()] },
    );
    expect(verdict.status).toBe('signature-lost');
    expect(verdict.findings[0].comparisons).toEqual([
      { aspect: 'predicate type', found: 'none', expected: SLSA },
    ]);
    expect(verdict.notices.map(({ code }) => code)).toEqual([
      'predicate-missing',
    ]);
    expect(verdict.signer?.identity).toBe(RELEASE);
  });

  it.each([
    [
      'lacked what this one lacks',
      { policies, verifications: [sound({ predicateType: SLSA })] },
      'evidence-incomplete',
    ],
    [
      'had an attestation that no rule asks for',
      {
        policies: [policy('p', { predicateTypes: [SBOM] })],
        verifications: [sound()],
      },
      'evidence-incomplete',
    ],
    [
      'does not matter where this one suffices',
      { verifications: [sound()] },
      'expected-signer',
    ],
    [
      'does not matter where this one is worse',
      { verifications: [sound(JANE)] },
      'unexpected-signer',
    ],
    [
      'does not matter where the authority is unknown',
      { verifications: [failing(['chain-untrusted'])] },
      'unknown-authority',
    ],
    [
      'does not matter before every source answered',
      { lookups: [lookup('unreachable')] },
      'could-not-check',
    ],
  ])('%s', (_, changes, status) => {
    expect(briefly({ predecessor }, changes)[0]).toBe(status);
  });

  it('an attestation that does not count is lacking', () => {
    const bad = sound({
      predicateType: SLSA,
      predicate: {},
      extensions: { buildSignerURI: RELEASE },
      ...JANE,
    });
    const verifications = [sound(), bad];
    expect(briefly({ predecessor }, { policies, verifications })).toEqual(
      WEAKER,
    );
  });

  it('an attestation that is distrusted is lacking', () => {
    const stolen = sound({ predicateType: SLSA });
    const changes = {
      policies,
      verifications: [sound(), stolen],
      places: { [stolen.evidenceDigest]: ['transparency-log' as const] },
      distrusts: [distrust({ bundle: stolen.evidenceDigest })],
    };
    expect(briefly({ predecessor }, changes)).toEqual(WEAKER);
  });

  it('was signed by someone that no rule allowed', () => {
    const unexpected = { ...predecessor, wasExpected: false };
    expect(briefly({ predecessor: unexpected })[0]).toBe('no-signature');
  });
});

describe('an authority that left the trusted root', () => {
  const formerlySound = (name: string, trustedRoot = 'acme') => [
    {
      evidenceDigest: failing(['key-unknown'], { name }).evidenceDigest,
      trustedRoot,
    },
  ];

  it.each([
    'chain-untrusted' as const,
    'log-untrusted' as const,
    'timestamp-untrusted' as const,
    'key-unknown' as const,
  ])('says so beside %s', code => {
    const verifications = [failing([code], { name: 'e' })];
    const verdict = after(
      { formerlySound: formerlySound('e') },
      { verifications },
    );
    expect(verdict.status).toBe('unknown-authority');
    expect(verdict.findings).toEqual([
      {
        code: 'authority-withdrawn',
        detail: 'it held under an earlier version of the trusted root "acme"',
      },
      { code },
    ]);
  });

  it('is not said of other evidence, other roots or other failures', () => {
    for (const [history, codes] of [
      [formerlySound('other'), ['chain-untrusted']],
      [formerlySound('e', 'other'), ['chain-untrusted']],
      [formerlySound('e'), ['log-entry-missing']],
      [formerlySound('e'), ['chain-untrusted', 'signature-invalid']],
      [formerlySound('e'), ['chain-untrusted', 'time-outside-certificate']],
    ] as const) {
      const verifications = [failing([...codes], { name: 'e' })];
      const { findings } = after({ formerlySound: history }, { verifications });
      expect(findings.map(({ code }) => code)).toEqual(codes);
    }
  });
});

describe('evidence that waits to be verified again', () => {
  const outdated = failing(['verification-outdated']);

  it('is why nothing is known, where nothing suffices', () => {
    for (const verifications of [
      [outdated],
      [outdated, failing(['signature-invalid'])],
      [outdated, sound(JANE)],
    ]) {
      const verdict = after({}, { verifications });
      expect(verdict.status).toBe('stale');
      expect(verdict.findings.map(({ code }) => code)).toEqual([
        'verification-outdated',
      ]);
    }
  });

  it('does not matter beside evidence that suffices', () => {
    const verifications = [outdated, sound()];
    expect(briefly({}, { verifications })).toEqual(['expected-signer']);
  });

  it('does not matter under a root that the rule does not name', () => {
    const other = failing(['verification-outdated'], { root: 'other' });
    expect(briefly({}, { verifications: [other] })[0]).toBe('no-signature');
    expect(
      briefly({}, { ...UNKNOWN_REPOSITORY, verifications: [other] })[0],
    ).toBe('stale');
  });

  it('comes after a source that did not answer', () => {
    const lookups = [lookup('unreachable')];
    expect(briefly({}, { lookups, verifications: [outdated] })[0]).toBe(
      'could-not-check',
    );
  });

  it('leaves open whether there is a signature', () => {
    const beside = [outdated, failing(['signature-invalid'])];
    expect(after({}, { verifications: beside }).answers).toEqual({
      signatureFound: 'yes',
      evidenceSound: 'unknown',
      expectedSigner: 'not-asked',
    });
    expect(after({}, { verifications: [outdated] }).answers).toEqual({
      signatureFound: 'unknown',
      evidenceSound: 'not-asked',
      expectedSigner: 'not-asked',
    });
  });
});
