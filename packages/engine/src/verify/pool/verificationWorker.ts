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
};

/** What is sent in one message: pieces of work, done one after the other. */
export type VerificationBatch = {
  pieces: VerificationPiece[];
  /** Where the worker writes when it began each of them, by `clock()`. */
  begun: SharedArrayBuffer;
};

/** What comes back of each piece: `error` where its root cannot be used. */
export type PieceOutcome =
  | { verification: Verification; error?: undefined }
  | { verification?: undefined; error: Error };

/** Roots are few; this only bounds what a long-lived thread remembers. */
const MOST_PROFILES = 32;

/** Where a worker thread finds this module, in sources as in a built package. */
export const WORKER_FILE = __filename;

const profiles = new Map<string, VerificationProfile>();

/**
 * What a worker thread runs: `verifyEvidence` for each piece, with each profile
 * made once.
 *
 * @param verify - replaced in tests
 */
export function verifyPieces(
  { pieces, begun }: VerificationBatch,
  verify = verifyEvidence,
): PieceOutcome[] {
  const times = new BigInt64Array(begun);
  return pieces.map(
    ({ evidence, artifactDigest, options, profile: sent }, index) => {
      // The piece before is done; making a profile does not count.
      times[index] = clock();
      try {
        const profile = profileOf(sent);
        times[index] = clock();
        return {
          verification: verify(evidence, artifactDigest, profile, options),
        };
      } catch (error) {
        return { error: error as Error };
      }
    },
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
