import fc from 'fast-check';
import { RE2JS } from 're2js';
import { Languages } from './Languages';
import { parseExpression } from './parseExpression';

const LETTERS = ['a', 'b', '.', '/', '@'];

/** Expressions over a few letters, in the syntax that is read. */
const { expression } = fc.letrec<{ expression: string }>(tie => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '\\.', '/', '@', '.', '[ab]', '[^/@]', '\\w', ''),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}${b}`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{1,}', '*?'),
      )
      .map(([a, times]) => `(?:${a})${times}`),
  ),
}));
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });

describe('parseExpression', () => {
  it('reads what the engine of judging matches, no more and no less', () => {
    fc.assert(
      fc.property(expression, text, (written, candidate) => {
        const languages = new Languages();
        const language = parseExpression(languages, written)!;
        const found = languages.example(language, languages.text(candidate));
        expect(found !== undefined).toBe(
          RE2JS.compile(written).matches(candidate),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('finds an example of whatever matches at all, and only such', () => {
    fc.assert(
      fc.property(expression, expression, (one, other) => {
        const languages = new Languages();
        const found = languages.example(
          parseExpression(languages, one)!,
          languages.not(parseExpression(languages, other)!),
        );
        fc.pre(found !== undefined);
        expect(RE2JS.compile(one).matches(String(found))).toBe(true);
        expect(RE2JS.compile(other).matches(String(found))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('tells whether one is within another', () => {
    const languages = new Languages();
    const within = (inner: string, outer: string) =>
      languages.within(
        parseExpression(languages, inner)!,
        parseExpression(languages, outer)!,
      );
    expect(within('ab?@v[0-9]+', 'ab?@.*')).toBe(true);
    expect(within('ab?@.*', 'ab?@v[0-9]+')).toBe(false);
    expect(within('^a|b$', '[a-c]')).toBe(true);
  });

  it.each(['(?i)a', '\\bfoo', 'a(^b)', '[[:alpha:]]', '\\pL', 'a{999}', 'a$b'])(
    'says nothing of %s',
    written => {
      expect(parseExpression(new Languages(), written)).toBeUndefined();
    },
  );
});
