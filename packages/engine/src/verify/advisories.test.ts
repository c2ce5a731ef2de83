import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Thresholds, loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  SigningOptions,
  asEvidence,
  asSimpleSigning,
  digestOf,
  newKeys,
  pemOf,
  simplePayload,
  statementAbout,
} from './__testUtils__/MockInstance';

/*
 * What went wrong in other verifiers, each once. Those about policies are
 * tested with judge (GHSA-52v5-jr5w-gjxr, GHSA-59jp-pj84-45mr and the library's
 * own matching of identities), those about requests with outbound
 * (GHSA-pf56-329r-95rw, GHSA-4c4x-jm2x-pf9j, GHSA-f5mr-q85p-6hh6), those about
 * tags that move with resolve (GHSA-wfqx-gjrf-g28r, GHSA-m3cq-xcx9-3gvm).
 */

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);

type Alter = Parameters<MockInstance['trustedRoot']>[0];

describe('advisories', () => {
  let instance: MockInstance;
  let foreign: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
    foreign = await MockInstance.create('rekor.elsewhere', {
      contemporary: instance,
    });
  });

  type Options = { alter?: Alter; thresholds?: Partial<Thresholds> };

  function verify(
    bundle: unknown,
    { alter, thresholds }: Options = {},
    evidence = asEvidence(bundle),
  ): Verification {
    const json = instance.trustedRoot(alter);
    const profile = loadTrustedRoot({ name: 'mock', json, thresholds });
    return verifyEvidence(evidence, DIGEST, profile);
  }

  /** The finding that decides; `none` when facts came out. */
  const findingOf = ({ facts, findings }: Verification): string =>
    facts ? 'none' : findings[0].code;

  const signMessage = (options?: SigningOptions) =>
    instance.signMessage(ARTIFACT, options);
  const signStatement = (payload = statementAbout(ARTIFACT)) =>
    instance.signEnvelope(payload);

  const entriesOf = (bundle: Awaited<ReturnType<typeof signMessage>>) =>
    bundle.verificationMaterial.tlogEntries;

  describe('sigstore-js', () => {
    it('GHSA-xgjw-pm74-86q4, CVE-2026-48816: a bare integrated time is none', async () => {
      const bundle = await signMessage();
      delete entriesOf(bundle)[0].inclusionPromise;
      expect(findingOf(verify(bundle))).toBe('timestamp-missing');
    });

    it('GHSA-jfc7-64v2-mr8c, CVE-2026-48758: the payload type is part of what was signed', async () => {
      const payloadType = 'application/vnd.in-toto+jso\u016e';
      const bundle = await instance.signEnvelope(statementAbout(ARTIFACT), {
        payloadType,
      });
      expect(findingOf(verify(bundle))).toBe('format-unsupported');
      bundle.dsseEnvelope.payloadType = 'application/vnd.in-toto+json';
      expect(findingOf(verify(bundle))).toBe('signature-invalid');
    });

    it('@sigstore/verify 4.1.1: copies of an entry are one', async () => {
      const bundle = await signMessage();
      const entries = entriesOf(bundle);
      entries.push(structuredClone(entries[0]));
      entries[1].logIndex = '4711';
      delete entries[1].inclusionPromise;
      const thresholds = { transparencyLog: 2 };
      const alter: Alter = root => {
        const other = foreign.trustedRoot() as typeof root;
        root.tlogs.push(...other.tlogs);
      };
      expect(findingOf(verify(bundle, { alter, thresholds }))).toBe(
        'log-entry-missing',
      );
      expect(verify(bundle).facts).toBeUndefined();
    });
  });

  describe('the log entry is about this evidence', () => {
    it('GHSA-8gw7-4j42-w388, CVE-2022-36056, GHSA-whqx-f9j3-ch6m, CVE-2026-22703: one of another signature', async () => {
      const bundle = await signMessage();
      bundle.verificationMaterial.tlogEntries = entriesOf(await signMessage());
      expect(findingOf(verify(bundle))).toBe('log-entry-mismatch');
    });

    it('CVE-2022-23649: one that is in the log, for a signature that is not', async () => {
      const keys = newKeys('prime256v1');
      const certificate = await instance.certificate(keys.publicKey);
      const bundle = await signMessage({ keys, certificate });
      const other = await instance.signMessage(OTHER, { keys, certificate });
      bundle.verificationMaterial.tlogEntries = entriesOf(other);
      expect(findingOf(verify(bundle))).toBe('log-entry-mismatch');
    });

    it('CVE-2024-54140, GHSA-jp26-88mw-89qr: the head of the log must be signed', async () => {
      const bundle = await signMessage({ timestamp: true });
      const [entry] = entriesOf(bundle);
      delete entry.inclusionPromise;
      expect(findingOf(verify(bundle))).toBe('none');
      const { checkpoint } = entry.inclusionProof;
      const { envelope } = checkpoint;
      const [foreignEntry] = entriesOf(
        await signMessage({ logs: [foreign], timestamp: true }),
      );
      const stranger = foreignEntry.inclusionProof.checkpoint.envelope;
      for (const changed of [
        envelope.replace(/\n\n[^]*$/, '\n\n'),
        envelope.replace(/\n\n[^]*$/, stranger.slice(stranger.indexOf('\n\n'))),
        envelope.replace(
          / (\S{40})(\S)/,
          (_: string, head: string, next: string) =>
            ` ${head}${next === 'A' ? 'B' : 'A'}`,
        ),
      ]) {
        checkpoint.envelope = changed;
        expect(findingOf(verify(bundle))).toBe('log-proof-invalid');
      }
    });

    it('GHSA-xvrc-2wvh-49vc, CVE-2023-47122: the key of the log comes from the trusted root', async () => {
      const bundle = await signMessage({ logs: [foreign], timestamp: true });
      expect(findingOf(verify(bundle))).toBe('log-untrusted');
      // Even where the log calls itself by the name of one that is known.
      const [entry] = entriesOf(bundle);
      entry.logId.keyId = instance.logId().toString('base64');
      expect(findingOf(verify(bundle))).toBe('log-proof-invalid');
    });
  });

  describe('what was signed', () => {
    it('GHSA-vjxv-45g9-9296, CVE-2022-35929, GHSA-739f-hw6h-7wq8, CVE-2022-35930: the predicate type is the signed one', async () => {
      const predicateType = 'https://example.com/review/v1';
      const bundle = await signStatement(
        statementAbout(ARTIFACT, { predicateType }),
      );
      bundle.dsseEnvelope.predicateType = 'https://slsa.dev/provenance/v1';
      expect(verify(bundle).facts?.content.predicateType).toBe(predicateType);
    });

    it.each([
      ['no JSON', Buffer.from('{"not": JSON')],
      ['no statement', Buffer.from('"text"')],
      ['no subjects', statementAbout(ARTIFACT, { subject: undefined })],
      ['subjects of nothing', statementAbout(ARTIFACT, { subject: [null, 1] })],
      ['no predicate type', statementAbout(ARTIFACT, { predicateType: '' })],
      ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ])(
      'GHSA-w6c6-c85g-mmv6, CVE-2026-39395: a payload that is %s proves nothing',
      async (_, payload) => {
        const verification = verify(await signStatement(payload));
        expect(verification.facts).toBeUndefined();
        expect(['evidence-malformed', 'format-unsupported']).toContain(
          findingOf(verification),
        );
      },
    );

    it('CVE-2026-31830, trap 3: a statement about another artifact', async () => {
      const bundle = await signStatement(statementAbout(OTHER));
      expect(findingOf(verify(bundle))).toBe('statement-for-other-artifact');
    });

    it('GHSA-7rmh-48mx-2vwc, CVE-2026-44309: the bytes are verified, never what they are read as', async () => {
      const spaced = Buffer.from(
        statementAbout(ARTIFACT).toString('utf8').replaceAll(',', ' ,\n'),
      );
      const bundle = await signStatement(spaced);
      expect(findingOf(verify(bundle))).toBe('none');
      bundle.dsseEnvelope.payload = statementAbout(ARTIFACT).toString('base64');
      expect(findingOf(verify(bundle))).toBe('signature-invalid');

      const payload = simplePayload(DIGEST);
      const signed = await instance.signMessage(payload);
      const rewritten = Buffer.from(`${payload} `);
      expect(
        findingOf(verify(null, {}, asSimpleSigning(signed, rewritten))),
      ).toBe('signature-invalid');
    });
  });

  describe('time', () => {
    it('CVE-2024-55655: outside the window of the certificate', async () => {
      const inAnHour = new Date((Math.floor(Date.now() / 1000) + 3600) * 1000);
      const late = await MockInstance.create('rekor.mock', { clock: inAnHour });
      const bundle = await late.signMessage(ARTIFACT, { timestamp: true });
      const json = late.trustedRoot();
      const profile = loadTrustedRoot({ name: 'late', json });
      const verification = verifyEvidence(asEvidence(bundle), DIGEST, profile);
      expect(findingOf(verification)).toBe('time-outside-certificate');
      expect(verification.findings).toHaveLength(1);
    });

    it('GO-2026-4529, CVE-2026-24122: an authority that was over, without a log to tell', async () => {
      const bundle = await signMessage({ timestamp: true, logs: [] });
      const alter: Alter = root => {
        root.certificateAuthorities[0].validFor.end = '2021-01-01T00:00:00Z';
      };
      const thresholds = { transparencyLog: 0 };
      expect(findingOf(verify(bundle, { thresholds }))).toBe('none');
      expect(findingOf(verify(bundle, { alter, thresholds }))).toBe(
        'certificate-invalid',
      );
    });

    it('GHSA-xm5m-wgh2-rrg3, CVE-2026-39984: a timestamp is of who signed it, not of whom it names', async () => {
      // Both authorities have the same name and number, but not the same key.
      const keys = newKeys('prime256v1');
      const certificate = await instance.certificate(keys.publicKey);
      const options = { keys, certificate, timestamp: true, logs: [instance] };
      const bundle = await foreign.signMessage(ARTIFACT, options);
      expect(verify(bundle).findings.map(({ code }) => code)).toEqual([
        'timestamp-invalid',
      ]);
      expect(
        findingOf(verify(await instance.signMessage(ARTIFACT, options))),
      ).toBe('none');
    });
  });

  it('GHSA-9vcr-p3rj-q5q6, CVE-2026-49834: two entries of one log are one', async () => {
    const alter: Alter = root => {
      const other = foreign.trustedRoot() as typeof root;
      root.tlogs.push(...other.tlogs);
    };
    const options = { alter, thresholds: { transparencyLog: 2 } };
    const verifyIn = async (...logs: MockInstance[]) =>
      verify(await signMessage({ logs }), options);
    expect(findingOf(await verifyIn(instance, instance))).toBe(
      'log-entry-missing',
    );
    expect(findingOf(await verifyIn(instance, foreign))).toBe('none');
  });

  describe('endless data', () => {
    it.each(['log entries', 'timestamps', 'subjects', 'digests'])(
      'GHSA-cq38-jh5f-37mq, CVE-2024-45395, GHSA-88jx-383q-w4qc, GHSA-95pr-fxf5-86gv, GHSA-rvrx-rrwh-r9p6: too many %s are not looked at',
      async what => {
        const digest = Object.fromEntries(
          Array.from({ length: 33 }, (_, at) => [`sha${at}`, 'a']),
        );
        const payload = {
          subjects: statementAbout(ARTIFACT, { subject: Array(1025).fill({}) }),
          digests: statementAbout(ARTIFACT, { subject: [{ digest }] }),
        }[what];
        const bundle = await instance.signEnvelope(
          payload ?? statementAbout(ARTIFACT),
          { timestamp: true },
        );
        const material = bundle.verificationMaterial;
        const data = material.timestampVerificationData;
        if (what === 'log entries') {
          material.tlogEntries = Array(33).fill(material.tlogEntries[0]);
        } else if (what === 'timestamps') {
          data.rfc3161Timestamps = Array(33).fill(data.rfc3161Timestamps[0]);
        }
        const { facts, findings } = verify(bundle);
        expect(facts).toBeUndefined();
        expect(findings.map(({ code }) => code)).toEqual(['evidence-over-cap']);
      },
    );

    it('GHSA-2h5h-59f5-c5x9, CVE-2023-30551, GHSA-frqx-jfcm-6jjr, CVE-2023-33199, GHSA-273p-m2cw-6833, CVE-2026-23831: an entry that breaks its parser', async () => {
      const bodies = [
        '',
        'null',
        '{}',
        '[]',
        '{"apiVersion":"0.0.1","kind":"hashedrekord"}',
        '{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"signature":null}}',
        '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{}}}',
        '{"apiVersion":"0.0.1","kind":"dsse","spec":{"signatures":[]}}',
        '{"apiVersion":"0.0.2","kind":"intoto","spec":{"content":{}}}',
        '['.repeat(50_000),
      ];
      for (const body of bodies) {
        for (const kind of ['hashedrekord', 'dsse', 'intoto', 'cose']) {
          const bundle = await signMessage({ timestamp: true });
          const [entry] = entriesOf(bundle);
          entry.kindVersion.kind = kind;
          entry.canonicalizedBody = Buffer.from(body).toString('base64');
          const { facts, findings } = verify(bundle);
          expect(facts).toBeUndefined();
          expect(findings).not.toEqual([]);
        }
      }
    });
  });

  it('a key that is trusted here is none elsewhere', async () => {
    const keys = newKeys('prime256v1');
    const bundle = await signMessage({ keys, keyed: true });
    const json = instance.trustedRoot();
    const profile = loadTrustedRoot({
      name: 'mock',
      json,
      keys: [pemOf(keys.publicKey)],
    });
    const other = loadTrustedRoot({ name: 'other', json });
    const verifyUnder = (root: typeof profile) =>
      findingOf(verifyEvidence(asEvidence(bundle), DIGEST, root));
    expect([verifyUnder(profile), verifyUnder(other)]).toEqual([
      'none',
      'key-unknown',
    ]);
  });
});
