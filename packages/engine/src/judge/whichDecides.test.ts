import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { judge } from './judge';
import { failing, input, policy, sound } from './__testUtils__/verifications';

const deciding = (verifications: Verification[]) =>
  judge(input({ verifications })).decidingEvidence;

/** The evidence that decides, which is the same in whatever order it comes. */
function decidingOf(...verifications: Verification[]) {
  const [one, other] = [verifications, [...verifications].reverse()].map(
    deciding,
  );
  expect(one).toBe(other);
  return one;
}

const withPassed = (count: number, verification: Verification) => ({
  ...verification,
  checks: [
    ...verification.checks,
    ...Array.from({ length: count }, () => ({
      name: 'signature' as const,
      outcome: 'passed' as const,
    })),
  ],
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('of evidence that suffices', () => {
  it('the newest, whatever it is called', () => {
    for (const name of NAMES) {
      const older = sound({ name, time: '2026-01-01T00:00:00Z' });
      const newer = sound({ name: `${name}2`, time: '2026-01-02T00:00:00Z' });
      expect(decidingOf(older, newer)).toBe(newer.evidenceDigest);
    }
  });

  it('by the earliest time that anybody attested', () => {
    const old = sound({
      name: 'old',
      times: ['2026-01-09T00:00:00Z', '2026-01-01T00:00:00Z'],
    });
    const newer = sound({ name: 'newer', time: '2026-01-02T00:00:00Z' });
    expect(decidingOf(old, newer)).toBe(newer.evidenceDigest);
    expect(judge(input({ verifications: [old] })).signedAt).toBe(
      '2026-01-01T00:00:00Z',
    );
  });

  it('that with an attested time before that without one', () => {
    for (const name of NAMES) {
      const timed = sound({ name });
      const untimed = sound({ name: `${name}2`, times: [] });
      expect(decidingOf(timed, untimed)).toBe(timed.evidenceDigest);
      expect(
        judge(input({ verifications: [untimed] })).signedAt,
      ).toBeUndefined();
    }
  });

  it('always the same of those that are as old', () => {
    for (const name of NAMES) {
      expect(
        decidingOf(sound({ name }), sound({ name: `${name}2` })),
      ).toBeDefined();
    }
  });
});

describe('of failing evidence with the same status', () => {
  it('that in which more checks passed, whatever it is called', () => {
    for (const name of NAMES) {
      const malformed = failing(['evidence-malformed'], { name });
      const invalid = withPassed(
        2,
        failing(['signature-invalid'], { name: `${name}2` }),
      );
      expect(decidingOf(withPassed(1, malformed), invalid)).toBe(
        invalid.evidenceDigest,
      );
      const further = withPassed(3, malformed);
      expect(decidingOf(further, invalid)).toBe(malformed.evidenceDigest);
    }
  });

  it('whatever else failed or was not asked', () => {
    const many = failing(['evidence-malformed'], { name: 'many' });
    const checks = Array.from({ length: 9 }, () => many.checks[0]);
    const further = withPassed(1, failing(['signature-invalid']));
    expect(decidingOf({ ...many, checks }, further)).toBe(
      further.evidenceDigest,
    );
  });

  it('always the same of those that got as far', () => {
    for (const name of NAMES) {
      expect(
        decidingOf(
          failing(['evidence-malformed'], { name }),
          failing(['signature-invalid'], { name: `${name}2` }),
        ),
      ).toBeDefined();
    }
  });
});

it('of someone else’s evidence, that under the rule’s own roots decides first', () => {
  const authorities = ['acme', 'other'].flatMap(
    trustedRoot => policy(trustedRoot, { trustedRoot }).spec.authorities,
  );
  const verdict = judge(
    input({
      policies: [policy('p', { spec: { authorities } })],
      verifications: [
        sound({ identity: 'jane@acme.example', name: 'e' }),
        failing(['log-entry-missing'], { root: 'other', name: 'e' }),
      ],
    }),
  );
  expect(verdict.status).toBe('unexpected-signer');
});
