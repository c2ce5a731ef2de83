import { generateKeyPairSync, KeyObject } from 'crypto';
import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { offeredThresholds } from './offeredThresholds';
import { TrustedRootError, loadTrustedRoot } from './trustedRoot';
import { publicGoodTrustedRoot } from './publicGood';

type Log = { baseUrl?: string; publicKey: { validFor?: { start?: string } } };
type Authority = {
  subject: { organization: string };
  certChain: { certificates: { rawBytes: string }[] };
};
type Root = {
  tlogs: Log[];
  ctlogs: Log[];
  certificateAuthorities: Authority[];
  timestampAuthorities: Authority[];
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
  ])(
    'rule 5, trap 11: refuses a %s without a start of validity',
    (_, alter) => {
      expect(() => load(publicGood(alter))).toThrow(
        /"a-root": the log .* has no start of validity\. Add publicKey\.validFor\.start/,
      );
    },
  );

  it.each<[string, (root: Root) => void]>([
    ['by its address', root => (root.tlogs[0].baseUrl = 'https://log.example')],
    ['as without one', root => delete root.tlogs[0].baseUrl],
  ])('names such a log %s', (_, alter) => {
    const json = publicGood(root => {
      delete root.tlogs[0].publicKey.validFor;
      alter(root);
    });
    const { baseUrl = '(without URL)' } = (json as Root).tlogs[0];
    expect(() => load(json)).toThrow(
      `the log ${baseUrl} has no start of validity`,
    );
  });

  describe('the demo’s trusted root', () => {
    /** Names an organization in one of the names of a certificate. */
    const name = (
      authority: Authority,
      index: number,
      field: 'issuer' | 'subject',
      organization = 'Acme Demo World',
    ) => {
      const certificate = authority.certChain.certificates[index];
      const parsed = X509Certificate.parse(
        Buffer.from(certificate.rawBytes, 'base64'),
      );
      const { subs } = parsed.tbsCertificate;
      const parts = subs[field === 'issuer' ? 3 : 5].subs.map(
        ({ subs: [part] }) => part.subs,
      );
      const [, value] = parts.find(([type]) => type.toOID() === '2.5.4.10')!;
      (value as { value: Buffer }).value = Buffer.from(organization);
      const { root } = parsed as unknown as { root: ASN1Obj };
      certificate.rawBytes = root.toDER().toString('base64');
    };

    it.each<[string, (root: Root) => void]>([
      [
        'what is said of a certificate authority',
        ({ certificateAuthorities: [authority] }) =>
          (authority.subject.organization = 'Acme Demo World'),
      ],
      [
        'what is said of a timestamp authority',
        ({ timestampAuthorities: [authority] }) =>
          (authority.subject.organization = 'Acme Demo World'),
      ],
      [
        'whose one certificate of a chain is',
        ({ certificateAuthorities: [, authority] }) =>
          name(authority, 0, 'subject'),
      ],
      [
        'who issued one certificate of a chain',
        ({ certificateAuthorities: [, authority] }) =>
          name(authority, 1, 'issuer'),
      ],
      [
        'whose certificate of a timestamp authority is',
        ({ timestampAuthorities: [authority] }) =>
          name(authority, 1, 'subject'),
      ],
    ])('is refused outside the demo, by %s', (_, alter) => {
      const demo = publicGood(alter);
      expect(() => load(demo)).toThrow(/it belongs to the demo/);
      expect(load(demo, { allowDemoRoot: true }).name).toBe('a-root');
    });

    it('is not known by a name that is only like it', () => {
      const other = publicGood(({ certificateAuthorities: [, authority] }) =>
        name(authority, 0, 'subject', 'Acme Demo World Ltd'),
      );
      expect(load(other).name).toBe('a-root');
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['an empty object', {}],
    ['another document', { mediaType: 'application/json' }],
    [
      'the contents of a trusted root as another document',
      { ...(publicGood() as object), mediaType: 'application/json' },
    ],
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
    [{ timestamps: -1 }, /timestamps is -1/],
    [{ transparencyLog: -1 }, /transparencyLog is -1/],
    [{ certificateTransparency: 0.5 }, /certificateTransparency is 0.5/],
    [{ transparencyLog: 99 }, /only 2 that could count/],
  ])('refuses the thresholds %o', (thresholds, problem) => {
    expect(() => load(publicGood(), { thresholds })).toThrow(problem);
  });

  describe('keys', () => {
    const pem = (key: KeyObject) =>
      key.export({ format: 'pem', type: 'spki' }).toString();
    const ec = (namedCurve: string) =>
      generateKeyPairSync('ec', { namedCurve }).publicKey;
    const rsa = (modulusLength: number) =>
      generateKeyPairSync('rsa', { modulusLength }).publicKey;

    it('are part of the profile, whatever their order and however often', () => {
      const [a, b] = [pem(ec('prime256v1')), pem(ec('secp384r1'))];
      const { digest, material } = load(publicGood(), { keys: [a, b] });
      const digests = material.keys.map(key => key.digest);
      expect(digests).toHaveLength(2);
      expect(digests).toEqual([...digests].sort());
      expect(load(publicGood(), { keys: [b, a, b] }).digest).toBe(digest);
      expect(load(publicGood(), { keys: [a] }).digest).not.toBe(digest);
      expect(load(publicGood()).digest).not.toBe(digest);
    });

    it('another key makes another profile', () => {
      const digestWith = () =>
        load(publicGood(), { keys: [pem(ec('prime256v1'))] }).digest;
      expect(digestWith()).not.toBe(digestWith());
    });

    it('a profile can be made again from its source', () => {
      const profile = load(publicGood(), { keys: [pem(ec('secp521r1'))] });
      const source = structuredClone(profile.material.source);
      expect(loadTrustedRoot(source).digest).toBe(profile.digest);
    });

    it('do without a certificate authority in the root', () => {
      const json = publicGood(root => {
        root.certificateAuthorities = [];
      });
      const keys = [pem(ec('prime256v1'))];
      expect(load(json, { keys }).material.keys).toHaveLength(1);
      expect(() => load(json)).toThrow(/no certificate authority, and no key/);
    });

    it('may be RSA and Ed25519, too', () => {
      const keys = [rsa(2048), generateKeyPairSync('ed25519').publicKey];
      const { material } = load(publicGood(), { keys: keys.map(pem) });
      expect(material.keys).toHaveLength(2);
    });

    it.each<[string, () => string, RegExp]>([
      ['no PEM', () => 'MFkw', /key 1 is not a public key in PEM form/],
      [
        'a broken one',
        () => pem(ec('prime256v1')).replace(/MFkw/, 'MFkx'),
        /key 1 cannot be read/,
      ],
      [
        'a private key',
        () =>
          generateKeyPairSync('ed25519')
            .privateKey.export({ format: 'pem', type: 'pkcs8' })
            .toString(),
        /key 1 is not a public key/,
      ],
      [
        'a private key with a public one after it',
        () => {
          const { privateKey, publicKey } = generateKeyPairSync('ed25519');
          return `${privateKey.export({ format: 'pem', type: 'pkcs8' })}${pem(
            publicKey,
          )}`;
        },
        /key 1 is not a public key/,
      ],
      [
        'one with anything before it',
        () => `x${pem(ec('prime256v1'))}`,
        /key 1 is not a public key/,
      ],
      ['a short RSA key', () => pem(rsa(1024)), /RSA key of 1024 bits/],
      ['an odd curve', () => pem(ec('secp256k1')), /on the curve secp256k1/],
      [
        'a key for agreeing on secrets',
        () => pem(generateKeyPairSync('x25519').publicKey),
        /of the type x25519/,
      ],
    ])('refuses %s', (_, key, problem) => {
      const options = { keys: [key()] };
      expect(() => load(publicGood(), options)).toThrow(TrustedRootError);
      expect(() => load(publicGood(), options)).toThrow(problem);
    });
  });
});

describe('offeredThresholds', () => {
  it('asks for one of each kind of log that there is', () => {
    const one = {
      transparencyLog: 1,
      certificateTransparency: 1,
      timestamps: 1,
    };
    expect(offeredThresholds(publicGood())).toEqual(one);
    const without = publicGood(root => {
      root.tlogs = [];
      root.ctlogs = [];
    });
    const none = { ...one, transparencyLog: 0, certificateTransparency: 0 };
    expect(offeredThresholds(without)).toEqual(none);
    expect(load(without, { thresholds: none }).thresholds).toEqual(none);
    expect(() => load(without)).toThrow(/names only 0 that could count/);
    expect(offeredThresholds(null)).toEqual(one);
  });
});
