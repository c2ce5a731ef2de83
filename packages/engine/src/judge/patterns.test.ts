import fc from 'fast-check';
import { compilePattern, fillTemplate, matchesWhole } from './patterns';

jest.setTimeout(60_000);

const matchesPattern = (
  pattern: string,
  values: { repository?: string },
  text: string,
) => compilePattern(pattern)(values, text);

describe('compilePattern', () => {
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
        '(?:a|/b)?',
        '()',
        '\\w',
        '[^a]+',
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
          const outcome = (match: () => boolean) => {
            try {
              return match();
            } catch {
              return 'no pattern';
            }
          };
          const sample = fillTemplate(pattern, { repository: 'a/b' }, true);
          const filled = fillTemplate(pattern, { repository }, true);
          const expected = outcome(() => {
            matchesWhole(sample ?? '(', '');
            return filled !== undefined && matchesWhole(filled, text);
          });
          expect(
            outcome(() => matchesPattern(pattern, { repository }, text)),
          ).toBe(expected);
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
