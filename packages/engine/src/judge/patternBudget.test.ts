import { PatternBudget, expandedSize } from './patternBudget';

describe('what a pattern comes to with its repetitions written out', () => {
  it.each([
    ['', 0],
    ['a{2,5}', 5],
    ['a{5,2}', 5],
    ['a{0}', 1],
    ['a{0,}', 1],
    ['a{2}{3}', 6],
    ['ab(c)', 4],
    ['(a{3}){4}', 16],
    ['ab(c){2}', 6],
    ['((a{3}){4}){5}', 85],
    ['(a)*', 3],
    ['a+{3}', 6],
    ['(a?b){2}', 8],
    ['ab(c', 3],
    ['a(b(c', 3],
    ['a)', 2],
    ['[(){2}]{2}', 14],
    ['\\({2}', 4],
  ])('%s: %d', (pattern, size) => {
    expect(expandedSize(pattern)).toBe(size);
  });

  it('counts for all patterns of a set together', () => {
    const budget = new PatternBudget();
    expect(budget.allows('a{1000}{400}')).toBe(true);
    expect(budget.isUsedUp).toBe(false);
    expect(budget.allows('a{1000}{200}')).toBe(false);
    expect(budget.isUsedUp).toBe(true);
    expect(budget.allows('a')).toBe(false);
  });
});
