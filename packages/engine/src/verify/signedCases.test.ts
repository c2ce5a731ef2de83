import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence } from './evidence';
import { runVerification } from './runVerification';
import { loadTrustedRoot } from './trustedRoot';
import { verifyEvidence } from './verifyEvidence';

type SignedCase = {
  id: string;
  bundle: string;
  artifact: string;
  trustedRoot: string;
  identity?: string;
  issuer?: string;
  key?: string;
  predicateType?: string;
  expect: 'verify' | 'reject';
};

const FOLDER = resolve(__dirname, '../../../../../shared/signed-cases');
const present = existsSync(join(FOLDER, 'cases.json'));

function read(path: string): Buffer {
  return readFileSync(join(FOLDER, path));
}

function verify(signedCase: SignedCase): {
  evidence: Evidence;
  digest: string;
  otherDigests: string[];
  verification: Verification;
  profile: ReturnType<typeof loadTrustedRoot>;
} {
  const bytes = read(signedCase.bundle);
  const evidence = {
    digest: digestOf('sha256', bytes),
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes,
  };
  const profile = loadTrustedRoot({
    name: 'root',
    json: JSON.parse(read(signedCase.trustedRoot).toString('utf8')),
  });
  const artifact = read(signedCase.artifact);
  const digest = digestOf('sha256', artifact);
  const otherDigests = [digestOf('sha512', artifact)];
  const verification = verifyEvidence(evidence, digest, profile, {
    otherDigests,
  });
  return { evidence, digest, otherDigests, verification, profile };
}

function digestOf(algorithm: string, bytes: Buffer): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

function accepts(signedCase: SignedCase, verification: Verification): boolean {
  const { facts } = verification;
  return (
    facts !== undefined &&
    facts.signer.identity === signedCase.identity &&
    facts.signer.issuer === signedCase.issuer &&
    (signedCase.predicateType === undefined ||
      facts.content.predicateType === signedCase.predicateType)
  );
}

const cases: SignedCase[] = present
  ? JSON.parse(read('cases.json').toString('utf8'))
  : [];
// Made by others and kept outside the repository; not everybody has them.
const describeCases = present ? describe : describe.skip;

const keyed = cases.filter(({ key }) => key);
const keyless = cases.filter(({ key }) => !key);

// Some tests verify all cases at once, on machines that may be busy.
jest.setTimeout(120_000);

describeCases('signed cases made by others (../shared)', () => {
  it.each(
    present
      ? keyless.map(signedCase => [signedCase.id, signedCase] as const)
      : [['(not there)', {} as SignedCase] as const],
  )('%s', (_, signedCase) => {
    const { verification } = verify(signedCase);
    expect(accepts(signedCase, verification)).toBe(
      signedCase.expect === 'verify',
    );
    expect(verification.findings.length > 0).toBe(!verification.facts);
  });

  it('keyed ones are a format that is not read', () => {
    expect(keyed.map(({ id }) => id)).toEqual([
      'conformance/managed-key-and-trusted-root',
      'conformance/managed-key-happy-path',
      'conformance/managed-key-wrong-key_fail',
    ]);
    for (const signedCase of keyed) {
      const { verification } = verify(signedCase);
      expect(verification.facts).toBeUndefined();
      expect(verification.findings[0].code).toBe('format-unsupported');
    }
  });

  it('each check alone comes to the result of the library as a whole', () => {
    // Switching off what does not apply makes every step be asked singly.
    for (const signedCase of keyless) {
      const { evidence, digest, otherDigests, verification, profile } =
        verify(signedCase);
      const stepwise = runVerification(evidence, digest, profile, {
        otherDigests,
        disabledChecks: new Set(['limits']),
      });
      expect([signedCase.id, stepwise.facts]).toEqual([
        signedCase.id,
        verification.facts,
      ]);
    }
  });
});
