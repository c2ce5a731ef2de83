import {
  DeclaredReference,
  INPUT_ANNOTATIONS,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * Stands for what an entity declares and what could not be written down. Has
 * spaces, so it is like nothing that anybody declares.
 */
export const UNRECORDED: DeclaredReference = {
  kind: 'image',
  reference: 'what the entity declares now',
  declaredBy: INPUT_ANNOTATIONS.image,
  problem:
    'it could not be recorded, so what is shown beside it may be out of date; the log of the backend says why',
};
