import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { loadTrustedRoot, offeredThresholds, verifyEvidence } from '../verify';
import { builderMismatch } from './builder';
import { judge } from './judge';
import { input, policy } from './__testUtils__/verifications';

type SignedCase = {
  id: string;
  bundle: string;
  artifact: string;
  trustedRoot: string;
  identity: string;
  issuer: string;
  predicateType?: string;
  expect: 'verify' | 'reject';
};

const FOLDER = resolve(__dirname, '../../../../../shared/signed-cases');
const isPresent = existsSync(join(FOLDER, 'cases.json'));
const describeCases = isPresent ? describe : describe.skip;
const read = (path: string) => readFileSync(join(FOLDER, path));
const digestOf = (bytes: Buffer, algorithm = 'sha256') =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

// Real provenance of public builds, by their own builders.
const cases: SignedCase[] = isPresent
  ? JSON.parse(read('cases.json').toString('utf8')).filter(
      (one: SignedCase) => one.predicateType && one.expect === 'verify',
    )
  : [{ id: '(not there)' } as SignedCase];

describeCases('real provenance', () => {
  it.each(cases.map(one => [one.id, one] as const))('%s', (_, one) => {
    const json = JSON.parse(read(one.trustedRoot).toString('utf8'));
    const thresholds = offeredThresholds(json);
    const profile = loadTrustedRoot({ name: 'acme', json, thresholds });
    const bytes = read(one.bundle);
    const artifact = read(one.artifact);
    const digest = digestOf(artifact);
    const verification = verifyEvidence(
      {
        bytes,
        digest: digestOf(bytes),
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      },
      digest,
      profile,
      { otherDigests: [digestOf(artifact, 'sha512')] },
    );
    const judged = (changes: Partial<SignedCase>) => {
      const { issuer, identity, predicateType = '' } = { ...one, ...changes };
      const policies = [
        policy('p', {
          identity: { issuer, subject: identity },
          predicateTypes: [predicateType],
        }),
      ];
      const verifications = [verification];
      return judge(input({ digest, policies, verifications })).status;
    };
    expect(verification.facts && builderMismatch(verification.facts)).toBe(
      undefined,
    );
    expect(judged({})).toBe('expected-signer');
    expect(judged({ identity: one.identity.slice(0, -1) })).toBe(
      'unexpected-signer',
    );
    expect(judged({ predicateType: 'https://slsa.dev/provenance' })).toBe(
      'evidence-incomplete',
    );
  });
});
