import { JudgeInput, judge } from './judge';
import { NO_HISTORY } from './history';
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
const NO_RULE = { policies: [], entity: { ref: 'component:default/x' } };

const noticesOf = (changes: Partial<JudgeInput>) =>
  judge(input(changes)).notices.map(({ code }) => code);

describe('what is wrong beside what decides', () => {
  const foreign = failing(['chain-untrusted'], { root: 'other', name: 'junk' });

  it('is no news under a root that no rule names', () => {
    expect(noticesOf({ verifications: [sound(), foreign] })).toEqual([]);
  });

  it('is said of any root where there is no rule', () => {
    expect(
      noticesOf({ ...NO_RULE, verifications: [sound(), foreign] }),
    ).toEqual(['chain-untrusted']);
  });

  it('is said of each root that any of the rules names', () => {
    const policies = [policy('p'), policy('q', { trustedRoot: 'other' })];
    const verifications = [sound(), sound({ root: 'other' }), foreign];
    const verdict = judge(input({ policies, verifications }));
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.notices).toEqual([{ code: 'chain-untrusted' }]);
  });

  it('is no news of evidence that holds under another root', () => {
    const policies = [policy('p'), policy('q', { trustedRoot: 'other' })];
    const held = [sound({ name: 'e' }), sound({ root: 'other', name: 'f' })];
    const failed = (code: 'chain-untrusted' | 'format-unsupported') =>
      noticesOf({
        policies,
        verifications: [...held, failing([code], { root: 'other', name: 'e' })],
      });
    expect(failed('chain-untrusted')).toEqual([]);
    expect(failed('format-unsupported')).toEqual(['format-unsupported']);
  });
});

describe('there are no notices', () => {
  it('before there is evidence', () => {
    const verdict = judge(input({ digest: undefined, lookups: [] }));
    expect(verdict.notices).toEqual([]);
  });

  it('where nothing was found and a source did not answer', () => {
    expect(judge(input({ lookups: [lookup('unreachable')] })).notices).toEqual(
      [],
    );
  });

  it('where the age of the result is all', () => {
    const verdict = judge(
      input({
        policies: [policy('p', { spec: { maxAge: '1d' } })],
        history: { ...NO_HISTORY, answeredAt: '2026-01-01T00:00:00.000Z' },
        verifications: [sound()],
      }),
    );
    expect(verdict.status).toBe('stale');
    expect(verdict.notices).toEqual([]);
  });

  it('of other rules that have none', () => {
    const policies = [
      policy('stated', { predicateTypes: [SLSA] }),
      policy('nobody', { identity: { issuer: 'https://x', subject: 'x' } }),
    ];
    const verdict = judge(input({ policies, verifications: [sound()] }));
    expect(verdict.findings.map(({ code }) => code)).toEqual([
      'signer-not-allowed',
    ]);
    expect(verdict.notices).toEqual([
      expect.objectContaining({ code: 'predicate-missing' }),
    ]);
  });
});

it('distrust speaks before the rule that does not allow the signer either', () => {
  const verdict = judge(
    input({
      policies: [
        policy('p', {
          mode: 'warn',
          identity: { issuer: 'https://x', subject: 'x' },
        }),
      ],
      verifications: [sound()],
      distrusts: [distrust({ trustedRoot: 'acme' })],
    }),
  );
  expect(verdict.status).toBe('unexpected-signer');
  expect(verdict.mode).toBe('enforce');
  expect(verdict.findings[0].code).toBe('signer-distrusted');
  expect(verdict.signer?.identity).toBe(RELEASE);
});
