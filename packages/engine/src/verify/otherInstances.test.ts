import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { offeredThresholds } from './offeredThresholds';
import { Thresholds, loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';
import {
  MockInstance,
  asEvidence,
  digestOf,
  statementAbout,
} from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');
const DIGEST = digestOf(ARTIFACT);

function findingOf(
  bundle: unknown,
  json: unknown,
  thresholds: Partial<Thresholds> = offeredThresholds(json),
): string {
  const profile = loadTrustedRoot({ name: 'mock', json, thresholds });
  const { facts, findings }: Verification = verifyEvidence(
    asEvidence(bundle),
    DIGEST,
    profile,
  );
  return facts ? 'none' : findings[0].code;
}

describe('GitHub’s own instance: timestamps, and no logs at all', () => {
  let github: MockInstance;
  let root: unknown;

  beforeAll(async () => {
    github = await MockInstance.create('rekor.mock', {
      withoutCertificateLog: true,
    });
    root = github.trustedRoot(json => {
      json.tlogs = [];
      json.ctlogs = [];
    });
  });

  const signed = (options: { timestamp: boolean; logs: MockInstance[] }) =>
    github.signEnvelope(statementAbout(ARTIFACT), options);

  it('verifies what it signed', async () => {
    const bundle = await signed({ timestamp: true, logs: [] });
    expect(findingOf(bundle, root)).toBe('none');
  });

  it('an attested time is needed all the same', async () => {
    const bundle = await signed({ timestamp: false, logs: [] });
    expect(findingOf(bundle, root)).toBe('timestamp-missing');
  });

  it('an entry of a log that it does not have is no better than none', async () => {
    const bundle = await signed({ timestamp: true, logs: [github] });
    expect(findingOf(bundle, root)).toBe('log-untrusted');
  });

  it('is not good enough for a root that asks for logs', async () => {
    const bundle = await signed({ timestamp: true, logs: [] });
    expect(findingOf(bundle, github.trustedRoot())).toBe(
      'certificate-log-missing',
    );
  });
});

describe('certificate logs: the threshold counts distinct ones', () => {
  let foreign: MockInstance;

  beforeAll(async () => {
    foreign = await MockInstance.create('rekor.elsewhere');
  });

  const twoLogs = { certificateTransparency: 2 };
  const rootOf = (instance: MockInstance) =>
    instance.trustedRoot(json => {
      const other = foreign.trustedRoot() as typeof json;
      json.ctlogs.push(...other.ctlogs);
    });

  it('proofs of two logs are two', async () => {
    const instance = await MockInstance.create('rekor.mock', {
      otherCertificateLogs: [foreign],
    });
    const bundle = await instance.signMessage(ARTIFACT);
    expect(findingOf(bundle, rootOf(instance), twoLogs)).toBe('none');
    expect(findingOf(bundle, instance.trustedRoot())).toBe(
      'certificate-log-missing',
    );
  });

  it('two proofs of one log are one', async () => {
    const instance = await MockInstance.create('rekor.mock', {
      otherCertificateLogs: ['its own again'],
    });
    const bundle = await instance.signMessage(ARTIFACT);
    expect(findingOf(bundle, rootOf(instance), twoLogs)).toBe(
      'certificate-log-missing',
    );
  });
});

describe('trap 10: log entries of other kinds are real, but say nothing here', () => {
  it.each([
    ['intoto', '0.0.1'],
    ['rekord', '0.0.1'],
    ['helm', '0.0.1'],
    ['dsse', '0.0.3'],
    ['hashedrekord', '0.0.3'],
  ])('%s %s', async (kind, apiVersion) => {
    const instance = await MockInstance.create();
    const bundle = await instance.signMessage(ARTIFACT, {
      entryKind: { kind, apiVersion },
    });
    const json = instance.trustedRoot();
    const profile = loadTrustedRoot({ name: 'mock', json });
    const { facts, findings } = verifyEvidence(
      asEvidence(bundle),
      DIGEST,
      profile,
    );
    expect(facts).toBeUndefined();
    expect(findings).toEqual([
      {
        code: 'format-unsupported',
        detail: `a log entry of the kind ${kind} ${apiVersion}`,
      },
    ]);
  });
});
