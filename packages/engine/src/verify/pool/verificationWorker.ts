import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { VerifyOptions } from '../artifact';
import { Evidence } from '../evidence';
import { VerificationProfile, loadTrustedRoot } from '../trustedRoot';
import { verifyEvidence } from '../verifyEvidence';
import { clock } from './clock';

/** One piece of work as it is sent to a worker thread. */
export type VerificationPiece = {
  evidence: Evidence;
  artifactDigest: string;
  options: VerifyOptions;
  profile: {
    digest: string;
    /** JSON of what the profile is made from; one copy for all threads. */
    source: SharedArrayBuffer;
  };
  /** Where the worker writes when it began, by `clock()`. */
  begun: SharedArrayBuffer;
};

/** Roots are few; this only bounds what a long-lived thread remembers. */
const MOST_PROFILES = 32;

/** Where a worker thread finds this module, in sources as in a built package. */
export const WORKER_FILE = __filename;

const profiles = new Map<string, VerificationProfile>();

/** What a worker thread runs: `verifyEvidence`, with the profile made once. */
export function verifyPiece(piece: VerificationPiece): Verification {
  const profile = profileOf(piece.profile);
  new BigInt64Array(piece.begun)[0] = clock();
  return verifyEvidence(
    piece.evidence,
    piece.artifactDigest,
    profile,
    piece.options,
  );
}

function profileOf({
  digest,
  source,
}: VerificationPiece['profile']): VerificationProfile {
  const known = profiles.get(digest);
  if (known) return known;
  const profile = loadTrustedRoot(JSON.parse(Buffer.from(source).toString()));
  if (profile.digest !== digest) {
    throw new Error(
      `The trusted root "${profile.name}" came to a worker thread as another one`,
    );
  }
  const [oldest] = profiles.keys();
  if (profiles.size >= MOST_PROFILES) profiles.delete(oldest);
  profiles.set(digest, profile);
  return profile;
}
