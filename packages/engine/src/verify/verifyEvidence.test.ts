import { X509Certificate } from 'crypto';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence } from './evidence';
import { Thresholds, loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  asSimpleSigning,
  digestOf,
  newKeys,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);

type Alter = Parameters<MockInstance['trustedRoot']>[0];

describe('verifyEvidence', () => {
  let instance: MockInstance;
  let foreign: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
    foreign = await MockInstance.create('rekor.elsewhere', {
      contemporary: instance,
    });
  });

  type Options = {
    alter?: Alter;
    thresholds?: Partial<Thresholds>;
    otherDigests?: string[];
  };

  function verify(bundle: unknown, options: Options = {}): Verification {
    return verifyAs(asEvidence(bundle), options);
  }

  function verifyAs(evidence: Evidence, options: Options = {}): Verification {
    const { alter, thresholds, otherDigests } = options;
    const json = instance.trustedRoot(alter);
    const profile = loadTrustedRoot({ name: 'mock', json, thresholds });
    return verifyEvidence(evidence, DIGEST, profile, { otherDigests });
  }

  /** The finding that decides; `none` when facts came out. */
  function findingOf({ facts, findings }: Verification): string {
    return facts ? 'none' : findings[0].code;
  }

  it('states who signed what and when, once every check held', async () => {
    const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
      timestamp: true,
    });
    const { facts, checks, findings } = verify(bundle);
    expect(findings).toEqual([]);
    expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(
      new Set(['passed']),
    );
    expect(facts?.signer).toEqual({
      trustedRoot: 'mock',
      issuer: 'https://issuer.mock',
      identity: 'https://mock/identity',
      identityType: 'uri',
      extensions: { issuer: 'https://issuer.mock' },
    });
    expect(facts?.content.predicateType).toBe('https://slsa.dev/provenance/v1');
    expect(
      facts?.times.map(({ source, authority }) => [source, authority]),
    ).toEqual([
      ['timestamp-authority', 'mock TSA'],
      ['transparency-log', 'https://rekor.mock'],
    ]);
  });

  it('leaves the way errors are made as it was', async () => {
    const { stackTraceLimit } = Error;
    expect(stackTraceLimit).toBeGreaterThan(0);
    verify(await instance.signMessage(ARTIFACT));
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('trap 4: verifies a signature over an artifact from its digest alone', async () => {
    expect(verify(await instance.signMessage(ARTIFACT)).findings).toEqual([]);
  });

  describe('every version of the bundle format', () => {
    it.each([
      ['application/vnd.dev.sigstore.bundle+json;version=0.1', true],
      ['application/vnd.dev.sigstore.bundle+json;version=0.2', true],
      ['application/vnd.dev.sigstore.bundle+json;version=0.3', false],
      ['application/vnd.dev.sigstore.bundle.v0.3+json', false],
    ])('%s', async (mediaType, hasChain) => {
      for (const bundle of [
        await instance.signMessage(ARTIFACT),
        await instance.signEnvelope(statementAbout(ARTIFACT)),
      ]) {
        const { certificate, ...material } = bundle.verificationMaterial;
        const chain = { x509CertificateChain: { certificates: [certificate] } };
        const withChain = { ...material, ...chain };
        const verifyWith = (verificationMaterial: unknown) =>
          findingOf(verify({ ...bundle, mediaType, verificationMaterial }));
        expect(
          verifyWith(hasChain ? withChain : bundle.verificationMaterial),
        ).toBe('none');
        const [entry] = material.tlogEntries;
        const needed = mediaType.endsWith('0.1')
          ? 'inclusionPromise'
          : 'inclusionProof';
        delete entry[needed];
        expect(
          verifyWith(hasChain ? withChain : bundle.verificationMaterial),
        ).toBe('evidence-malformed');
      }
    });

    it('the current one holds a certificate, and no chain', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const { certificate, ...material } = bundle.verificationMaterial;
      const verificationMaterial = {
        ...material,
        x509CertificateChain: { certificates: [certificate] },
      };
      expect(findingOf(verify({ ...bundle, verificationMaterial }))).toBe(
        'evidence-malformed',
      );
    });
  });

  describe('rule 1: fail closed', () => {
    it.each([
      ['no JSON', Buffer.from('{')],
      ['no object', Buffer.from('[]')],
      ['nothing', Buffer.alloc(0)],
      ['null', Buffer.from('null')],
      ['an empty object', Buffer.from('{}')],
      [
        'a media type only',
        Buffer.from(
          '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}',
        ),
      ],
      ['deep nesting', Buffer.from('['.repeat(200_000))],
    ])('%s is malformed', (_, bytes) => {
      const profile = loadTrustedRoot({
        name: 'm',
        json: instance.trustedRoot(),
      });
      const evidence = { ...asEvidence({}), bytes };
      expect(findingOf(verifyEvidence(evidence, DIGEST, profile))).toBe(
        'evidence-malformed',
      );
    });

    it('whatever throws, wherever it does, is a finding', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const profile = loadTrustedRoot({
        name: 'm',
        json: instance.trustedRoot(),
      });
      const { trust } = profile.material;
      const broken = {
        ...profile,
        material: {
          ...profile.material,
          trust: { ...trust, tlogs: undefined as never },
        },
      };
      const evidence = asEvidence(bundle);
      expect(findingOf(verifyEvidence(evidence, DIGEST, profile))).toBe('none');
      expect(findingOf(verifyEvidence(evidence, DIGEST, broken))).toBe(
        'evidence-malformed',
      );
    });

    it('an unknown version is a format that is not read', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const version = 'application/vnd.dev.sigstore.bundle.v0.9+json';
      expect(findingOf(verify({ ...bundle, mediaType: version }))).toBe(
        'format-unsupported',
      );
    });
  });

  describe('rule 2: what was signed is bound to the artifact', () => {
    it('a signature over other bytes', async () => {
      const bundle = await instance.signMessage(OTHER);
      const { findings } = verify(bundle);
      expect(findings).toEqual([
        {
          code: 'artifact-mismatch',
          detail: expect.any(String),
          comparisons: [
            { aspect: 'digest', found: DIGEST, expected: digestOf(OTHER) },
          ],
        },
      ]);
    });

    it('the digest in the bundle changed to fit', async () => {
      const bundle = await instance.signMessage(OTHER);
      bundle.messageSignature.messageDigest.digest = Buffer.from(
        DIGEST.slice(7),
        'hex',
      ).toString('base64');
      expect(findingOf(verify(bundle))).toBe('signature-invalid');
    });

    describe('cosign’s simple signing', () => {
      const signed = async (payload: Buffer, shown = payload) =>
        verifyAs(asSimpleSigning(await instance.signMessage(payload), shown));

      it('names the manifest', async () => {
        const { facts } = await signed(simplePayload(DIGEST));
        expect(facts?.content).toMatchObject({
          type: 'simple-signing',
          statement: {
            critical: { image: { 'docker-manifest-digest': DIGEST } },
          },
        });
      });

      it('another manifest', async () => {
        const other = await signed(simplePayload(digestOf(OTHER)));
        expect(findingOf(other)).toBe('statement-for-other-artifact');
      });

      it('another payload than the one that was signed', async () => {
        const swapped = await signed(
          simplePayload(digestOf(OTHER)),
          simplePayload(DIGEST),
        );
        expect(swapped.facts).toBeUndefined();
        expect(swapped.findings.map(({ code }) => code)).toEqual([
          'signature-invalid',
          'log-entry-mismatch',
        ]);
      });

      it('a digest in the bundle that is not that of the payload', async () => {
        const payload = simplePayload(DIGEST);
        const bundle = await instance.signMessage(payload);
        bundle.messageSignature.messageDigest.digest =
          Buffer.alloc(32).toString('base64');
        const verification = verifyAs(asSimpleSigning(bundle, payload));
        expect(findingOf(verification)).toBe('signature-invalid');
      });

      it('another type, no JSON, no bundle', async () => {
        const odd = await signed(simplePayload(DIGEST, 'x'));
        expect(findingOf(odd)).toBe('format-unsupported');
        const text = await signed(Buffer.from('x'));
        expect(findingOf(text)).toBe('evidence-malformed');
        const none = verifyAs(asSimpleSigning(null, simplePayload(DIGEST)));
        expect(findingOf(none)).toBe('evidence-malformed');
        const envelope = await instance.signEnvelope(statementAbout(ARTIFACT));
        const mixed = asSimpleSigning(envelope, simplePayload(DIGEST));
        expect(findingOf(verifyAs(mixed))).toBe('evidence-malformed');
      });
    });

    it('an artifact is named by its SHA-256 digest, written in one way', async () => {
      const json = instance.trustedRoot();
      const profile = loadTrustedRoot({ name: 'mock', json });
      const bundle = await instance.signEnvelope(statementAbout(ARTIFACT));
      const named = (digest: string) =>
        findingOf(verifyEvidence(asEvidence(bundle), digest, profile));
      expect(named(DIGEST)).toBe('none');
      for (const digest of [
        DIGEST.slice(7),
        DIGEST.toUpperCase(),
        `${DIGEST}\n`,
        `x${DIGEST}`,
        DIGEST.slice(0, -1),
        `sha512:${'a'.repeat(128)}`,
        '',
      ]) {
        expect(named(digest)).toBe('format-unsupported');
      }
    });

    it('one subject of many suffices', async () => {
      const subject = [OTHER, ARTIFACT, OTHER].map(bytes => ({
        digest: { sha256: digestOf(bytes).slice(7) },
      }));
      const bundle = await instance.signEnvelope(
        statementAbout(ARTIFACT, { subject }),
      );
      expect(findingOf(verify(bundle))).toBe('none');
    });

    it('a statement is text, and its predicate type, too', async () => {
      const broken = Buffer.concat([
        statementAbout(ARTIFACT).subarray(0, -1),
        Buffer.from(',"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]);
      for (const payload of [
        broken,
        statementAbout(ARTIFACT, { predicateType: 42 }),
      ]) {
        const bundle = await instance.signEnvelope(payload);
        expect(findingOf(verify(bundle))).toBe('evidence-malformed');
      }
    });

    it('a subject counts when every digest of it that can be compared agrees', async () => {
      const sha512 = 'a'.repeat(128);
      const digest = { sha256: DIGEST.slice(7), sha512 };
      const bundle = await instance.signEnvelope(
        statementAbout(ARTIFACT, { subject: [{ digest }] }),
      );
      const known = (value: string) => ({ otherDigests: [`sha512:${value}`] });
      expect(verify(bundle).findings).toEqual([]);
      expect(verify(bundle, known(sha512)).findings).toEqual([]);
      expect(findingOf(verify(bundle, known('b'.repeat(128))))).toBe(
        'statement-for-other-artifact',
      );
    });

    it('a statement that names no digest of a known kind cannot be bound', async () => {
      const subject = [{ digest: { sha1: 'a'.repeat(40) } }];
      const bundle = await instance.signEnvelope(
        statementAbout(ARTIFACT, { subject }),
      );
      expect(findingOf(verify(bundle))).toBe('format-unsupported');
    });

    it('payload type and statement type are constants', async () => {
      const statement = statementAbout(ARTIFACT);
      const json = await instance.signEnvelope(statement, {
        payloadType: 'application/json',
      });
      expect(findingOf(verify(json))).toBe('format-unsupported');
      const odd = statementAbout(ARTIFACT, {
        _type: 'https://in-toto.io/Statement/v1x',
      });
      expect(findingOf(verify(await instance.signEnvelope(odd)))).toBe(
        'format-unsupported',
      );
    });
  });

  describe('rule 4: the log entry names digest, signature and certificate', () => {
    it('trap 7: the log entry of another certificate for the same key', async () => {
      const keys = newKeys('prime256v1');
      const loggedCertificate = await instance.certificate(
        keys.publicKey,
        'https://mock/somebody-else',
      );
      for (const bundle of [
        await instance.signMessage(ARTIFACT, { keys, loggedCertificate }),
        await instance.signEnvelope(statementAbout(ARTIFACT), {
          keys,
          loggedCertificate,
        }),
      ]) {
        expect(findingOf(verify(bundle))).toBe('log-entry-mismatch');
      }
    });

    it('shows the index that is vouched for', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      const [entry] = bundle.verificationMaterial.tlogEntries;
      expect(verify(bundle).findings).toEqual([]);
      const [withPromise] = verify(bundle).facts?.logEntries ?? [];
      expect(withPromise.logIndex).toBe(entry.logIndex);
      delete entry.inclusionPromise;
      entry.logIndex = '4711';
      const [withProof] = verify(bundle).facts?.logEntries ?? [];
      expect(withProof.logIndex).toBe(entry.inclusionProof.logIndex);
      expect(withProof.integratedTime).toBeUndefined();
    });

    it('refuses an index that is written in another way', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const [entry] = bundle.verificationMaterial.tlogEntries;
      entry.logIndex = `0x${Number(entry.logIndex).toString(16)}`;
      expect(findingOf(verify(bundle))).toBe('evidence-malformed');
    });

    it('trap 6: a proof about another tree than the log head', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const [{ inclusionProof }] = bundle.verificationMaterial.tlogEntries;
      for (const change of [
        { treeSize: '2' },
        { rootHash: Buffer.alloc(32).toString('base64') },
      ]) {
        const before = { ...inclusionProof };
        Object.assign(inclusionProof, change);
        expect(findingOf(verify(bundle))).toBe('log-proof-invalid');
        Object.assign(inclusionProof, before);
      }
      expect(findingOf(verify(bundle))).toBe('none');
    });

    it('trap 6: a log head of another origin', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const alter: Alter = root => {
        root.tlogs[0].baseUrl = 'https://rekor.mock.elsewhere';
      };
      expect(verify(bundle, { alter }).findings[0]).toMatchObject({
        code: 'log-proof-invalid',
        comparisons: [
          {
            aspect: 'log',
            found: expect.stringMatching(/^rekor\.mock - \d+$/),
            expected: 'rekor.mock.elsewhere',
          },
        ],
      });
    });
  });

  describe('rule 5: thresholds count distinct logs', () => {
    it('the same entry twice does not count twice', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const { tlogEntries } = bundle.verificationMaterial;
      tlogEntries.push(tlogEntries[0]);
      expect(verify(bundle).facts).toBeUndefined();
    });

    it('an entry is asked for where the root asks for one', async () => {
      const bundle = await instance.signMessage(ARTIFACT, {
        timestamp: true,
        logs: [],
      });
      expect(findingOf(verify(bundle))).toBe('log-entry-missing');
      const thresholds = { transparencyLog: 0 };
      expect(verify(bundle, { thresholds }).findings).toEqual([]);
    });

    it('two times of one authority are one', async () => {
      const thresholds = { timestamps: 2 };
      const twice = await instance.signMessage(ARTIFACT, {
        timestamp: true,
        secondTimestamp: true,
      });
      expect(verify(twice, { thresholds }).findings).toEqual([]);
      delete twice.verificationMaterial.tlogEntries[0].inclusionPromise;
      expect(findingOf(verify(twice, { thresholds }))).toBe(
        'timestamp-missing',
      );
      expect(verify(twice).facts?.times).toHaveLength(2);
    });

    it('a log counts only in the time for which the root trusts it', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
      const alter: Alter = root => {
        root.tlogs[0].publicKey.validFor.end = '2021-01-01T00:00:00Z';
      };
      expect(findingOf(verify(bundle, { alter }))).toBe('log-untrusted');
    });

    it('an entry that is there is checked even where none is asked for', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      const [entry] = bundle.verificationMaterial.tlogEntries;
      entry.inclusionProof.rootHash = Buffer.alloc(32).toString('base64');
      entry.inclusionProof.checkpoint.envelope =
        entry.inclusionProof.checkpoint.envelope.replace(/\n1\n/, '\n2\n');
      const thresholds = { transparencyLog: 0 };
      expect(findingOf(verify(bundle, { thresholds }))).toBe(
        'log-proof-invalid',
      );
    });
  });

  describe('rule 6: time is signed by somebody else', () => {
    it('the window of a certificate includes both of its ends', async () => {
      const own = await MockInstance.create('rekor.mock');
      const begin = own.clock.getTime();
      const profile = loadTrustedRoot({ name: 'own', json: own.trustedRoot() });
      const signedAt = async (time: number) => {
        own.clock.setTime(time);
        const bundle = await own.signMessage(ARTIFACT, { timestamp: true });
        return findingOf(verifyEvidence(asEvidence(bundle), DIGEST, profile));
      };
      const end = begin + 10 * 60 * 1000;
      expect(await signedAt(begin)).toBe('none');
      expect(await signedAt(end)).toBe('none');
      expect(await signedAt(begin - 1000)).toBe('time-outside-certificate');
      expect(await signedAt(end + 1000)).toBe('time-outside-certificate');
    });

    it('a changed integrated time', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const [entry] = bundle.verificationMaterial.tlogEntries;
      entry.integratedTime = String(Number(entry.integratedTime) + 60);
      expect(findingOf(verify(bundle))).toBe('log-proof-invalid');
    });

    it('a timestamp of another signature', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      const other = await instance.signMessage(ARTIFACT, { timestamp: true });
      bundle.verificationMaterial.timestampVerificationData =
        other.verificationMaterial.timestampVerificationData;
      expect(findingOf(verify(bundle))).toBe('timestamp-invalid');
    });
  });

  describe('authorities that the trusted root does not contain', () => {
    it('certificate', async () => {
      const bundle = await foreign.signMessage(ARTIFACT);
      const { findings } = verify(bundle);
      expect(findings.map(({ code }) => code)).toEqual([
        'chain-untrusted',
        'log-untrusted',
      ]);
    });

    it('a certificate authority of the same name with another key', async () => {
      const bundle = await foreign.signMessage(ARTIFACT, { logs: [instance] });
      expect(findingOf(verify(bundle))).toBe('chain-untrusted');
    });

    it('certificate log', async () => {
      const bundle = await instance.signMessage(ARTIFACT);
      const alter: Alter = root => {
        root.ctlogs = (foreign.trustedRoot() as typeof root).ctlogs;
      };
      expect(findingOf(verify(bundle, { alter }))).toBe(
        'certificate-log-missing',
      );
    });

    it('transparency log', async () => {
      const bundle = await instance.signMessage(ARTIFACT, {
        logs: [foreign],
        timestamp: true,
      });
      expect(findingOf(verify(bundle))).toBe('log-untrusted');
    });

    it('timestamp authority', async () => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      const alter: Alter = root => {
        const [authority] = root.timestampAuthorities;
        authority.validFor.end = '2021-01-01T00:00:00Z';
      };
      expect(findingOf(verify(bundle, { alter }))).toBe('timestamp-untrusted');
    });
  });

  it('the worst finding comes first', async () => {
    const bundle = await instance.signMessage(OTHER, {
      timestamp: true,
      logs: [],
    });
    expect(verify(bundle).findings.map(({ code }) => code)).toEqual([
      'artifact-mismatch',
      'log-entry-missing',
    ]);
  });

  it('a certificate with a changed name', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { certificate } = bundle.verificationMaterial;
    const der = Buffer.from(certificate.rawBytes, 'base64');
    der.write('l', der.indexOf('https://mock/identity') + 5, 'ascii');
    certificate.rawBytes = der.toString('base64');
    expect(findingOf(verify(bundle))).toBe('certificate-invalid');
  });

  it('tells of the certificate what Node tells', async () => {
    const bundle = await instance.signEnvelope(statementAbout(ARTIFACT));
    const { certificate } = verify(bundle).facts ?? {};
    const node = new X509Certificate(
      Buffer.from(bundle.verificationMaterial.certificate.rawBytes, 'base64'),
    );
    expect(certificate).toMatchObject({
      serialNumber: node.serialNumber.toLowerCase(),
      issuerName: node.issuer.split('\n').join(', '),
      fingerprint: node.fingerprint256.replaceAll(':', '').toLowerCase(),
      pem: node.toString(),
    });
  });

  describe('rule 8: caps, counted before any work', () => {
    it.each([
      ['log entries', { entries: 33 }],
      ['timestamps', { timestamps: 33 }],
    ])('%s', async (_, counts) => {
      const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
      const material = bundle.verificationMaterial;
      const repeat = <T>(list: T[], count: number) =>
        Array.from({ length: count }, () => list[0]);
      if ('entries' in counts) {
        material.tlogEntries = repeat(material.tlogEntries, 33);
      } else {
        const data = material.timestampVerificationData;
        data.rfc3161Timestamps = repeat(data.rfc3161Timestamps, 33);
      }
      const verification = verify(bundle);
      expect(findingOf(verification)).toBe('evidence-over-cap');
      expect(verification.findings).toHaveLength(1);
    });

    it('subjects and their digests', async () => {
      const about = { digest: { sha256: DIGEST.slice(7) } };
      const subjects = (count: number) =>
        statementAbout(ARTIFACT, {
          subject: Array.from({ length: count }, () => about),
        });
      const digests = (count: number) =>
        statementAbout(ARTIFACT, {
          subject: [
            {
              digest: Object.fromEntries([
                ['sha256', DIGEST.slice(7)],
                ...Array.from({ length: count - 1 }, (_, n) => [`x${n}`, 'a']),
              ]),
            },
          ],
        });
      const withMark = (payload: Buffer) =>
        Buffer.concat([Buffer.from('\ufeff'), payload]);
      for (const [payload, code] of [
        [subjects(1024), undefined],
        [subjects(1025), 'evidence-over-cap'],
        [digests(32), undefined],
        [digests(33), 'evidence-over-cap'],
        // With a byte order mark, which is left out when it is read.
        [withMark(subjects(1024)), undefined],
        [withMark(subjects(1025)), 'evidence-over-cap'],
      ] as const) {
        const bundle = await instance.signEnvelope(payload);
        expect(verify(bundle).findings[0]?.code).toBe(code);
      }
    });

    it('nesting, wherever it is', async () => {
      const nested = (depth: number) =>
        JSON.parse('['.repeat(depth) + ']'.repeat(depth));
      const bundle = await instance.signMessage(ARTIFACT);
      const withField = (depth: number) =>
        findingOf(verify({ ...bundle, x: nested(depth) }));
      expect(withField(64)).toBe('none');
      expect(withField(65)).toBe('evidence-over-cap');

      const withOptional = async (depth: number) => {
        const { critical } = JSON.parse(simplePayload(DIGEST).toString('utf8'));
        const payload = Buffer.from(
          JSON.stringify({ critical, optional: nested(depth) }),
        );
        const signed = await instance.signMessage(payload);
        return findingOf(verifyAs(asSimpleSigning(signed, payload)));
      };
      expect(await withOptional(64)).toBe('none');
      expect(await withOptional(65)).toBe('evidence-over-cap');
    });
  });
});
