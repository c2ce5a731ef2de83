import {
  Finding,
  Lookup,
  ParsedReference,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { ResolvedArtifact, SourcePorts } from '../resolve';

/**
 * Media type of what is assembled from cosign's older signature layout: JSON
 * with `bundle`, a Sigstore bundle with a message signature (`null` when its
 * parts cannot be read), and `payload`, the signed bytes in base64.
 *
 * @public
 */
export const EVIDENCE_SIMPLE_SIGNING =
  'application/vnd.cloudythings.sigstore.simple-signing.v1+json';

/**
 * Tells what is assembled from cosign's older layout by its form. The same
 * bytes are the same evidence, and anybody can attach them once more with
 * another media type: that must not decide how they are read.
 */
export function isSimpleSigning(
  json: object,
): json is { bundle: unknown; payload: unknown } {
  return 'bundle' in json && 'payload' in json && !('mediaType' in json);
}

/**
 * One piece of evidence as it was found. Nothing in it is verified yet.
 *
 * @public
 */
export type CollectedEvidence = {
  /** SHA-256 of `bytes`, with its `sha256:` prefix. */
  digest: string;
  /** A Sigstore bundle media type, or `EVIDENCE_SIMPLE_SIGNING`. */
  mediaType: string;
  bytes: Buffer;
  /** As the lookup that found it is called, such as `ghcr.io referrers`. */
  source: string;
  /** The artifact it was attached to, which it need not be about. */
  artifactDigest: string;
};

/**
 * What asking one or more sources gave.
 *
 * @public
 */
export type CollectResult = {
  /** One per question, whether it was answered or not. */
  lookups: Lookup[];
  evidence: CollectedEvidence[];
  /**
   * One per lookup that was not answered in full, and one per media type that
   * is not read.
   */
  findings: Finding[];
  /** How an object store keeps the evidence, where one says so. */
  storage?: StoredObject[];
};

/**
 * What evidence is collected for.
 *
 * @public
 */
export type CollectTarget = {
  reference: ParsedReference;
  artifact: ResolvedArtifact;
  /** Digests of evidence that is known to be sound; read before others. */
  known: ReadonlySet<string>;
  /**
   * Predicate types that policies name; what is annotated with one is read
   * next. Annotations are hints: they only change the order.
   */
  wantedTypes?: ReadonlySet<string>;
  /**
   * The repository on a GitHub whose evidence everybody may see who sees this
   * reference; none where the reference is anybody's.
   */
  repository?: { host: string; owner: string; name: string };
  /** What sources that were asked before found; for `afterOthers` only. */
  collected?: readonly CollectedEvidence[];
  /**
   * Gives what a source of this name had for this artifact, or for an index that
   * lists it, before, as far as it is stored; nothing where nobody stores it.
   */
  earlier?: (
    source: string,
    artifactDigest: string,
  ) => Promise<readonly StoredEvidence[]>;
};

/**
 * Evidence as it was found before.
 *
 * @public
 */
export type StoredEvidence = Pick<
  CollectedEvidence,
  'digest' | 'mediaType' | 'bytes'
>;

/**
 * A kind of place where evidence can lie. Sources speak of the digest that was
 * resolved, never of the tag again.
 *
 * @public
 */
export interface EvidenceSource {
  readonly name: string;
  /** Asked once the others answered, since it builds on what they found. */
  readonly afterOthers?: true;
  /** Whether this source has anything to ask for such a reference. */
  covers(reference: ParsedReference): boolean;
  /** Never throws: what went wrong is in the lookup. */
  collect(target: CollectTarget, ports: SourcePorts): Promise<CollectResult>;
}
