import type { Entity } from '@backstage/catalog-model';
import {
  ArtifactKind,
  MAX_REFERENCE_LENGTH,
  parseReference,
} from './artifacts';

/**
 * Annotations that people write on entities, one per artifact kind. All take
 * the same list: references separated by commas, spaces or line breaks.
 *
 * @public
 */
export const INPUT_ANNOTATIONS: Readonly<Record<ArtifactKind, string>> = {
  image: 'sigstore.dev/images',
  'terraform-plan': 'sigstore.dev/terraform-plans',
  'terraform-module': 'sigstore.dev/terraform-modules',
  manifest: 'sigstore.dev/manifests',
  'policy-bundle': 'sigstore.dev/policy-bundles',
  pipeline: 'sigstore.dev/pipelines',
};

/**
 * The annotation this project computes. Whatever a person writes there is
 * overwritten or removed by the catalog processor.
 *
 * @public
 */
export const STATUS_ANNOTATION = 'sigstore.dev/signature-status';

/**
 * One reference that an entity declares.
 *
 * @public
 */
export type DeclaredReference = {
  kind: ArtifactKind;
  /**
   * Canonical form when it could be read, else the text as written, cut off
   * where no reference could go on.
   */
  reference: string;
  /** The annotation it was read from. */
  declaredBy: string;
  /** Why it could not be read, in words; absent when it could. */
  problem?: string;
};

/**
 * Reads what an entity declares, in the order of the artifact kinds. The same
 * reference named twice counts once. A text that cannot be read is reported
 * with its problem, never dropped.
 *
 * @param entity - any catalog entity
 * @public
 */
export function readDeclaredReferences(entity: Entity): DeclaredReference[] {
  const annotations = entity.metadata.annotations ?? {};
  const seen = new Set<string>();
  const declared: DeclaredReference[] = [];
  for (const [kind, annotation] of Object.entries(INPUT_ANNOTATIONS)) {
    const text = annotations[annotation];
    if (typeof text !== 'string') continue;
    for (const written of text.split(/[\s,]+/).filter(Boolean)) {
      const result = parseReference(written);
      const reference = result.ok
        ? result.canonical
        : written.slice(0, MAX_REFERENCE_LENGTH);
      const key = `${kind} ${reference}`;
      if (seen.has(key)) continue;
      seen.add(key);
      declared.push({
        kind: kind as ArtifactKind,
        reference,
        declaredBy: annotation,
        ...(result.ok ? {} : { problem: result.problem }),
      });
    }
  }
  return declared;
}
