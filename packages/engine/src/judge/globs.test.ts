import { matchesGlob } from './patterns';

let count = 0;

/** A host that no glob was compiled for before. */
function freshHost(): string {
  count += 1;
  return `r${count}.example`;
}

describe('a glob', () => {
  it.each<[string, string, boolean]>([
    ['/acme/*:1', '/acme/app:1', true],
    ['/acme/*:1', '/acme/:1', true],
    ['/acme/*:1', '/acme/team/app:1', false],
    ['/acme/**:1', '/acme/team/app:1', true],
    ['/acme/**:1', '/acme/a\nb:1', true],
    ['/acme/*:1', '/acme/a\nb:1', true],
    ['/acme/*:1', '/acme/app:1x', false],
    ['/acme/*:1', '/acme/app:11', false],
    ['/acme/*:1', '/other/app:1', false],
    ['/*/app:1.0', '/acme/app:1x0', false],
    ['/*/app:(1|2)', '/acme/app:1', false],
    ['/*/app:(1|2)', '/acme/app:(1|2)', true],
    ['/**/app:*', '/acme/team/app:1', true],
    ['/**/app:*', '/acme/team/app:1/2', false],
    ['/acme/**', '/acme/app:1', true],
    ['/acme/**', '/acme', false],
    ['/acme/***', '/acme/x/y', true],
    ['/acme/*', '/acme/app:1', true],
    ['/acme/*', '/acme/team/app:1', false],
    ['/acme/app:1', '/acme/app:1', true],
    ['/acme/app:1', '/acme/app:1x', false],
    ['/acme/app:1', '/acme/app:', false],
  ])('…%s, for …%s: %s', (glob, reference, matches) => {
    const host = freshHost();
    expect(matchesGlob(host + glob, host + reference)).toBe(matches);
    // Compiled by now.
    expect(matchesGlob(host + glob, host + reference)).toBe(matches);
    expect(matchesGlob(host + glob, `x${host}${reference}`)).toBe(false);
  });

  it('that begins with a wildcard is matched as a whole, too', () => {
    const host = freshHost();
    expect(matchesGlob(`*.${host}/app`, `a.${host}/app`)).toBe(true);
    expect(matchesGlob(`*.${host}/app`, `a/b.${host}/app`)).toBe(false);
    expect(matchesGlob(`**.${host}/app`, `a/b.${host}/app`)).toBe(true);
    expect(matchesGlob('**', host)).toBe(true);
  });

  it('is still the same after many others', () => {
    const hosts = Array.from({ length: 450 }, freshHost);
    for (const round of [0, 1]) {
      for (const host of hosts) {
        expect(matchesGlob(`${host}/*:${round}`, `${host}/a:${round}`)).toBe(
          true,
        );
        expect(matchesGlob(`${host}/*:${round}`, `${host}/a/b:${round}`)).toBe(
          false,
        );
      }
    }
  });
});
