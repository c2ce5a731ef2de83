import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  digestOf,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');

describe('timestamps of a bundle', () => {
  let instance: MockInstance;

  beforeEach(async () => {
    instance = await MockInstance.create();
  });

  /** Signed with a timestamp as the only time. */
  async function signed() {
    const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
    delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
    return bundle;
  }

  function verify(bundle: unknown, json = instance.trustedRoot()) {
    const profile = loadTrustedRoot({ name: 'mock', json });
    return verifyEvidence(asEvidence(bundle), digestOf(ARTIFACT), profile);
  }

  const tokensOf = (bundle: Awaited<ReturnType<typeof signed>>) =>
    bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps;

  it.each([
    ['is none', () => Buffer.from('no timestamp')],
    ['is cut short', (token: Buffer) => token.subarray(0, -1)],
    [
      'has a fraction that DER does not allow',
      (token: Buffer) =>
        Buffer.from(token.toString('latin1').replace('.5Z', '.0Z'), 'latin1'),
    ],
    [
      'is of a thirteenth month',
      (token: Buffer) =>
        Buffer.from(
          token
            .toString('latin1')
            .replace(/(\d{4})\d{2}(\d{8}\.5Z)/, (_, year, rest) =>
              [year, '13', rest].join(''),
            ),
          'latin1',
        ),
    ],
  ])('one that %s cannot be read', async (_, change) => {
    instance.clock.setTime(instance.clock.getTime() + 1500);
    const bundle = await signed();
    const [token] = tokensOf(bundle);
    const bytes = Buffer.from(token.signedTimestamp, 'base64');
    token.signedTimestamp = change(bytes).toString('base64');
    const { facts, findings } = verify(bundle);
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'timestamp-invalid', detail: 'a timestamp is unreadable' },
    ]);
  });

  it('one of an authority that the root does not contain', async () => {
    const json = instance.trustedRoot(root => {
      root.timestampAuthorities = [];
    });
    const { facts, findings } = verify(await signed(), json);
    expect(facts).toBeUndefined();
    expect(findings).toContainEqual({
      code: 'timestamp-untrusted',
      detail:
        'the timestamp names an authority that the trusted root does not contain',
    });
  });

  it('one that was changed does not carry the signature of its authority', async () => {
    const bundle = await signed();
    const [token] = tokensOf(bundle);
    const bytes = Buffer.from(token.signedTimestamp, 'base64');
    bytes[bytes.length - 1] ^= 1;
    token.signedTimestamp = bytes.toString('base64');
    expect(verify(bundle).findings).toEqual([
      {
        code: 'timestamp-invalid',
        detail: 'the timestamp does not carry the signature of its authority',
      },
    ]);
  });

  it.each([
    ['starts a second later', 'start', 1, 'timestamp-untrusted'],
    ['starts then', 'start', 0, 'timestamp-invalid'],
    ['ends then', 'end', 0, 'timestamp-invalid'],
    ['ended a second before', 'end', -1, 'timestamp-untrusted'],
  ])(
    'one of another signature, of a time when trust in the authority %s',
    async (_, bound, seconds, code) => {
      const bundle = await signed();
      const other = await signed();
      const time = instance.clock.getTime() + seconds * 1000;
      const json = instance.trustedRoot(root => {
        const [{ validFor }] = root.timestampAuthorities;
        validFor[bound] = new Date(time).toISOString();
      });
      const { timestampVerificationData } = other.verificationMaterial;
      Object.assign(bundle.verificationMaterial, { timestampVerificationData });
      expect(verify(bundle, json).findings.map(found => found.code)).toEqual([
        code,
      ]);
    },
  );

  describe('of two authorities, the one that made it is named', () => {
    type Authority = {
      subject: { commonName: string };
      certChain: { certificates: { rawBytes: string }[] };
      validFor: Record<string, string>;
    };

    /** The root with a like authority before its own. */
    const rootWith = (alter: (other: Authority) => void) =>
      instance.trustedRoot(root => {
        const [own] = root.timestampAuthorities;
        const other = structuredClone(own);
        other.subject.commonName = 'another';
        alter(other);
        root.timestampAuthorities = [other, own];
      });
    const namedUnder = async (json: unknown) => {
      const { facts } = verify(await signed(), json);
      return facts?.times.map(({ authority }) => authority);
    };
    const rewrite = (
      { certChain: { certificates } }: Authority,
      from: string,
      to: string,
    ) => {
      const [signer] = certificates;
      const der = Buffer.from(signer.rawBytes, 'base64').toString('latin1');
      expect(der).toContain(from);
      signer.rawBytes = Buffer.from(der.replace(from, to), 'latin1').toString(
        'base64',
      );
    };

    it.each<[string, (other: Authority) => void]>([
      [
        'another serial number',
        other => rewrite(other, '\x02\x02\x01\x02', '\x02\x02\x01\x03'),
      ],
      [
        'another issuer',
        other => rewrite(other, 'sigstore.mock', 'sigstore.mocc'),
      ],
      [
        'no certificates',
        other => {
          other.certChain.certificates = [];
        },
      ],
    ])('not one with %s', async (_, alter) => {
      expect(await namedUnder(rootWith(alter))).toEqual(['mock TSA']);
    });

    it.each([
      ['starts a second later', 'start', 1, 'mock TSA'],
      ['starts then', 'start', 0, 'another'],
      ['ends then', 'end', 0, 'another'],
      ['ended a second before', 'end', -1, 'mock TSA'],
    ])('where trust in the first %s', async (_, bound, seconds, name) => {
      const time = instance.clock.getTime() + seconds * 1000;
      const json = rootWith(({ validFor }) => {
        validFor[bound] = new Date(time).toISOString();
      });
      expect(await namedUnder(json)).toEqual([name]);
    });
  });

  it('a log that says nothing of the time attests none, though it signs that', async () => {
    const timeless = await MockInstance.create('rekor.timeless', {
      clock: new Date(0),
    });
    const bundle = await instance.signMessage(ARTIFACT, {
      timestamp: true,
      logs: [timeless],
    });
    const [entry] = bundle.verificationMaterial.tlogEntries;
    expect(entry.integratedTime).toBe('0');
    expect(entry.inclusionPromise).toBeDefined();
    const json = instance.trustedRoot(root => {
      const { tlogs } = timeless.trustedRoot() as typeof root;
      root.tlogs = tlogs;
      root.tlogs[0].publicKey.validFor.start = '1960-01-01T00:00:00Z';
    });
    const { facts, findings } = verify(bundle, json);
    expect(findings).toEqual([]);
    expect(facts?.times.map(({ source }) => source)).toEqual([
      'timestamp-authority',
    ]);
  });

  it('a time outside the certificate’s window is shown beside the window', async () => {
    const begin = instance.clock.getTime();
    instance.clock.setTime(begin - 1000);
    const { findings } = verify(await signed());
    const window = [begin, begin + 600_000].map(time =>
      new Date(time).toISOString(),
    );
    expect(findings).toEqual([
      {
        code: 'time-outside-certificate',
        detail: `the certificate was in force from ${window.join(' to ')}`,
        comparisons: [
          {
            aspect: 'time of signing',
            found: new Date(begin - 1000).toISOString(),
            expected: window.join(' to '),
          },
        ],
      },
    ]);
  });

  it('one of an authority without a name is called by its address', async () => {
    const json = instance.trustedRoot(root => {
      const [authority] = root.timestampAuthorities;
      delete authority.subject;
      authority.uri = 'https://tsa.mock';
    });
    expect(verify(await signed(), json).facts?.times).toEqual([
      expect.objectContaining({ authority: 'https://tsa.mock' }),
    ]);
  });

  it('a log’s word that is not the log’s, without a proof beside it', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { certificate, ...material } = bundle.verificationMaterial;
    const [{ inclusionProof, ...entry }] = material.tlogEntries;
    const signature = Buffer.from(
      entry.inclusionPromise.signedEntryTimestamp,
      'base64',
    );
    const older = (promise: Buffer) => ({
      ...bundle,
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: {
        ...material,
        x509CertificateChain: { certificates: [certificate] },
        tlogEntries: [
          {
            ...entry,
            inclusionPromise: {
              signedEntryTimestamp: promise.toString('base64'),
            },
          },
        ],
      },
    });
    expect(verify(older(signature)).findings).toEqual([]);
    signature[signature.length - 1] ^= 1;
    const { facts, findings } = verify(older(signature));
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'log-proof-invalid', detail: 'log https://rekor.mock' },
    ]);
  });
});
