import { NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import { input, lookup, policy, sound } from './__testUtils__/verifications';

/** Beside a policy of which it is not known whether it covers the artifact. */
const codesOf = (changes: Partial<JudgeInput>, spec = {}) => {
  const selecting = policy('selecting', {
    spec: {
      artifacts: [{ kind: 'image', entity: { 'spec.type': 'service' } }],
    },
  });
  const { status, findings, notices } = judge(
    input({
      policies: [policy('all', { spec }), selecting],
      verifications: [sound()],
      ...changes,
    }),
  );
  const [codes, beneath] = [findings, notices].map(list =>
    list.map(({ code }) => code).join(),
  );
  return [status, codes, beneath];
};

describe('where it is not known whether a policy covers the artifact', () => {
  it('that is said besides a source that did not answer', () => {
    expect(
      codesOf({ verifications: [], lookups: [lookup('unreachable')] }),
    ).toEqual(['could-not-check', 'source-unreachable,entity-unknown', '']);
  });

  it('nothing is said beneath where the rest is as expected', () => {
    expect(codesOf({})).toEqual(['could-not-check', 'entity-unknown', '']);
    const verdict = judge(
      input({
        policies: [
          policy('selecting', {
            spec: { artifacts: [{ kind: 'image', entity: { kind: 'API' } }] },
          }),
          policy('all'),
        ],
        verifications: [sound()],
      }),
    );
    expect(verdict.notices).toStrictEqual([]);
  });

  it('what would be better than not knowing is said beneath', () => {
    const history = { ...NO_HISTORY, answeredAt: '2025-01-01T00:00:00.000Z' };
    expect(codesOf({ history }, { maxAge: '1d' })).toEqual([
      'could-not-check',
      'entity-unknown',
      'result-too-old',
    ]);
    const exception = { until: '2027-01-01', owner: 'o', reason: 'r' };
    const lookups = [lookup('unsupported')];
    expect(codesOf({ verifications: [], lookups }, { exception })).toEqual([
      'could-not-check',
      'entity-unknown',
      'exception-in-force,format-unsupported',
    ]);
  });

  it('what is missing stays so', () => {
    expect(codesOf({ verifications: [] })).toEqual([
      'no-signature',
      'no-signature',
      '',
    ]);
  });
});
