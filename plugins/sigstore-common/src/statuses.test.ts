import fc from 'fast-check';
import {
  ARTIFACT_STATUSES,
  compareStatuses,
  countStatuses,
  describeStatus,
  ENTITY_STATUSES,
  rollUp,
} from './statuses';

const statuses = fc.array(fc.constantFrom(...ARTIFACT_STATUSES), {
  minLength: 1,
});

describe('rollUp', () => {
  it('is the worst status, in whatever order they come', () => {
    fc.assert(
      fc.property(
        statuses.chain(list =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(list, {
              minLength: list.length,
              maxLength: list.length,
            }),
          ),
        ),
        ([list, shuffled]) => {
          const status = rollUp(list);
          expect(rollUp(shuffled)).toBe(status);
          expect(list).toContain(status);
          expect(list.every(s => compareStatuses(status, s) <= 0)).toBe(true);
        },
      ),
    );
  });

  it('is green only when everything is', () => {
    fc.assert(
      fc.property(statuses, list => {
        expect(rollUp(list) === 'expected-signer').toBe(
          list.every(status => status === 'expected-signer'),
        );
      }),
    );
  });

  it('is not covered, and not green, without artifacts', () => {
    expect(rollUp([])).toBe('not-covered');
    expect(describeStatus('not-covered').tone).toBe('grey');
  });

  it('orders a failed check before a missing answer before a good one', () => {
    expect(
      rollUp(['expected-signer', 'could-not-check', 'evidence-mismatch']),
    ).toBe('evidence-mismatch');
    expect(rollUp(['expected-signer', 'could-not-check'])).toBe(
      'could-not-check',
    );
  });
});

describe('countStatuses', () => {
  it('counts every artifact once', () => {
    fc.assert(
      fc.property(statuses, list => {
        const total = Object.values(countStatuses(list)).reduce(
          (sum, count) => sum + count,
          0,
        );
        expect(total).toBe(list.length);
      }),
    );
  });
});

describe('describeStatus', () => {
  it('shows nothing red where rules only warn', () => {
    for (const status of ENTITY_STATUSES) {
      expect(describeStatus(status, 'warn').tone).not.toBe('red');
    }
  });

  it('shows a missing signature red only where a rule is enforced', () => {
    expect(describeStatus('no-signature').tone).toBe('amber');
    expect(describeStatus('no-signature', 'enforce').tone).toBe('red');
  });

  it('is green for one status only, and labels each differently', () => {
    const greens = ENTITY_STATUSES.filter(
      status => describeStatus(status).tone === 'green',
    );
    expect(greens).toEqual(['expected-signer']);
    const labels = ENTITY_STATUSES.map(status => describeStatus(status).label);
    expect(new Set(labels).size).toBe(ENTITY_STATUSES.length);
  });
});
