import { NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const ANSWERED = '2026-01-01T00:00:00.000Z';
const AT_AGE = '2026-01-02T00:00:00.000Z';
const BEFORE_AGE = '2026-01-01T23:59:59.999Z';

const aged = (changes: Partial<JudgeInput>) =>
  judge(
    input({
      policies: [policy('p', { spec: { maxAge: '1d' } })],
      history: { ...NO_HISTORY, answeredAt: ANSWERED },
      verifications: [sound()],
      now: AT_AGE,
      ...changes,
    }),
  );

describe('the age of a result', () => {
  it('until it is reached, the result stands', () => {
    const verdict = aged({ now: BEFORE_AGE });
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.judgeAgainAt).toBe(AT_AGE);
  });

  it('from then on it is stale', () => {
    const verdict = aged({ now: AT_AGE });
    expect(verdict.status).toBe('stale');
    expect(verdict.findings).toEqual([
      {
        code: 'result-too-old',
        detail: 'the rule "p" wants to know again after 1d',
        comparisons: [
          {
            aspect: 'every source answered',
            found: ANSWERED,
            expected: 'within 1d',
          },
        ],
      },
    ]);
    expect(verdict.judgeAgainAt).toBeUndefined();
    expect(verdict.answers).toEqual({
      signatureFound: 'yes',
      evidenceSound: 'yes',
      expectedSigner: 'unknown',
    });
  });

  it('what was found to be worse stays', () => {
    for (const verifications of [
      [failing(['signature-invalid'])],
      [sound({ identity: 'jane@acme.example' })],
      [],
    ]) {
      const verdict = aged({ verifications });
      expect(verdict.status).toBe(
        aged({ verifications, policies: [policy('p')] }).status,
      );
      expect(verdict.status).not.toBe('stale');
      expect(verdict.judgeAgainAt).toBeUndefined();
    }
  });

  it('an exception does not outlast it', () => {
    const exception = { until: '2026-01-02', owner: 'o', reason: 'r' };
    const policies = [policy('p', { spec: { maxAge: '1d', exception } })];
    const changes = { policies, verifications: [] };
    const before = aged({ ...changes, now: BEFORE_AGE });
    expect(before.status).toBe('exempt');
    expect(before.judgeAgainAt).toBe(AT_AGE);
    const after = aged({ ...changes, now: AT_AGE });
    expect(after.status).toBe('stale');
    expect(after.notices.map(({ code }) => code)).toEqual([
      'exception-in-force',
      'no-signature',
    ]);
    const short = { ...exception, until: '2026-01-01' };
    const longer = [policy('p', { spec: { maxAge: '30d', exception: short } })];
    expect(
      aged({ policies: longer, verifications: [], now: BEFORE_AGE })
        .judgeAgainAt,
    ).toBe(AT_AGE);
  });

  it.each([
    ['45m', '2026-01-01T00:45:00.000Z'],
    ['12h', '2026-01-01T12:00:00.000Z'],
    ['30d', '2026-01-31T00:00:00.000Z'],
  ])('%s', (maxAge, over) => {
    const policies = [policy('p', { spec: { maxAge } })];
    expect(aged({ policies, now: ANSWERED }).judgeAgainAt).toBe(over);
    expect(aged({ policies, now: over }).status).toBe('stale');
  });

  it('what is no age is over at once', () => {
    const policies = [policy('p', { spec: { maxAge: 'long' } })];
    expect(aged({ policies, now: ANSWERED }).status).toBe('stale');
  });

  it('of several rules, the first to be over is judged again', () => {
    const policies = [
      policy('p', { spec: { maxAge: '2d' } }),
      policy('q', { spec: { maxAge: '1d' } }),
    ];
    expect(aged({ policies, now: ANSWERED }).judgeAgainAt).toBe(AT_AGE);
    expect(aged({ policies, now: AT_AGE }).status).toBe('stale');
  });

  describe('where no history says when every source answered', () => {
    const at = (outcome: 'found' | 'unreachable', askedAt: string) => ({
      ...lookup(outcome, askedAt),
      askedAt,
    });
    const asked = (...lookups: JudgeInput['lookups']) =>
      aged({ history: undefined, lookups, now: ANSWERED });

    it('the oldest of the latest answers counts', () => {
      const { judgeAgainAt } = asked(
        at('found', '2026-01-01T00:00:00.000Z'),
        at('found', '2025-12-31T23:00:00.000Z'),
        at('found', '2025-12-31T23:30:00.000Z'),
      );
      expect(judgeAgainAt).toBe('2026-01-01T23:00:00.000Z');
    });

    it('of a source that is silent, its last answer', () => {
      const silent = at('unreachable', ANSWERED);
      const lastGoodAt = '2025-12-31T12:00:00.000Z';
      expect(asked({ ...silent, lastGoodAt }).judgeAgainAt).toBe(
        '2026-01-01T12:00:00.000Z',
      );
      expect(asked(at('found', ANSWERED), silent).status).toBe('stale');
      expect(asked().status).toBe('stale');
    });
  });
});
