import type { Entity } from '@backstage/catalog-model';
import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * One artifact reference that an entity is found to use.
 *
 * @public
 */
export type MappedReference = {
  kind: ArtifactKind;
  /** As people write references in the annotations of this project. */
  reference: string;
  /** Why it cannot be told which artifact is meant, in words; shown as it is. */
  problem?: string;
};

/**
 * Tells which artifacts an entity uses from what the catalog says about it, such
 * as an annotation of another plugin.
 *
 * @public
 */
export interface ReferenceSource {
  /** Unique, in kebab-case. */
  readonly id: string;
  /**
   * What people read as the place a reference comes from, such as the name of
   * the annotation. Unique, at most 255 characters.
   */
  readonly title: string;
  /**
   * Annotations for whose sake entities are read that are no component, resource
   * or API; those are always read.
   */
  readonly annotations?: readonly string[];
  /**
   * Reads one entity. Pure: no network, no clock, nothing remembered; the same
   * entity gives the same references, so that what is gone is known to be gone.
   *
   * When it throws, what it gave for this entity before stays, beside a row that
   * is never green and says why; nothing else is affected.
   *
   * @param entity - as the catalog has it; of an API without its definition
   */
  references(entity: Entity): MappedReference[];
}
