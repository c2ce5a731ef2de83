import { TrustedRootError, loadTrustedRoot } from './trustedRoot';
import { publicGoodTrustedRoot } from './publicGood';

type Root = {
  tlogs: { publicKey: { validFor?: { start?: string } } }[];
  ctlogs: { publicKey: { validFor?: { start?: string } } }[];
  certificateAuthorities: { subject: { organization: string } }[];
  timestampAuthorities: unknown[];
};

function publicGood(alter: (root: Root) => void = () => undefined): unknown {
  const root = publicGoodTrustedRoot() as Root;
  alter(root);
  return root;
}

function load(
  json: unknown,
  options: Partial<Parameters<typeof loadTrustedRoot>[0]> = {},
) {
  return loadTrustedRoot({ name: 'a-root', json, ...options });
}

describe('loadTrustedRoot', () => {
  it('reads the trusted root that comes with the library', () => {
    expect(load(publicGood())).toMatchObject({
      name: 'a-root',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      thresholds: {
        transparencyLog: 1,
        certificateTransparency: 1,
        timestamps: 1,
      },
    });
  });

  it('the digest names contents, thresholds and name, not the way of writing', () => {
    const { digest } = load(publicGood());
    const rewritten = Object.fromEntries(
      Object.entries(publicGood() as object).reverse(),
    );
    expect(load(rewritten).digest).toBe(digest);
    expect(load(publicGood(), { name: 'b' }).digest).not.toBe(digest);
    const thresholds = { transparencyLog: 0 };
    expect(load(publicGood(), { thresholds }).digest).not.toBe(digest);
    const shorter = publicGood(root => root.certificateAuthorities.pop());
    expect(load(shorter).digest).not.toBe(digest);
  });

  it.each<[string, (root: Root) => void]>([
    ['transparency log', root => delete root.tlogs[0].publicKey.validFor],
    [
      'certificate log',
      root => delete root.ctlogs[0].publicKey.validFor?.start,
    ],
  ])('rule 5: refuses a %s without a start of validity', (_, alter) => {
    expect(() => load(publicGood(alter))).toThrow(
      /"a-root": the log .* has no start of validity\. Add publicKey\.validFor\.start/,
    );
  });

  it('refuses the demo’s trusted root outside the demo', () => {
    const demo = publicGood(root => {
      root.certificateAuthorities[0].subject.organization = 'Acme Demo World';
    });
    expect(() => load(demo)).toThrow(/it belongs to the demo/);
    expect(load(demo, { allowDemoRoot: true }).name).toBe('a-root');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['an empty object', {}],
    ['another document', { mediaType: 'application/json' }],
    [
      'no authorities',
      publicGood(root => {
        root.certificateAuthorities = [];
      }),
    ],
  ])('refuses %s', (_, json) => {
    expect(() => load(json)).toThrow(TrustedRootError);
    expect(() => load(json)).toThrow(/"a-root": it cannot be read/);
  });

  it.each([
    [{ timestamps: 0 }, /timestamps is 0/],
    [{ transparencyLog: -1 }, /transparencyLog is -1/],
    [{ certificateTransparency: 0.5 }, /certificateTransparency is 0.5/],
    [{ transparencyLog: 99 }, /only 2 that could count/],
  ])('refuses the thresholds %o', (thresholds, problem) => {
    expect(() => load(publicGood(), { thresholds })).toThrow(problem);
  });
});
