import {
  ArtifactStatus,
  FindingCode,
  LookupOutcome,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const LOG = 'rekor.example.com log search';
const REGISTRY = lookup('none', 'ghcr.io referrers');
const wantsLog = policy('images', {
  spec: { evidence: ['transparency-log', 'oci-registry'] },
});

function judged(outcome: LookupOutcome, changes: Partial<JudgeInput> = {}) {
  return judge(
    input({ lookups: [REGISTRY, lookup(outcome, LOG)], ...changes }),
  );
}

const codes = (findings: { code: FindingCode }[]) =>
  findings.map(({ code }) => code);

describe('a log that does not answer', () => {
  it.each<[string, Partial<JudgeInput>, ArtifactStatus]>([
    ['nothing was found', {}, 'could-not-check'],
    [
      'the expected signer was found',
      { verifications: [sound()] },
      'expected-signer',
    ],
    [
      'someone else was found',
      { verifications: [sound({ identity: 'jane@acme.example' })] },
      'unexpected-signer',
    ],
    [
      'what was found does not hold',
      { verifications: [failing(['signature-invalid'])] },
      'evidence-mismatch',
    ],
    [
      'something that is not read was found',
      { verifications: [failing(['format-unsupported'])] },
      'unsupported-format',
    ],
    [
      'no rule covers what was found',
      {
        verifications: [sound()],
        policies: [],
        entity: { ref: 'component:default/checkout' },
      },
      'no-policy',
    ],
    [
      'someone else was found, and the rule takes evidence in a log',
      {
        verifications: [sound({ identity: 'jane@acme.example' })],
        policies: [wantsLog],
      },
      'could-not-check',
    ],
  ])('where %s', (_, changes, status) => {
    const { findings, notices, ...verdict } = judged('unreachable', changes);
    expect(verdict.status).toBe(status);
    const where = status === 'could-not-check' ? findings : notices;
    expect(where).toContainEqual({ code: 'source-unreachable', detail: LOG });
  });

  it('is no other than one that answered, where a rule takes evidence in a log', () => {
    expect(judged('none', { policies: [wantsLog] }).status).toBe(
      'no-signature',
    );
  });

  it('may have what seems to be lost', () => {
    const history = { ...NO_HISTORY, gone: [sound()] };
    const verifications = [failing(['format-unsupported'])];
    expect(judged('none', { history, verifications }).status).toBe(
      'signature-lost',
    );
    expect(judged('unreachable', { history, verifications }).status).toBe(
      'unsupported-format',
    );
  });

  it('another source that does not answer is no less a reason', () => {
    const lookups = [lookup('unreachable', 'ghcr.io referrers')];
    const verifications = [sound({ identity: 'jane@acme.example' })];
    expect(judge(input({ lookups, verifications })).status).toBe(
      'could-not-check',
    );
  });

  it('is said to be over a cap where it is', () => {
    const { status, findings } = judged('over-cap');
    expect(status).toBe('could-not-check');
    expect(codes(findings)).toEqual(['evidence-over-cap']);
  });
});

describe('a log that offers no search', () => {
  it.each<[string, Partial<JudgeInput>, ArtifactStatus]>([
    ['nothing was found', {}, 'no-signature'],
    ['no rule covers it', { policies: [] }, 'no-signature'],
    [
      'the rule takes evidence in a log',
      { policies: [wantsLog] },
      'could-not-check',
    ],
  ])('where %s', (_, changes, status) => {
    const { answers, notices, ...verdict } = judged('unsupported', changes);
    expect(verdict.status).toBe(status);
    expect(answers.signatureFound).toBe(
      status === 'no-signature' ? 'no' : 'unknown',
    );
    expect(notices).toEqual([]);
  });

  it('does not hide that evidence was there before', () => {
    const history = { ...NO_HISTORY, gone: [sound()] };
    expect(judged('unsupported', { history }).status).toBe('signature-lost');
  });

  it('is no reason to call a result old', () => {
    const policies = [policy('images', { spec: { maxAge: '1d' } })];
    const verifications = [sound()];
    const verdict = judged('unsupported', { policies, verifications });
    expect(verdict.status).toBe('expected-signer');
  });
});

describe('evidence in a log alone', () => {
  const inLog = (...found: FindingCode[]): Partial<JudgeInput> => {
    const verification = failing(found);
    return {
      verifications: [verification],
      places: { [verification.evidenceDigest]: ['transparency-log'] },
    };
  };

  it.each<FindingCode>([
    'signature-invalid',
    'chain-untrusted',
    'format-unsupported',
    'statement-for-other-artifact',
    'evidence-over-cap',
  ])('that fails by %s leaves it at no signature, and is said', code => {
    const { status, findings, notices } = judged('found', inLog(code));
    expect(status).toBe('no-signature');
    expect(codes(findings)).toEqual(['no-signature']);
    expect(codes(notices)).toEqual([code]);
  });

  it('that waits to be verified again is waited for', () => {
    const { status } = judged('found', inLog('verification-outdated'));
    expect(status).toBe('stale');
  });

  it('that holds satisfies a rule', () => {
    const verification = sound();
    const { status } = judged('found', {
      verifications: [verification],
      places: { [verification.evidenceDigest]: ['transparency-log'] },
    });
    expect(status).toBe('expected-signer');
  });

  it('without its content changes nothing', () => {
    const notice = { code: 'log-content-unavailable' as const, detail: 'x' };
    const { status, findings, notices } = judged('none', {
      findings: [notice],
    });
    expect(status).toBe('no-signature');
    expect(codes(findings)).toEqual(['no-signature']);
    expect(notices).toEqual([notice]);
  });
});
