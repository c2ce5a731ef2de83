/* eslint-disable no-script-url -- hostile texts are what is tried here */
import { cutAtDifference } from './difference';
import { isSafeLink } from './SafeLink';
import { shortDigest } from './shortDigest';
import { visibleText } from './visibleText';

describe('isSafeLink', () => {
  it.each([
    ['https://github.com/acme/checkout', true],
    ['HTTPS://github.com/acme', true],
    ['http://github.com/acme', false],
    ['javascript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['java\nscript:alert(1)', false],
    ['data:text/html,x', false],
    ['//evil.example/', false],
    ['https://user:password@evil.example/', false],
    ['https://github.com@evil.example/', false],
    ['https://gith\u202eub.com/', false],
    ['https://', false],
    ['', false],
  ])('%j: %s', (text, safe) => {
    expect(isSafeLink(text)).toBe(safe);
  });
});

describe('visibleText', () => {
  it('shows what would hide or turn text around', () => {
    expect(visibleText('a\u202eb\u200bc\u0000d\ufeff\u{e0041}')).toBe(
      'a\\u{202e}b\\u{200b}c\\u{0}d\\u{feff}\\u{e0041}',
    );
  });

  it('leaves ordinary text alone, in any script', () => {
    const text = 'Käse, 東京, مرحبا: a-b_c/d@e\n\ttab';
    expect(visibleText(text)).toBe(text);
  });
});

describe('cutAtDifference', () => {
  it('cuts at what was put in between', () => {
    const [a, b] = cutAtDifference('acme/checkout-evil/x', 'acme/checkout/x')!;
    expect(a).toEqual({
      before: 'acme/checkout',
      different: '-evil',
      after: '/x',
    });
    expect(b.different).toBe('');
  });

  it('does not count a character twice', () => {
    const [a, b] = cutAtDifference('aaa', 'aa')!;
    expect(a.before + a.different + a.after).toBe('aaa');
    expect(b.before + b.different + b.after).toBe('aa');
  });

  it('marks nothing where nothing or nearly everything differs', () => {
    expect(cutAtDifference('same', 'same')).toBeUndefined();
    expect(
      cutAtDifference('jane@acme.example', 'https://github.com/acme'),
    ).toBeUndefined();
  });
});

describe('shortDigest', () => {
  it('shortens digests and commits, and nothing else', () => {
    expect(shortDigest(`sha256:${'ab'.repeat(32)}`)).toBe(
      'sha256:abababab…abab',
    );
    expect(shortDigest('ab'.repeat(20))).toBe('abababab…abab');
    expect(shortDigest('2026-11-20T14:02:11Z')).toBe('2026-11-20T14:02:11Z');
  });
});
