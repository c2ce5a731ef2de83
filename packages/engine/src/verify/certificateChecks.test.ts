import { X509Certificate } from '@sigstore/core';
import { runVerification } from './runVerification';
import { Thresholds, loadTrustedRoot } from './trustedRoot';
import {
  MockInstance,
  asEvidence,
  digestOf,
  newKeys,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');

type Alter = Parameters<MockInstance['trustedRoot']>[0];

describe('certificates', () => {
  let instance: MockInstance;
  let foreign: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
    foreign = await MockInstance.create('rekor.elsewhere', {
      contemporary: instance,
    });
  });

  /** Asks about each step alone, as where another one fails. */
  function verify(
    bundle: unknown,
    alter?: Alter,
    thresholds?: Partial<Thresholds>,
    own = instance,
  ) {
    const json = own.trustedRoot(alter);
    const { checks, findings } = runVerification(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      loadTrustedRoot({ name: 'mock', json, thresholds }),
      { disabledChecks: new Set(['signing-time']) },
    );
    return {
      outcome: checks.find(({ name }) => name === 'certificate-log')?.outcome,
      findings,
    };
  }

  const logsOf = (other: MockInstance) => {
    let logs: unknown[] = [];
    other.trustedRoot(root => {
      logs = root.ctlogs;
    });
    return logs;
  };

  it('names the authority that was found, and the root that has another', async () => {
    const bundle = await foreign.signMessage(ARTIFACT, { logs: [instance] });
    const [{ code, comparisons }] = verify(bundle).findings;
    expect(code).toBe('chain-untrusted');
    expect(comparisons).toEqual([
      {
        aspect: 'certificate authority',
        found: expect.stringMatching(/./),
        expected: 'one of the trusted root "mock"',
      },
    ]);
  });

  it.each([
    ['starts a millisecond later', 'start', 1, false],
    ['starts then', 'start', 0, true],
    ['ends then', 'end', 0, true],
    ['ended a millisecond before', 'end', -1, false],
  ])(
    'proved at a time when trust in the certificate log %s',
    async (_, bound, milliseconds, isTrusted) => {
      const keys = newKeys('prime256v1');
      const certificate = await instance.certificate(keys.publicKey);
      const [stamp] =
        X509Certificate.parse(certificate).extSCT
          ?.signedCertificateTimestamps ?? [];
      const at = new Date(stamp.datetime.getTime() + milliseconds);
      const bundle = await instance.signMessage(ARTIFACT, {
        keys,
        certificate,
      });
      const { findings, outcome } = verify(bundle, root => {
        root.ctlogs[0].publicKey.validFor[bound] = at.toISOString();
      });
      expect(outcome).toBe(isTrusted ? 'passed' : 'failed');
      expect(findings.map(({ code }) => code)).toEqual(
        isTrusted ? [] : ['certificate-log-missing'],
      );
    },
  );

  it('a proof is of one of the certificate logs, not of every one', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { outcome } = verify(bundle, root => {
      root.ctlogs.unshift(...logsOf(foreign));
    });
    expect(outcome).toBe('passed');
  });

  it('proofs of two certificate logs are two, asked about alone, too', async () => {
    const own = await MockInstance.create('rekor.mock', {
      otherCertificateLogs: [foreign],
    });
    const bundle = await own.signMessage(ARTIFACT);
    const both: Alter = root => root.ctlogs.push(...logsOf(foreign));
    const thresholds = { certificateTransparency: 2 };
    expect(verify(bundle, both, thresholds, own)).toEqual({
      outcome: 'passed',
      findings: [],
    });
  });

  it('a proof that is there is checked even where none is asked for', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { findings } = verify(
      bundle,
      root => {
        root.ctlogs = logsOf(foreign);
      },
      { certificateTransparency: 0 },
    );
    expect(findings.map(({ code }) => code)).toEqual([
      'certificate-log-missing',
    ]);
  });

  it('where there is none and none is asked for, there is nothing to check', async () => {
    const own = await MockInstance.create('rekor.mock', {
      withoutCertificateLog: true,
    });
    const bundle = await own.signMessage(ARTIFACT);
    const thresholds = { certificateTransparency: 0 };
    expect(verify(bundle, undefined, thresholds, own)).toEqual({
      outcome: 'not-applicable',
      findings: [],
    });
    expect(verify(bundle, undefined, {}, own).outcome).toBe('failed');
  });

  it('a proof that is of another certificate proves nothing of this one', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { certificate } = bundle.verificationMaterial;
    const der = Buffer.from(certificate.rawBytes, 'base64');
    der.write('l', der.indexOf('https://mock/identity') + 5, 'ascii');
    certificate.rawBytes = der.toString('base64');
    const { checks } = runVerification(
      asEvidence(bundle),
      digestOf(ARTIFACT),
      loadTrustedRoot({ name: 'mock', json: instance.trustedRoot() }),
      { disabledChecks: new Set(['certificate-chain']) },
    );
    expect(checks).toContainEqual({
      name: 'certificate-log',
      outcome: 'failed',
      finding: {
        code: 'certificate-invalid',
        detail:
          'the proof that the certificate was made public is not about this certificate',
      },
    });
  });

  it('one authority of several is named, and did not sign it', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const { certificate } = bundle.verificationMaterial;
    const der = Buffer.from(certificate.rawBytes, 'base64');
    der.write('l', der.indexOf('https://mock/identity') + 5, 'ascii');
    certificate.rawBytes = der.toString('base64');
    const { findings } = verify(bundle, root => {
      const other = foreign.trustedRoot() as typeof root;
      root.certificateAuthorities.push(...other.certificateAuthorities);
    });
    expect(findings[0].code).toBe('certificate-invalid');
  });

  it('a proof that cannot be read is no fault of the chain', async () => {
    const own = await MockInstance.create('rekor.mock', {
      otherCertificateLogs: [Buffer.from([0xff])],
    });
    const { checks } = runVerification(
      asEvidence(await own.signMessage(ARTIFACT)),
      digestOf(ARTIFACT),
      loadTrustedRoot({ name: 'mock', json: own.trustedRoot() }),
    );
    const failed = checks.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([
      {
        name: 'certificate-log',
        outcome: 'failed',
        finding: {
          code: 'evidence-malformed',
          detail: 'the evidence cannot be read',
        },
      },
    ]);
  });

  describe('an authority is known by its name where a key identifier is absent', () => {
    type Written = { rawBytes: string };

    const endOtherwise = (written: Written, what: Buffer, octet: number) => {
      const der = Buffer.from(written.rawBytes, 'base64');
      der[der.indexOf(what) + what.length - 1] = octet;
      written.rawBytes = der.toString('base64');
    };
    /** Makes an extension one that nobody knows. */
    const without = (written: Written, id: string) =>
      endOtherwise(written, Buffer.from(id, 'hex'), 0x7f);

    it.each([
      ['in the certificate', true, false],
      ['in the authority', false, true],
      ['in both', true, true],
    ])('%s', async (_, inCertificate, inAuthority) => {
      const bundle = await instance.signMessage(ARTIFACT);
      const { certificate } = bundle.verificationMaterial;
      endOtherwise(certificate, Buffer.from('https://mock/identity'), 0x59);
      if (inCertificate) without(certificate, '0603551d23');
      const { findings } = verify(bundle, root => {
        const [{ certChain }] = root.certificateAuthorities;
        if (inAuthority) without(certChain.certificates[0], '0603551d0e');
      });
      expect(findings[0].code).toBe('certificate-invalid');
    });
  });

  it('an authority must be in force when the signature was made, not only before', async () => {
    const own = await MockInstance.create('rekor.mock');
    const { publicKey } = newKeys('prime256v1');
    const { notBefore, notAfter } = X509Certificate.parse(
      await own.certificate(publicKey),
    );
    own.clock.setTime(notAfter.getTime());
    const bundle = await own.signMessage(ARTIFACT, { timestamp: true });
    const until = (time: number) =>
      verify(
        bundle,
        root => {
          const [authority] = root.certificateAuthorities;
          authority.validFor.end = new Date(time).toISOString();
        },
        {},
        own,
      ).findings.map(({ code }) => code);
    expect(until(notAfter.getTime())).toEqual([]);
    expect(until(notBefore.getTime() + 1000)).toEqual(['certificate-invalid']);
  });

  it('the chain is checked where no time was attested, too', async () => {
    const bundle = await foreign.signMessage(ARTIFACT, { logs: [] });
    const { findings } = verify(bundle, undefined, { transparencyLog: 0 });
    expect(findings.map(({ code }) => code)).toContain('chain-untrusted');
  });
});
