import {
  describeFinding,
  FINDING_CODES,
  findingSchema,
  statusOfFinding,
} from './findings';
import { ARTIFACT_STATUSES } from './statuses';

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

  it('lead to every status but green', () => {
    const reached = new Set(FINDING_CODES.map(statusOfFinding));
    expect([...reached].sort()).toEqual(
      ARTIFACT_STATUSES.filter(status => status !== 'expected-signer').sort(),
    );
  });

  it('refuse codes that are not in the table', () => {
    expect(findingSchema.safeParse({ code: 'made-up' }).success).toBe(false);
    expect(findingSchema.safeParse({ code: 'constructor' }).success).toBe(
      false,
    );
  });
});
