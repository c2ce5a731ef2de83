import {
  ARTIFACT_STATUSES,
  FINDING_CODES,
  FindingCode,
  Verification,
  rollUp,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
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
const NEVER_COLOURED = ['could-not-check', 'unsupported-format', 'pending'];

const roots = fc.constantFrom('acme', 'other');
const soundOnes = fc
  .record({
    root: roots,
    issuer: fc.constantFrom(GITHUB, 'https://accounts.google.com'),
    identity: fc.constantFrom(RELEASE, `${RELEASE}x`, 'jane@acme.example'),
    predicateType: fc.constantFrom(undefined, SLSA, 'https://other/v1'),
    time: fc.constantFrom(
      '2026-01-02T03:04:05.000Z',
      '2026-01-03T00:00:00.000Z',
    ),
    name: fc.string({ minLength: 1, maxLength: 3 }),
  })
  .map(shape => sound(shape));
const failingOnes = fc
  .record({
    codes: fc.subarray(FINDING_CODES, { minLength: 1, maxLength: 3 }),
    root: roots,
    name: fc.string({ minLength: 1, maxLength: 3 }),
  })
  .map(({ codes, ...place }) => failing(codes, place));
const evidence: fc.Arbitrary<Verification[]> = fc.array(
  fc.oneof(soundOnes, failingOnes),
  { maxLength: 6 },
);
const outcomes = fc.constantFrom(
  ...([
    'found',
    'none',
    'refused',
    'unreachable',
    'unsupported',
    'over-cap',
  ] as const),
);
const inputs: fc.Arbitrary<JudgeInput> = fc
  .record({
    verifications: evidence,
    lookups: fc.array(
      outcomes.map(outcome => lookup(outcome)),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    policies: fc.subarray([
      policy('a'),
      policy('b', { predicateTypes: [SLSA], mode: 'warn' }),
      policy('c', { trustedRoot: 'other' }),
    ]),
    repository: fc.constantFrom(undefined, 'acme/checkout'),
  })
  .map(({ repository, ...changes }) =>
    input({ ...changes, entity: { ref: 'component:default/x', repository } }),
  );

jest.setTimeout(60_000);

describe('judge, whatever the evidence', () => {
  it('junk beside evidence that suffices changes nothing', () => {
    fc.assert(
      fc.property(inputs, evidence, (given, junk) => {
        const before = judge({
          ...given,
          verifications: [...given.verifications, sound()],
        });
        fc.pre(before.status === 'expected-signer');
        const after = judge({
          ...given,
          verifications: [...junk, ...given.verifications, sound()],
          lookups: [
            ...given.lookups,
            lookup('over-cap'),
            lookup('unreachable'),
          ],
        });
        expect(after.status).toBe('expected-signer');
        expect(after.findings).toEqual([]);
      }),
    );
  });

  it('a signer that is named is one of evidence that holds', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { signer, status } = judge(given);
        const signers = given.verifications.flatMap(({ facts, findings }) =>
          facts && findings.length === 0 ? [facts.signer] : [],
        );
        expect(signer === undefined || signers.includes(signer)).toBe(true);
        expect(status === 'expected-signer').toBe(
          status === 'expected-signer' && signer?.identity === RELEASE,
        );
      }),
    );
  });

  it('the order of the evidence does not matter', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { notices, ...verdict } = judge(given);
        const reversed = judge({
          ...given,
          verifications: [...given.verifications].reverse(),
        });
        expect(reversed.status).toBe(verdict.status);
        expect(reversed.signer?.identity).toBe(verdict.signer?.identity);
      }),
    );
  });

  it('is never green or red for what is not known', () => {
    const silent = fc.constantFrom(
      lookup('refused'),
      lookup('unreachable'),
      lookup('over-cap'),
    );
    fc.assert(
      fc.property(inputs, silent, (given, unanswered) => {
        const { status } = judge({
          ...given,
          lookups: [...given.lookups, unanswered],
        });
        expect([...NEVER_COLOURED, 'expected-signer', 'no-policy']).toContain(
          status,
        );
        const nothing = judge({
          ...given,
          verifications: [],
          lookups: [...given.lookups, unanswered],
        });
        expect(nothing.status).toBe('could-not-check');
      }),
    );
  });

  it('absence is said only when everything was answered', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { status, answers } = judge(given);
        const answered = given.lookups.every(({ outcome }) =>
          ['found', 'none'].includes(outcome),
        );
        expect(status !== 'no-signature' || answered).toBe(true);
        expect(answers.signatureFound !== 'no' || answered).toBe(true);
      }),
    );
  });

  it('is a function of its input, and says why', () => {
    fc.assert(
      fc.property(inputs, given => {
        const verdict = judge(given);
        expect(judge(structuredClone(given))).toEqual(verdict);
        expect(ARTIFACT_STATUSES).toContain(verdict.status);
        expect(verdict.findings.length > 0).toBe(
          verdict.status !== 'expected-signer',
        );
      }),
    );
  });

  it('the roll-up does not depend on the order', () => {
    const statuses = fc.array(fc.constantFrom(...ARTIFACT_STATUSES));
    fc.assert(
      fc.property(statuses, list => {
        expect(rollUp([...list].sort())).toBe(rollUp(list));
        expect(rollUp([...list].reverse())).toBe(rollUp(list));
      }),
    );
  });

  it.each(FINDING_CODES.map(code => [code]))(
    'evidence that fails with %s is never green',
    (code: FindingCode) => {
      const { status } = judge(input({ verifications: [failing([code])] }));
      expect(status).not.toBe('expected-signer');
      expect([
        'could-not-check',
        'no-signature',
        statusOfFinding(code),
      ]).toContain(status);
    },
  );
});
