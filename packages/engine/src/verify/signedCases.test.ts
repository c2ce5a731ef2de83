import { createHash, createPublicKey } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence } from './evidence';
import { offeredThresholds } from './offeredThresholds';
import { runVerification } from './runVerification';
import { TrustedRootError, loadTrustedRoot } from './trustedRoot';
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
  const json = JSON.parse(read(signedCase.trustedRoot).toString('utf8'));
  const keys = signedCase.key ? [read(signedCase.key).toString('utf8')] : [];
  const profile = loadTrustedRoot({
    name: 'root',
    json,
    keys,
    thresholds: offeredThresholds(json),
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

function keyIdentity(path: string): string {
  const key = createPublicKey(read(path));
  return digestOf('sha256', key.export({ format: 'der', type: 'spki' }));
}

function accepts(signedCase: SignedCase, verification: Verification): boolean {
  const { facts } = verification;
  const { identity, issuer } = signedCase.key
    ? { identity: keyIdentity(signedCase.key), issuer: '' }
    : signedCase;
  return (
    facts !== undefined &&
    facts.signer.identity === identity &&
    facts.signer.issuer === issuer &&
    (signedCase.predicateType === undefined ||
      facts.content.predicateType === signedCase.predicateType)
  );
}

// Its key is no key at all: no profile is made with it.
const UNREADABLE_KEY = 'conformance/managed-key-wrong-key_fail';
const all: SignedCase[] = present
  ? JSON.parse(read('cases.json').toString('utf8'))
  : [];
const cases = all.filter(({ id }) => id !== UNREADABLE_KEY);
// Made by others and kept outside the repository; not everybody has them.
const describeCases = present ? describe : describe.skip;

// Some tests verify all cases at once, on machines that may be busy.
jest.setTimeout(120_000);

describeCases('signed cases made by others (../shared)', () => {
  it.each(
    present
      ? cases.map(signedCase => [signedCase.id, signedCase] as const)
      : [['(not there)', {} as SignedCase] as const],
  )('%s', (_, signedCase) => {
    const { verification } = verify(signedCase);
    expect(accepts(signedCase, verification)).toBe(
      signedCase.expect === 'verify',
    );
    expect(verification.findings.length > 0).toBe(!verification.facts);
  });

  it('a key that is none is refused before anything is verified with it', () => {
    const [refused] = all.filter(({ id }) => id === UNREADABLE_KEY);
    expect(refused.expect).toBe('reject');
    expect(() => verify(refused)).toThrow(TrustedRootError);
  });

  it('each check alone comes to the result of the library as a whole', () => {
    // Switching off what does not apply makes every step be asked singly.
    for (const signedCase of cases) {
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
