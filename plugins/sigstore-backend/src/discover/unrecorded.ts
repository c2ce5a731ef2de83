import {
  DeclaredReference,
  INPUT_ANNOTATIONS,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** Has spaces, so it begins like nothing that anybody can declare. */
const UNKNOWN = 'what the entity declares';

/** Stands for what an entity declares and what could not be written down. */
export const UNRECORDED: DeclaredReference = {
  kind: 'image',
  reference: `${UNKNOWN} now`,
  declaredBy: INPUT_ANNOTATIONS.image,
  problem:
    'it could not be recorded, so what is shown beside it may be out of date; the log of the backend says why',
};

/**
 * Stands for what an entity declares in a way that could not be read.
 *
 * @param title - of the source that failed
 * @param cause - in words
 */
export function unreadRow(title: string, cause: string): DeclaredReference {
  return {
    kind: 'image',
    reference: `${UNKNOWN} by ${title}`,
    declaredBy: title,
    problem: `it could not be read (${cause}), so what is shown of it may be out of date`,
  };
}

/**
 * Whether a row stands for what an entity declares and what is not known. It is
 * no reference that cannot be read: nothing is wrong with it.
 */
export function standsForUnknown(reference: string): boolean {
  return reference.startsWith(`${UNKNOWN} `);
}
