import fc from 'fast-check';
import { fillTemplate, matchesPattern, matchesWhole } from './patterns';

jest.setTimeout(60_000);

describe('matchesPattern', () => {
  const whole = (pattern: string, repository: string, text: string) =>
    matchesWhole(fillTemplate(pattern, { repository }, true) ?? '', text);

  it('comes to the same as the pattern as a whole', () => {
    const atoms = fc.constantFrom(
      ...[
        'a',
        'b',
        '/',
        '.',
        '\\.',
        'a*',
        '.*',
        'b?',
        '/+',
        '\\/',
        '(a|b)',
        '|',
        '[ab]',
        '^',
        '$',
        'a{2}',
        '(?i)',
        '(',
        '\\Q',
        '\\b',
      ],
    );
    const pieces = fc.array(atoms, { maxLength: 4 }).map(list => list.join(''));
    const templates = fc
      .tuple(
        pieces,
        fc.constantFrom('{{ repository }}', '{{repository}}', ''),
        pieces,
      )
      .map(parts => parts.join(''));
    const repositories = fc.constantFrom(
      'a/b',
      'a/a',
      'b/a.b',
      'a.a/b',
      'a',
      'a/b/a',
    );
    const texts = fc
      .array(fc.constantFrom('a', 'b', '/', 'a/b', 'a/a', 'b/a.b', '.', 'A'), {
        maxLength: 6,
      })
      .map(list => list.join(''));
    fc.assert(
      fc.property(
        templates,
        repositories,
        texts,
        (pattern, repository, text) => {
          let expected: boolean;
          try {
            expected = whole(pattern, repository, text);
          } catch {
            return;
          }
          const asked =
            fillTemplate(pattern, { repository }, true) !== undefined;
          expect(matchesPattern(pattern, { repository }, text)).toBe(
            asked && expected,
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('finds the value wherever it stands', () => {
    const match = (text: string) =>
      matchesPattern('.*{{ repository }}/x', { repository: 'a/a' }, text);
    expect(match('a/a/a/x')).toBe(true);
    expect(match('a/a/x')).toBe(true);
    expect(match('a/a/a')).toBe(false);
    expect(match('a/a/xa/b/x')).toBe(false);
  });

  it('a value stands for itself in a pattern that is no plain sequence', () => {
    const match = (text: string) =>
      matchesPattern('(?:x|{{ repository }})', { repository: 'a/b.c' }, text);
    expect(match('a/b.c')).toBe(true);
    expect(match('a/bxc')).toBe(false);
  });

  it('fills in a value twice', () => {
    const match = (text: string) =>
      matchesPattern(
        '{{ repository }}:{{ repository }}',
        { repository: 'a/b' },
        text,
      );
    expect(match('a/b:a/b')).toBe(true);
    expect(match('a/b:')).toBe(false);
    expect(match('a/b:a/c')).toBe(false);
  });
});
