import { CheckName } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence } from './evidence';
import { VerificationOptions, runVerification } from './runVerification';
import { loadTrustedRoot } from './trustedRoot';
import {
  MockInstance,
  asEvidence,
  digestOf,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const OTHER = Buffer.from('another artifact');
const DIGEST = digestOf(ARTIFACT);

describe('the order of the checks', () => {
  let instance: MockInstance;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });

  const profile = () =>
    loadTrustedRoot({ name: 'mock', json: instance.trustedRoot() });

  function verify(evidence: Evidence, options: VerificationOptions = {}) {
    const verification = runVerification(evidence, DIGEST, profile(), options);
    return {
      ...verification,
      outcomes: Object.fromEntries(
        verification.checks.map(({ name, outcome }) => [name, outcome]),
      ),
    };
  }

  const withoutCheck = (name: CheckName) => ({
    disabledChecks: new Set([name]),
  });

  const reachedIn = (outcomes: Record<string, string>) =>
    Object.keys(outcomes).filter(name => outcomes[name] !== 'not-reached');

  it('nothing is read after what is no JSON', () => {
    const bytes = Buffer.from('{');
    const { findings, outcomes } = verify({ ...asEvidence({}), bytes });
    expect(findings).toEqual([
      { code: 'evidence-malformed', detail: 'it is not JSON' },
    ]);
    expect(reachedIn(outcomes)).toEqual(['format']);
  });

  it('nothing is read of evidence over a cap, nor verified over one', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const nested = JSON.parse('['.repeat(65) + ']'.repeat(65));
    const evidence = verify(asEvidence({ ...bundle, mediaType: 1, nested }));
    expect(evidence.findings.map(({ code }) => code)).toEqual([
      'evidence-over-cap',
    ]);
    expect(reachedIn(evidence.outcomes)).toEqual(['format', 'limits']);
    const statement = await instance.signEnvelope(
      statementAbout(ARTIFACT, { nested }),
    );
    const content = verify(asEvidence(statement));
    expect(content.outcomes.limits).toBe('failed');
    expect(reachedIn(content.outcomes)).toEqual(['format', 'limits']);
  });

  it('a signature that does not hold says nothing about an artifact', async () => {
    const bundle = await instance.signMessage(ARTIFACT);
    const other = await instance.signMessage(OTHER);
    bundle.messageSignature.signature = other.messageSignature.signature;
    const { outcomes } = verify(asEvidence(bundle));
    expect(outcomes.signature).toBe('failed');
    expect(outcomes['artifact-binding']).toBe('not-reached');
  });

  it('bytes of another artifact are told, whatever the evidence is about', async () => {
    const bundle = await instance.signMessage(Buffer.from('a third'));
    const { facts, findings } = verify(asEvidence(bundle), { bytes: OTHER });
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      {
        code: 'artifact-mismatch',
        detail: 'the bytes are not those that the digest names',
        comparisons: [
          { aspect: 'digest', found: digestOf(OTHER), expected: DIGEST },
        ],
      },
    ]);
  });

  describe('a log entry that is not proved', () => {
    const unproved = async (options: { timestamp?: boolean }) => {
      const bundle = await instance.signMessage(ARTIFACT, options);
      const [entry] = bundle.verificationMaterial.tlogEntries;
      entry.inclusionProof.rootHash = Buffer.alloc(32).toString('base64');
      return { bundle, entry };
    };

    it('attests no time, and that is no finding of its own', async () => {
      const { bundle } = await unproved({});
      const { findings, outcomes } = verify(asEvidence(bundle));
      expect(findings.map(({ code }) => code)).toEqual(['log-proof-invalid']);
      expect(outcomes.timestamps).toBe('not-reached');
      expect(outcomes['signing-time']).toBe('not-reached');
      expect(outcomes['log-entry-binding']).toBe('not-reached');
    });

    it('does not excuse that there is no time at all', async () => {
      const { bundle, entry } = await unproved({});
      delete entry.inclusionPromise;
      const { findings } = verify(asEvidence(bundle));
      expect(findings.map(({ code }) => code).sort()).toEqual([
        'log-proof-invalid',
        'timestamp-missing',
      ]);
    });

    it('takes nothing from a timestamp beside it', async () => {
      const { bundle, entry } = await unproved({ timestamp: true });
      delete entry.inclusionPromise;
      const { outcomes } = verify(asEvidence(bundle));
      expect(outcomes.timestamps).toBe('passed');
    });
  });

  it('a time that nobody attested is not compared with the certificate', async () => {
    const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
    const other = await instance.signMessage(ARTIFACT, { timestamp: true });
    bundle.verificationMaterial.timestampVerificationData =
      other.verificationMaterial.timestampVerificationData;
    const { outcomes } = verify(asEvidence(bundle));
    expect(outcomes.timestamps).toBe('failed');
    expect(outcomes['signing-time']).toBe('not-reached');
  });

  it('the word of the library stands where no check of ours objects', async () => {
    const evidence = asEvidence(await instance.signMessage(ARTIFACT));
    const { thresholds, ...rest } = profile();
    const asked = [9, 1];
    const { facts, findings } = runVerification(evidence, DIGEST, {
      ...rest,
      thresholds: {
        ...thresholds,
        get timestamps() {
          return asked.shift() ?? 1;
        },
      },
    });
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'timestamp-invalid', detail: expect.stringContaining('9') },
    ]);
  });

  it('with a check switched off, facts come out against the library', async () => {
    const evidence = asEvidence(
      await instance.signMessage(ARTIFACT, { timestamp: true, logs: [] }),
    );
    expect(verify(evidence).facts).toBeUndefined();
    const { facts, outcomes } = verify(evidence, withoutCheck('log-inclusion'));
    expect(facts?.signer.identity).toBe('https://mock/identity');
    expect(outcomes['log-inclusion']).toBe('not-applicable');
  });

  it('an entry whose record is unreadable is about nothing', async () => {
    const bundle = await instance.signMessage(ARTIFACT, { timestamp: true });
    const [entry] = bundle.verificationMaterial.tlogEntries;
    entry.canonicalizedBody = Buffer.from('{').toString('base64');
    const { facts, findings } = verify(
      asEvidence(bundle),
      withoutCheck('log-inclusion'),
    );
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      { code: 'log-entry-mismatch', detail: 'log entry: unreadable' },
    ]);
  });
});
