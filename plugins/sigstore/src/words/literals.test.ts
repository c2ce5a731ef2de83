import { literalsOf } from './literals';

describe('literalsOf', () => {
  it.each([
    ['release\\.yml', ['release.yml']],
    ['release\\.ya?ml', ['release.yml', 'release.yaml']],
    ['^(?:a\\.b)$', ['a.b']],
    ['^a/b$', ['a/b']],
    ['x\\-y\\@z', ['x-y@z']],
    ['\\.?git', ['git', '.git']],
  ])('finds all texts of %s', (pattern, texts) => {
    expect(literalsOf(pattern)).toEqual(texts);
    const whole = new RegExp(`^(?:${pattern})$`);
    for (const text of texts) expect(text).toMatch(whole);
  });

  it.each([
    // An unescaped dot matches any character.
    'release.yml',
    'release\\.(yml|yaml)',
    'a*',
    'a+',
    'a??',
    'a{2}',
    '[ab]',
    'v\\d',
    '\\Qa.b\\E',
    'a|b',
    'a?b?c?d?',
    'a\\',
  ])('gives up on %s', pattern => {
    expect(literalsOf(pattern)).toBeUndefined();
  });
});
