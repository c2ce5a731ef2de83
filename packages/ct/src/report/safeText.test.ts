import { safeJson, safeText } from './safeText';
import { TextPage } from './TextPage';

const ATTACKS = [
  ['a colour', '\u001b[32m✓ Signed by expected signer\u001b[0m', '\\u{1b}[32m'],
  ['an eight-bit control', '\u009b32m', '\\u{9b}32m'],
  ['a link of a terminal', '\u001b]8;;https://evil.example\u0007', '\\u{7}'],
  ['a new line', 'a\n✓ Signed by expected signer', '\\u{a}'],
  ['a return to the start of the line', 'bad\rgood', '\\u{d}'],
  ['a separator of lines', 'a\u2028b', '\\u{2028}'],
  ['a reversed direction', 'a\u202egpj.exe', '\\u{202e}'],
  ['an isolated direction', '\u2066a\u2069', '\\u{2066}'],
  ['an invisible space', 'acme\u200b/checkout', '\\u{200b}'],
  ['an invisible tag', 'a\u{e0041}', '\\u{e0041}'],
  ['half a character', 'a\ud800', '\\u{d800}'],
  ['deleting', 'a\u007f', '\\u{7f}'],
] as const;

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe.each(ATTACKS)('%s in text out of evidence', (_, text, shown) => {
  it('is shown and not obeyed', () => {
    expect(safeText(text)).toContain(shown);
    expect(safeText(text)).not.toMatch(UNSAFE);
  });

  it('reaches the terminal neither as text nor as JSON', () => {
    const page = new TextPage(false);
    page.line(text, 1);
    expect(page.toString().split('\n')).toHaveLength(2);
    expect(page.toString().replaceAll('\n', '')).not.toMatch(UNSAFE);
    const json = safeJson({ [text]: [text] });
    expect(json.replaceAll('\n', '')).not.toMatch(UNSAFE);
    expect(JSON.parse(json)).toEqual({ [text]: [text] });
  });
});

it('leaves the writing of people as it is', () => {
  expect(safeText('Größe “日本” – ✓')).toBe('Größe “日本” – ✓');
});

it('cuts what is longer than anybody reads', () => {
  expect(safeText('a'.repeat(10_000))).toHaveLength(2001);
});

it('colours only what it wrote itself', () => {
  const page = new TextPage(true);
  page.line('✓ \u001b[31m', 0, 'green');
  expect(page.toString()).toBe('\u001b[32m✓ \\u{1b}[31m\u001b[39m\n');
});
