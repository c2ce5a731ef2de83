import {
  Signer,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * What was known of an artifact and its line before; read from what is stored.
 * Empty where nothing was.
 *
 * @public
 */
export type JudgeHistory = {
  /**
   * Of this very artifact, by the profiles and engine in force: verifications
   * of evidence that was seen and that no source has any more.
   */
  gone: Verification[];
  /**
   * Evidence that held for this artifact under an earlier profile of a trusted
   * root of the same name.
   */
  formerlySound: { evidenceDigest: string; trustedRoot: string }[];
  /**
   * The strongest evidence of an earlier artifact of the same line: what the
   * same entity declared, of the same kind, under the same name without tag,
   * version and digest.
   */
  predecessor?: {
    reference: string;
    digest: string;
    /** An allowed signer made it, when it was judged. */
    wasExpected: boolean;
    signer: Signer;
    predicateTypes: string[];
    signedAt?: string;
    /** What decided that. */
    evidenceDigest?: string;
  };
  /** When every source answered last. */
  answeredAt?: string;
};

/**
 * Nothing was known before.
 *
 * @public
 */
export const NO_HISTORY: JudgeHistory = { gone: [], formerlySound: [] };
