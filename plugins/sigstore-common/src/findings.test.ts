import {
  describeFinding,
  FINDING_CODES,
  findingSchema,
  statusOfFinding,
} from './findings';
import { ARTIFACT_STATUSES } from './statuses';

// What an artifact gets by another way than a finding: nothing is wrong, or
// time and people decide.
const WITHOUT_FINDING = [
  'expected-signer',
  'exempt',
  'stale',
  'signature-lost',
];

describe('findings', () => {
  it.each(FINDING_CODES)('%s says what happened, why and what to do', code => {
    const words = describeFinding(code);
    for (const text of [words.whatHappened, words.whyItMatters]) {
      expect(text).toMatch(/^[A-Z].*[.]$/);
    }
    expect(words.whatToDo).toMatch(/^[A-Z].*[.]$/);
    expect(words.title).toMatch(/^[A-Z].*[^.]$/);
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('lead to every status that something went wrong for, and never to green', () => {
    const reached = new Set(FINDING_CODES.map(statusOfFinding));
    expect([...reached].sort()).toEqual(
      ARTIFACT_STATUSES.filter(s => !WITHOUT_FINDING.includes(s)).sort(),
    );
  });

  it('refuse codes that are not in the table', () => {
    expect(findingSchema.safeParse({ code: 'made-up' }).success).toBe(false);
    expect(findingSchema.safeParse({ code: 'constructor' }).success).toBe(
      false,
    );
  });
});
