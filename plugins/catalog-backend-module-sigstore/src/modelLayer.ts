import { createCatalogModelLayer } from '@backstage/catalog-model/alpha';
import {
  ARTIFACT_KINDS,
  ENTITY_STATUSES,
  INPUT_ANNOTATIONS,
  STATUS_ANNOTATION,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * Declares the annotations of this project to the catalog's model, so that
 * tools which ask the catalog what an entity may hold learn of them. The
 * module does not add it by itself: a catalog with any declared model checks
 * all entities by that model instead of by its built-in kinds, which is for
 * the adopter to decide.
 *
 * @alpha
 */
export const sigstoreCatalogModelLayer = createCatalogModelLayer({
  layerId: 'sigstore.dev/annotations',
  builder: model => {
    for (const kind of ARTIFACT_KINDS) {
      model.addAnnotation({
        name: INPUT_ANNOTATIONS[kind],
        title: `Signed artifacts: ${kind}`,
        description: `References of the kind ${kind} that this entity uses, separated by commas, spaces or line breaks.`,
        schema: { jsonSchema: { type: 'string' } },
      });
    }
    model.addAnnotation({
      name: STATUS_ANNOTATION,
      title: 'Signature status',
      description: `Computed; what is written by hand is overwritten. One of ${ENTITY_STATUSES.join(
        ', ',
      )}.`,
      schema: { jsonSchema: { type: 'string' } },
    });
  },
});
