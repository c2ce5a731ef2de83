import { X509Certificate, createPublicKey } from 'crypto';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { runVerification } from './runVerification';
import { TrustedRootError } from './trustedRoot';
import {
  SignedCase,
  casesPresent,
  hashOf,
  readCase,
  readCaseFile,
  signedCases,
  verifyCase,
} from './__testUtils__/signedCases';

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

function keyIdentity(path: string): string {
  const key = createPublicKey(readCaseFile(path));
  return hashOf('sha256', key.export({ format: 'der', type: 'spki' }));
}

const describeCases = casesPresent ? describe : describe.skip;

// Its key is no key at all: no profile is made with it.
const UNREADABLE_KEY = 'conformance/managed-key-wrong-key_fail';
const all = signedCases();
const cases = all.filter(({ id }) => id !== UNREADABLE_KEY);

// Some tests verify all cases at once, on machines that may be busy.
jest.setTimeout(120_000);

describeCases('signed cases made by others (../shared)', () => {
  it.each(
    casesPresent
      ? cases.map(signedCase => [signedCase.id, signedCase] as const)
      : [['(not there)', {} as SignedCase] as const],
  )('%s', (_, signedCase) => {
    const verification = verifyCase(readCase(signedCase));
    expect(accepts(signedCase, verification)).toBe(
      signedCase.expect === 'verify',
    );
    expect(verification.findings.length > 0).toBe(!verification.facts);
  });

  it('a key that is none is refused before anything is verified with it', () => {
    const [refused] = all.filter(({ id }) => id === UNREADABLE_KEY);
    expect(refused.expect).toBe('reject');
    expect(() => readCase(refused)).toThrow(TrustedRootError);
  });

  it('of each certificate is told what Node tells', () => {
    for (const signedCase of cases) {
      const { facts } = verifyCase(readCase(signedCase));
      if (!facts?.certificate) continue;
      const { serialNumber, issuerName, fingerprint, pem } = facts.certificate;
      const node = new X509Certificate(pem);
      expect([
        signedCase.id,
        serialNumber,
        issuerName,
        fingerprint,
        pem,
      ]).toEqual([
        signedCase.id,
        node.serialNumber.toLowerCase(),
        node.issuer.split('\n').join(', '),
        node.fingerprint256.replaceAll(':', '').toLowerCase(),
        node.toString(),
      ]);
    }
  });

  it('each check alone comes to the result of the library as a whole', () => {
    // Switching off what does not apply makes every step be asked singly.
    for (const signedCase of cases) {
      const read = readCase(signedCase);
      const { evidence, digest, otherDigests, profile } = read;
      const stepwise = runVerification(evidence, digest, profile, {
        otherDigests,
        disabledChecks: new Set(['limits']),
      });
      expect([signedCase.id, stepwise.facts]).toEqual([
        signedCase.id,
        verifyCase(read).facts,
      ]);
    }
  });
});
