import { judge } from './judge';
import { DIGEST, input, policy } from './__testUtils__/verifications';

const rulesFor = (reference: string, glob: string | undefined) =>
  judge(
    input({
      reference,
      policies: [
        policy('p', {
          spec: {
            artifacts: [{ kind: 'image', ...(glob && { reference: glob }) }],
          },
        }),
      ],
    }),
  ).policies;

const BUILT_IN = ['same-repository'];

describe('a policy covers', () => {
  it('everything of its kind where it names no reference', () => {
    expect(rulesFor('ghcr.io/acme/checkout:1.0', undefined)).toEqual(['p']);
    expect(rulesFor('file:/plans/p.json', undefined)).toEqual(['p']);
  });

  it.each([
    [`ghcr.io:5000/acme/app@${DIGEST}`, 'ghcr.io:5000/acme/app:*', ['p']],
    [`ghcr.io:5000/acme/app:1@${DIGEST}`, 'ghcr.io:5000/acme/app:1', ['p']],
    [`ghcr.io:5000/acme/app@${DIGEST}`, 'ghcr.io:5000/acme/app', BUILT_IN],
    [`ghcr.io/acme/app:1@${DIGEST}`, `ghcr.io/acme/app:${DIGEST}`, BUILT_IN],
    [`ghcr.io/acme/app@${DIGEST}`, `ghcr.io/acme/app:${DIGEST}`, ['p']],
    [`file:/plans/a:1@${DIGEST}`, 'file:/plans/a:1', BUILT_IN],
    [`xhttps://a.example/p:1@${DIGEST}`, 'xhttps://a.example/p:1', ['p']],
    [`a.example/p:1@${DIGEST}x`, 'a.example/p:1', BUILT_IN],
    [`a.example/p:1@${DIGEST.slice(0, -1)}`, 'a.example/p:1', BUILT_IN],
    [`a.example/p:1@${DIGEST.toUpperCase()}`, 'a.example/p:1', BUILT_IN],
  ])('%s, by %s: %j', (reference, glob, rules) => {
    expect(rulesFor(reference, glob)).toEqual(rules);
  });
});

describe('a file by another form of its path', () => {
  it.each<[string, string, string[]]>([
    ['ghcr.io/acme/checkout:1.0', 'file:/plans/**', BUILT_IN],
    ['ghcr.io/acme/checkout:1.0', 'file:plans/**', BUILT_IN],
    ['file:/plans/p.json', 'ghcr.io/acme/**', BUILT_IN],
    ['file:plans/p.json', 'ghcr.io/acme/**', BUILT_IN],
    ['file:/a/plans/p.json', 'file:plans/*.json', []],
    ['file:/plans/p.json', 'file:plans/*.json', []],
    ['file:/a/plans/p.json', 'file:p.json', []],
    ['file:/a/plans/p.json', 'file:a/p.json', BUILT_IN],
    ['file:plans/p.json', 'file:/a/**', []],
    ['file:plans/p.json', 'file:a/**', BUILT_IN],
    ['file:/plans/p.json', 'file:/a/**', BUILT_IN],
  ])('%s, where a policy says %s: %j', (reference, glob, rules) => {
    expect(rulesFor(reference, glob)).toEqual(rules);
  });
});
