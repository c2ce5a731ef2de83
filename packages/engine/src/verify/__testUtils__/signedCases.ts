import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Evidence } from '../evidence';
import { offeredThresholds } from '../offeredThresholds';
import { VerificationProfile, loadTrustedRoot } from '../trustedRoot';
import { verifyEvidence } from '../verifyEvidence';

/** A case of the collection of signed cases, as its own list has it. */
export type SignedCase = {
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

/** A case, read: what is verified, and under which root. */
export type ReadCase = {
  evidence: Evidence;
  digest: string;
  otherDigests: string[];
  profile: VerificationProfile;
};

const FOLDER = resolve(__dirname, '../../../../../../shared/signed-cases');

/** Made by others and kept outside the repository; not everybody has them. */
export const casesPresent = existsSync(join(FOLDER, 'cases.json'));

/** All cases; none where they are not there. */
export function signedCases(): SignedCase[] {
  return casesPresent
    ? JSON.parse(readCaseFile('cases.json').toString('utf8'))
    : [];
}

/** The bytes of a file that a case names. */
export function readCaseFile(path: string): Buffer {
  return readFileSync(join(FOLDER, path));
}

/**
 * Reads a case, with the thresholds that its trusted root offers.
 *
 * @throws TrustedRootError when its key is none
 */
export function readCase(signedCase: SignedCase): ReadCase {
  const artifact = readCaseFile(signedCase.artifact);
  const json = JSON.parse(readCaseFile(signedCase.trustedRoot).toString());
  const { key } = signedCase;
  return {
    evidence: toEvidence(readCaseFile(signedCase.bundle)),
    digest: hashOf('sha256', artifact),
    otherDigests: [hashOf('sha512', artifact)],
    profile: loadTrustedRoot({
      name: 'root',
      json,
      keys: key ? [readCaseFile(key).toString('utf8')] : [],
      thresholds: offeredThresholds(json),
    }),
  };
}

/** Verifies a case, or what an attack made of it. */
export function verifyCase(
  { evidence, digest, otherDigests, profile }: ReadCase,
  changes: { bundle?: unknown; bytes?: Buffer } = {},
): Verification {
  const { bundle, bytes = JSON.stringify(bundle) } = changes;
  const changed =
    bytes === undefined ? evidence : toEvidence(Buffer.from(bytes));
  return verifyEvidence(changed, digest, profile, { otherDigests });
}

/** `sha512:…` and the like of bytes. */
export function hashOf(algorithm: string, bytes: Buffer): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

function toEvidence(bytes: Buffer): Evidence {
  return {
    digest: hashOf('sha256', bytes),
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes,
  };
}
