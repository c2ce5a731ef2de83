import { NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  GITHUB,
  RELEASE,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const SBOM = 'https://spdx.dev/Document';

/** Provenance that names another builder than its certificate. */
const mismatched = (time?: string) =>
  sound({
    predicateType: SLSA,
    predicate: { runDetails: { builder: { id: 'x' } } },
    extensions: { buildSignerURI: RELEASE },
    time,
  });

const judged = (changes: Partial<JudgeInput>) => judge(input(changes));

describe('what an authority lacks', () => {
  it('is its attestation alone where that is all', () => {
    const policies = [policy('p', { predicateTypes: [SLSA] })];
    expect(judged({ policies, verifications: [sound()] }).findings).toEqual([
      expect.objectContaining({ code: 'predicate-missing' }),
    ]);
  });

  it('comes after the builder of one attestation of two', () => {
    const policies = [policy('p', { predicateTypes: [SLSA, SBOM] })];
    const verifications = [sound(), mismatched()];
    expect(judged({ policies, verifications }).status).toBe(
      'evidence-mismatch',
    );
  });

  it('comes after the builder of an attestation, also beside one of another time', () => {
    const policies = [
      policy('p', {
        predicateTypes: [SLSA],
        authority: { signedBefore: '2026-02-01T00:00:00Z' },
      }),
    ];
    const late = sound({ predicateType: SLSA, time: '2026-03-01T00:00:00Z' });
    const verifications = [late, mismatched('2026-01-15T00:00:00Z')];
    expect(judged({ policies, verifications }).status).toBe(
      'evidence-mismatch',
    );
  });

  it('is shown by the evidence that is of another time, not by what is beside it', () => {
    const policies = [
      policy('p', {
        predicateTypes: [SLSA],
        authority: { signedAfter: '2026-01-01T00:00:00Z' },
      }),
    ];
    const old = sound({ predicateType: SLSA, time: '2025-06-01T00:00:00Z' });
    const verdict = judged({
      policies,
      verifications: [sound({ time: '2026-01-05T00:00:00Z' }), old],
    });
    expect(verdict.decidingEvidence).toBe(old.evidenceDigest);
    expect(verdict.findings[0].comparisons?.[0].found).toBe(
      '2025-06-01T00:00:00Z',
    );
  });
});

it('an exact identity is exact: a dot of the repository is a dot', () => {
  const subject = 'https://github.com/{{ repository }}';
  const of = (identity: string) =>
    judged({
      policies: [policy('p', { identity: { issuer: GITHUB, subject } })],
      verifications: [sound({ identity })],
      entity: { ref: 'component:default/x', repository: 'acme/check.out' },
    }).status;
  expect(of('https://github.com/acme/check.out')).toBe('expected-signer');
  expect(of('https://github.com/acme/check-out')).toBe('unexpected-signer');
  expect(of('https://github.com/acme/check\\.out')).toBe('unexpected-signer');
});

describe('what is not known', () => {
  const codesOf = (changes: Partial<JudgeInput>) => {
    const { status, findings } = judged(changes);
    return [status, findings.map(({ code }) => code).join()];
  };

  it('is a source, where a format is reported besides', () => {
    const findings = [{ code: 'format-unsupported' as const, detail: 'x' }];
    const lookups = [lookup('unreachable')];
    expect(codesOf({ digest: undefined, lookups, findings })).toEqual([
      'could-not-check',
      'source-unreachable',
    ]);
    expect(codesOf({ lookups, findings })).toEqual([
      'could-not-check',
      'source-unreachable',
    ]);
  });

  it('is each source, where one of them was reported', () => {
    const findings = [{ code: 'source-refused' as const, detail: 'x' }];
    const lookups = [lookup('refused'), lookup('unreachable')];
    expect(codesOf({ lookups, findings })).toEqual([
      'could-not-check',
      'source-refused,source-unreachable',
    ]);
  });

  it('is a source, where another one’s format is not read', () => {
    const lookups = [lookup('unsupported'), lookup('unreachable')];
    expect(codesOf({ lookups })[0]).toBe('could-not-check');
  });

  it('is a format that is not read, where what is read does not suffice', () => {
    const lookups = [lookup('found'), lookup('unsupported')];
    const verifications = [sound({ identity: 'jane@acme.example' })];
    expect(codesOf({ lookups, verifications })).toEqual([
      'could-not-check',
      'format-unsupported',
    ]);
  });

  it('changes nothing where a signature holds and no rule says by whom', () => {
    const lookups = [lookup('unreachable')];
    const entity = { ref: 'component:default/x' };
    const verifications = [sound()];
    expect(codesOf({ policies: [], entity, lookups, verifications })).toEqual([
      'no-policy',
      'policy-missing',
    ]);
  });

  it('is not what was reported of a source that answered since', () => {
    const findings = [{ code: 'source-refused' as const, detail: 'x' }];
    expect(codesOf({ findings })).toEqual(['no-signature', 'no-signature']);
  });
});

it('an authority that left the root is said of each piece of evidence that held', () => {
  const left = failing(['chain-untrusted'], { name: 'e' });
  const formerlySound = ['d', 'e'].map(name => ({
    evidenceDigest: failing(['chain-untrusted'], { name }).evidenceDigest,
    trustedRoot: 'acme',
  }));
  const verdict = judged({
    verifications: [left],
    history: { ...NO_HISTORY, formerlySound },
  });
  expect(verdict.findings[0].code).toBe('authority-withdrawn');
});

describe('an exception', () => {
  const exception = { until: '2026-03-01', owner: 'o', reason: 'r' };
  const policies = [policy('p', { spec: { exception } })];

  it('is not ended by what is gone and never held', () => {
    const broken = {
      ...sound(),
      findings: [{ code: 'signature-invalid' as const }],
    };
    const { facts, ...silent } = sound();
    for (const one of [broken, silent]) {
      const history = { ...NO_HISTORY, gone: [one] };
      expect(judged({ policies, history }).status).toBe('exempt');
    }
  });
});

describe('the built-in rule', () => {
  const extensions = {
    sourceRepositoryURI: 'https://github.com/acme/checkout',
    sourceRepositoryRef: 'refs/heads/main',
    buildTrigger: 'push',
  };

  it('asks for signed evidence of any form', () => {
    const verifications = [sound({ extensions, predicateType: SLSA })];
    const verdict = judged({ policies: [], verifications });
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.expected).toHaveLength(1);
    expect(verdict.expected[0].predicateTypes).toEqual([]);
    expect(verdict.expected[0]).toMatchObject({
      trustedRoot: 'any',
      identity: 'https://github\\.com/acme/checkout/\\.github/workflows/.*',
      pattern: true,
    });
    const dotted = judged({
      policies: [],
      entity: { ref: 'component:default/x', repository: 'acme/check.out' },
    });
    expect(dotted.expected[0].identity).toContain('/acme/check\\.out/');
  });

  it('shows each condition that does not hold, and what was found', () => {
    const of = (written: Record<string, string>) =>
      judged({
        policies: [],
        verifications: [sound({ extensions: written })],
      }).findings[0].comparisons?.map(({ aspect, found }) => [aspect, found]);
    const refused = { ...extensions, sourceRepositoryRef: 'refs/pull/1/merge' };
    expect(of(refused)).toContainEqual(['ref', 'refs/pull/1/merge']);
    expect(of(refused)).not.toContainEqual(['trigger', 'push']);
    const { sourceRepositoryURI, ...elsewhere } = extensions;
    expect(of(elsewhere)).toContainEqual(['source repository', 'not stated']);
    expect(of({})).toEqual(
      expect.arrayContaining([
        ['source repository', 'not stated'],
        ['ref', 'not stated'],
        ['trigger', 'not stated'],
      ]),
    );
    expect(of({ ...extensions, buildTrigger: 'pull_request' })).toContainEqual([
      'trigger',
      'pull_request',
    ]);
    expect(
      of({ ...extensions, sourceRepositoryURI: 'https://github.com/a/b' }),
    ).toContainEqual(['source repository', 'https://github.com/a/b']);
  });
});
