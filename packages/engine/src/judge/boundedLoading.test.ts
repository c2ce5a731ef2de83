import { loadTrustPolicies } from './loadTrustPolicies';
import { expandedSize } from './patternBudget';

const ISSUER = 'https://token.actions.githubusercontent.com';

const policy = (authorities: object[]) =>
  JSON.stringify({
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: 'images' },
    spec: { artifacts: [{ kind: 'image' }], authorities },
  });

const authority = (index: number, identities: object[]) => ({
  name: `a${index}`,
  keyless: { trustedRoot: 'acme', identities },
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const load = (text: string) =>
  loadTrustPolicies([{ path: 'a.yaml', text }], { trustedRoots: ['acme'] });

const mistakesOf = (text: string): string[] => {
  try {
    load(text);
  } catch (error) {
    return (error as { mistakes: { problem: string }[] }).mistakes.map(
      ({ problem }) => problem,
    );
  }
  throw new Error('They were loaded');
};

// Each was minutes of work, in a request that anybody with a form could make.
describe('loading policies is bounded', () => {
  it('compares no more than so many identities of authorities', () => {
    const authorities = many(100, a =>
      authority(
        a,
        many(60, i => ({ issuer: ISSUER, subject: `s${i}-${a}` })).concat(
          many(30, i => ({ issuer: ISSUER, subject: `s${i}` })),
        ),
      ),
    ).map(({ name, keyless }, a) => ({
      name,
      keyless: {
        ...keyless,
        identities:
          a % 2 ? [...keyless.identities].reverse() : keyless.identities,
      },
    }));
    const codes = load(policy(authorities)).warnings.map(({ code }) => code);
    expect(codes).toContain('lint-incomplete');
  });

  it('compiles no more than so much of patterns', () => {
    const identities = many(900, i => ({
      issuer: ISSUER,
      subjectRegExp: `(((a{10}){10}){9}b?)*x${i}`,
    }));
    expect(mistakesOf(policy([authority(0, identities)]))).toEqual([
      expect.stringContaining('compiling them would hold everything up'),
    ]);
  });

  it.each([
    ['abc', 3],
    ['(ab{3}){10}', 50],
    ['a{5,}', 5],
    ['[a-z]{3}\\.', 17],
  ])('knows that %s comes to %d', (pattern, size) => {
    expect(expandedSize(pattern)).toBe(size);
  });

  it('reads no more than so many words', () => {
    expect(mistakesOf('['.repeat(250_000))).toEqual([
      'the file has more than 200000 words and signs. Split it.',
    ]);
  });

  it('finds keys that are twice among many, and says where', () => {
    const keys = many(20_000, i => `k${i}: 1\n`).join('');
    expect(mistakesOf(`${keys}k0: 2\n`)).toEqual([
      expect.stringContaining('this field is written twice'),
    ]);
  });

  it('names no more than so many mistakes, and says so', () => {
    const problems = mistakesOf('{kind: a}\n---\n'.repeat(2_000));
    expect(problems).toHaveLength(101);
    expect(problems[100]).toContain('nothing was looked at');
  });
});
