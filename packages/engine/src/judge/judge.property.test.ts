import {
  ARTIFACT_STATUSES,
  ArtifactStatus,
  EvidencePlace,
  FINDING_CODES,
  FindingCode,
  compareStatuses,
  rollUp,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { JudgeInput, judge } from './judge';
import {
  SILENT,
  anyInput,
  distrusts,
  evidence,
  inputs,
  narrowings,
  policies,
} from './__testUtils__/judgeInputs';
import {
  DIGEST,
  failing,
  input,
  lookup,
  sound,
} from './__testUtils__/verifications';

// What is found does not depend on the day.
const seed = 20260201;
const RUNS = { seed, numRuns: fc.readConfigureGlobal().numRuns ?? 2000 };
const UNKNOWN: ArtifactStatus[] = [
  'could-not-check',
  'unsupported-format',
  'stale',
  'pending',
];
const COVERED_BY_EXCEPTIONS: ArtifactStatus[] = [
  'no-signature',
  'evidence-incomplete',
  'unsupported-format',
  'unknown-authority',
  'outside-validity',
];

jest.setTimeout(120_000);

const isNoBetter = (after: ArtifactStatus, before: ArtifactStatus) =>
  compareStatuses(after, before) <= 0;

/** Under rules that somebody wrote: the built-in one only stands in. */
const isCovered = (given: JudgeInput) =>
  judge({ ...given, policies: given.policies }).policies.some(name =>
    given.policies.some(({ metadata }) => metadata.name === name),
  );

const isOnlyLogged = (places: readonly EvidencePlace[]) =>
  places.join() === 'transparency-log';

describe('judge, whatever it is given', () => {
  it('the inputs of these tests reach every status', () => {
    const reached = new Set(
      fc
        .sample(inputs, { seed, numRuns: 2000 })
        .map(given => judge(given).status),
    );
    expect([...reached].sort()).toEqual([...ARTIFACT_STATUSES].sort());
  });

  it('always comes to a verdict, and says why', () => {
    fc.assert(
      fc.property(anyInput, given => {
        const verdict = judge(given);
        expect(ARTIFACT_STATUSES).toContain(verdict.status);
        expect(verdict.findings.length > 0).toBe(
          verdict.status !== 'expected-signer',
        );
      }),
      RUNS,
    );
  });

  it('is a function of its input', () => {
    fc.assert(
      fc.property(inputs, given => {
        const verdict = judge(given);
        expect(judge(structuredClone(given))).toEqual(verdict);
        expect(judge(given)).toEqual(verdict);
      }),
      RUNS,
    );
  });

  it('the order of evidence and policies does not matter', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { status, mode, judgeAgainAt } = judge(given);
        const reversed = judge({
          ...given,
          verifications: [...given.verifications].reverse(),
          policies: [...given.policies].reverse(),
          distrusts: [...(given.distrusts ?? [])].reverse(),
        });
        expect(reversed).toMatchObject({ status });
        expect([reversed.mode, reversed.judgeAgainAt]).toEqual([
          mode,
          judgeAgainAt,
        ]);
      }),
      RUNS,
    );
  });

  it('junk beside evidence that suffices changes nothing', () => {
    fc.assert(
      fc.property(inputs, evidence, (given, junk) => {
        fc.pre(judge(given).status === 'expected-signer');
        const after = judge({
          ...given,
          verifications: [...junk, ...given.verifications],
          findings: [{ code: 'format-unsupported' }],
        });
        expect(after.status).toBe('expected-signer');
        expect(after.findings).toEqual([]);
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 8 },
    );
  });

  it('a source that is silent beside evidence that suffices changes nothing', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...SILENT), (given, silent) => {
        fc.pre(judge(given).status === 'expected-signer');
        fc.pre(given.history?.answeredAt !== undefined);
        const lookups = [...given.lookups, lookup(silent)];
        expect(judge({ ...given, lookups }).status).toBe('expected-signer');
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 20 },
    );
  });

  it('another policy never makes it better', () => {
    fc.assert(
      fc.property(inputs, policies, (given, more) => {
        fc.pre(isCovered(given));
        const added = more.filter(policy => !given.policies.includes(policy));
        const after = judge({
          ...given,
          policies: [...given.policies, ...added],
        });
        expect(isNoBetter(after.status, judge(given).status)).toBe(true);
      }),
      RUNS,
    );
  });

  it('asking for more never makes it better', () => {
    fc.assert(
      fc.property(inputs, narrowings, (given, narrow) => {
        fc.pre(isCovered(given));
        // What a log alone has is found only where it suffices, and evidence
        // that is gone is lost only where it had.
        fc.pre(!Object.values(given.places ?? {}).some(isOnlyLogged));
        const now = { ...given, history: undefined };
        const after = judge({ ...now, policies: now.policies.map(narrow) });
        expect(isNoBetter(after.status, judge(now).status)).toBe(true);
      }),
      RUNS,
    );
  });

  it('withdrawing trust never makes it better', () => {
    fc.assert(
      fc.property(inputs, distrusts, (given, more) => {
        // Whom nobody believes any more sets no measure for what comes after.
        const history = given.history && {
          ...given.history,
          predecessor: undefined,
        };
        const after = judge({
          ...given,
          history,
          distrusts: [...(given.distrusts ?? []), ...more],
        });
        const before = judge({ ...given, history });
        expect(isNoBetter(after.status, before.status)).toBe(true);
      }),
      RUNS,
    );
  });

  it('time passing never makes it as expected', () => {
    const later = fc.integer({ min: 1, max: 400 * 24 * 60 });
    fc.assert(
      fc.property(inputs, later, (given, minutes) => {
        fc.pre(judge(given).status !== 'expected-signer');
        const now = new Date(Date.parse(given.now) + minutes * 60_000);
        const after = judge({ ...given, now: now.toISOString() });
        expect(after.status).not.toBe('expected-signer');
      }),
      RUNS,
    );
  });

  it('is the same until it says to be judged again', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { judgeAgainAt, ...verdict } = judge(given);
        const end = judgeAgainAt
          ? Date.parse(judgeAgainAt) - 1
          : Date.parse('2036-01-01T00:00:00Z');
        const now = new Date(Math.max(end, Date.parse(given.now)));
        const { judgeAgainAt: again, ...after } = judge({
          ...given,
          now: now.toISOString(),
        });
        expect(after).toEqual(verdict);
        expect(again).toBe(judgeAgainAt);
      }),
      RUNS,
    );
  });

  it('an exception covers only what it may, and is never as expected', () => {
    const exception = { until: '2030-01-01', owner: 'o', reason: 'r' };
    fc.assert(
      fc.property(inputs, given => {
        const without = given.policies.map(policy => ({
          ...policy,
          spec: { ...policy.spec, exception: undefined },
        }));
        const within = given.policies.map(policy => ({
          ...policy,
          spec: { ...policy.spec, exception },
        }));
        const before = judge({ ...given, policies: without }).status;
        const after = judge({ ...given, policies: within }).status;
        const isGreen = [before, after].map(s => s === 'expected-signer');
        expect(isGreen[0]).toBe(isGreen[1]);
        expect(after === before || COVERED_BY_EXCEPTIONS.includes(before)).toBe(
          true,
        );
      }),
      RUNS,
    );
  });

  it('what is not known is never green or red', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...SILENT), (given, silent) => {
        const lookups = [...given.lookups, lookup(silent)];
        const { status, findings } = judge({ ...given, lookups });
        // That trust is withdrawn is known.
        const isWithdrawn = findings.some(
          ({ code }) => code === 'signer-distrusted',
        );
        expect(
          isWithdrawn
            ? ['unexpected-signer']
            : [...UNKNOWN, 'expected-signer', 'no-policy'],
        ).toContain(status);
        const nothing = judge({
          ...given,
          lookups,
          digest: DIGEST,
          problem: undefined,
          verifications: [],
        });
        expect(nothing.status).toBe('could-not-check');
      }),
      RUNS,
    );
  });

  it('absence is said only when everything was answered', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { status, answers } = judge(given);
        const answered = given.lookups.every(
          ({ outcome, source }) =>
            ['found', 'none'].includes(outcome) ||
            // A log without a search has nothing to answer.
            (outcome === 'unsupported' && source.endsWith(' log search')),
        );
        const isSaid = ['no-signature', 'signature-lost'].includes(status);
        expect(!isSaid || answered).toBe(true);
        expect(answers.signatureFound !== 'no' || answered).toBe(true);
      }),
      RUNS,
    );
  });

  it('a signer that is named is one of evidence that holds', () => {
    fc.assert(
      fc.property(inputs, given => {
        const { signer } = judge(given);
        const signers = given.verifications.flatMap(({ facts, findings }) =>
          facts && findings.length === 0 ? [facts.signer] : [],
        );
        expect(signer === undefined || signers.includes(signer)).toBe(true);
      }),
      RUNS,
    );
  });

  it('the roll-up does not depend on the order', () => {
    const statuses = fc.array(fc.constantFrom(...ARTIFACT_STATUSES));
    fc.assert(
      fc.property(statuses, list => {
        expect(rollUp([...list].sort())).toBe(rollUp(list));
        expect(rollUp([...list].reverse())).toBe(rollUp(list));
      }),
      RUNS,
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
      const beside = [failing([code]), sound()];
      expect(judge(input({ verifications: beside })).status).toBe(
        'expected-signer',
      );
    },
  );
});
